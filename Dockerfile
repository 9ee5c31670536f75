# Two images that serve alike: one also fits, reports and scores, the other leaves out what only that needs.
#   docker build -t defection-risk:0.1.0 .
#   docker build -t defection-risk:0.1.0-serve --target serve .
# The first model, and each later one, by the former; then the service, by either:
#   docker run --rm --read-only --tmpfs /tmp -v defection-risk:/var/lib/defection-risk defection-risk:0.1.0 \
#     defection-risk refit
#   docker run --read-only --tmpfs /tmp -v defection-risk:/var/lib/defection-risk -p 127.0.0.1:8000:8000 \
#     defection-risk:0.1.0-serve

# python:3.13-slim
ARG PYTHON=docker.io/library/python@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285

FROM ${PYTHON} AS tools
WORKDIR /build
COPY requirements requirements
RUN python -m venv tools \
 && tools/bin/pip install --no-cache-dir --require-hashes -r requirements/tools.txt \
 && python -m venv --without-pip /opt/defection-risk


FROM tools AS wheel
COPY . source
RUN tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir wheel ./source


FROM tools AS serving
RUN tools/bin/pip --python /opt/defection-risk/bin/python install --no-cache-dir --require-hashes \
    -r requirements/serve.txt
COPY --from=wheel /build/wheel wheel
RUN tools/bin/pip --python /opt/defection-risk/bin/python install --no-cache-dir --no-deps wheel/*.whl


FROM tools AS fitting
RUN tools/bin/pip --python /opt/defection-risk/bin/python install --no-cache-dir --require-hashes \
    -r requirements/fit.txt
COPY --from=wheel /build/wheel wheel
RUN tools/bin/pip --python /opt/defection-risk/bin/python install --no-cache-dir --no-deps wheel/*.whl


FROM ${PYTHON} AS host
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin defection-risk \
 && install -d -o defection-risk -g defection-risk /var/lib/defection-risk

# The root may be read-only: the archive is the volume, and whatever is written besides goes to /tmp.
ENV PATH=/opt/defection-risk/bin:$PATH \
    DEFECTION_RISK_HOME=/var/lib/defection-risk \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1

USER defection-risk
WORKDIR /tmp
VOLUME /var/lib/defection-risk
EXPOSE 8000

# Kept in images of docker's own format only (buildah: --format docker).
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]

# A container's loopback is its own, so the service must bind beyond it, and --allow-public says so outright:
# publish the port on the host's loopback, or put a proxy in front of it.
CMD ["defection-risk", "serve", "--host", "0.0.0.0", "--port", "8000", "--allow-public"]


FROM host AS serve
COPY --from=serving /opt/defection-risk /opt/defection-risk


FROM host AS full
COPY --from=fitting /opt/defection-risk /opt/defection-risk
ENV MPLCONFIGDIR=/tmp/matplotlib \
    NUMBA_CACHE_DIR=/tmp/numba \
    PYTENSOR_FLAGS=base_compiledir=/tmp/pytensor,cxx=
