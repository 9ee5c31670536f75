"""What deploy/ holds is valid by its own schemas, hardened, and speaks of this service."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from compose_spec import PyCompose

from service.settings import Settings
from tests.support.fronts import CONFIGURATION, configuration, require_nginx
from tests.support.servers import PROJECT

DEPLOY = PROJECT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
MANIFESTS = [
    pytest.param(manifest, id=f"{path.stem}-{manifest['kind']}")
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for manifest in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]
RELEASE = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
OLDEST, NEWEST = "1.30", kubernetes_validate.latest_version()


def pods() -> Iterator[dict[str, Any]]:
    """Yield the specification of each pod."""
    for manifest in (case.values[0] for case in MANIFESTS):
        spec = manifest.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            yield spec["template"]["spec"]


def containers() -> list[dict[str, Any]]:
    """Return all containers of all pods."""
    return [container for pod in pods() for container in pod["containers"]]


@pytest.mark.parametrize("release", [OLDEST, NEWEST])
@pytest.mark.parametrize("manifest", MANIFESTS)
def test_each_manifest_is_valid(manifest: dict[str, Any], release: str) -> None:
    """Kubernetes knows every field, in the oldest release we speak of and in the newest."""
    kubernetes_validate.validate(manifest, release, strict=True)


def test_a_slip_of_the_pen_would_be_noticed() -> None:
    """The validators refuse a field that is misspelt and a value that is none."""
    deployment = copy.deepcopy(next(case.values[0] for case in MANIFESTS if case.values[0]["kind"] == "Deployment"))
    deployment["spec"]["template"]["spec"]["containers"][0]["readinesProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError, match="readinesProbe"):
        kubernetes_validate.validate(deployment, NEWEST, strict=True)
    changes = (
        ({"readonly": True}, "readonly"),
        ({"stop_grace_period": "soon"}, "duration"),
        ({"user": ["x"]}, "expected a string"),
    )
    for change, told in changes:
        changed = copy.deepcopy(COMPOSE)
        changed["services"]["service"] |= change
        with pytest.raises(ValueError, match=told):
            PyCompose.from_json(json.dumps(changed))


def test_the_compose_file_is_valid() -> None:
    """The Compose Specification knows every field, and every name that is referred to is there."""
    assert set(PyCompose.from_json(json.dumps(COMPOSE)).service_names()) == {"service", "front", "redis", "refit"}
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"])
        named = {volume.partition(":")[0] for volume in service.get("volumes", []) if not volume.startswith(".")}
        assert named <= set(COMPOSE["volumes"])


def test_the_kustomization_names_every_file() -> None:
    """What is in the folder is applied, and what is applied is there."""
    kustomization = yaml.safe_load((DEPLOY / "kustomization.yaml").read_text(encoding="utf-8"))
    assert set(kustomization["resources"]) == {f"kubernetes/{path.name}" for path in DEPLOY.glob("kubernetes/*.yaml")}
    generated = {each["name"]: each["files"] for each in kustomization["configMapGenerator"]}
    assert generated == {"front": [CONFIGURATION.name]}


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    """`nginx -t` finds nothing to say about it."""
    file = tmp_path / "nginx.conf"
    file.write_text(configuration(tmp_path, port=8080, upstreams=[8000]), encoding="utf-8")
    root = ["-g", "user root;"] if os.geteuid() == 0 else []
    command = [require_nginx(), "-t", "-q", "-p", str(tmp_path), "-c", str(file), "-e", "stderr", *root]
    tried = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (tried.returncode, tried.stdout + tried.stderr) == (0, "")


def test_every_pod_is_hardened() -> None:
    """No root, no privileges, nothing written but to named volumes, bounded memory and processor, no token."""
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        assert {mount["name"] for container in pod["containers"] for mount in container["volumeMounts"]} == {
            volume["name"] for volume in pod["volumes"]
        }
    for container in containers():
        context = container["securityContext"]
        assert context["readOnlyRootFilesystem"] is True
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert {"cpu", "memory"} <= set(container["resources"]["limits"])


def test_every_compose_service_is_hardened() -> None:
    """The same of the compose file; and only loopback is published."""
    for service in COMPOSE["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert {"cpus", "memory"} <= set(service["deploy"]["resources"]["limits"])
        assert not service["user"].startswith("0")
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_every_image_of_others_stands_by_its_digest() -> None:
    """A tag can come to mean another image overnight, a digest cannot. Of our own two, what serves takes the small."""
    ours = {"service": f"defection-risk:{RELEASE}-serve", "refit": f"defection-risk:{RELEASE}"}
    dockerfile = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    stages = set(re.findall(r"^FROM .* AS (\S+)$", dockerfile, re.MULTILINE))
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) <= {"${PYTHON}", *stages}
    images = [("python", image) for image in re.findall(r"^ARG PYTHON=(\S+)$", dockerfile, re.MULTILINE)]
    images += [(name, service["image"]) for name, service in COMPOSE["services"].items()]
    images += [(container["name"], container["image"]) for container in containers()]
    for name, image in images:
        assert image == ours.get(name) or re.fullmatch(r"docker\.io/library/\w+@sha256:[0-9a-f]{64}", image), image


def test_what_serves_only_reads_the_archive() -> None:
    """Only the refit may write to it."""
    for container in containers():
        read_only = [mount.get("readOnly", False) for mount in container["volumeMounts"] if mount["name"] == "archive"]
        assert read_only in ([], [container["name"] != "refit"])
    assert "archive:/var/lib/defection-risk:ro" in COMPOSE["services"]["service"]["volumes"]


def test_every_pod_that_serves_is_probed() -> None:
    """The service has all three probes, under a name that it answers to; the front goes before the service does."""
    by_name = {container["name"]: container for container in containers()}
    service = by_name["service"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert service[probe]["httpGet"]["httpHeaders"] == [{"name": "Host", "value": "127.0.0.1"}]
    stops = {name: by_name[name]["lifecycle"]["preStop"]["sleep"]["seconds"] for name in ("service", "front")}
    assert stops["front"] < stops["service"]


def test_every_variable_is_one_of_ours() -> None:
    """A setting that the service does not know would be passed over in silence."""
    known = set(re.findall(r"DEFECTION_RISK_[A-Z_]+", (PROJECT / "service" / "settings.py").read_text("utf-8")))
    used = set(COMPOSE["services"]["service"]["environment"])
    used |= {entry["name"] for container in containers() for entry in container.get("env", [])}
    assert used <= known
    environment = {entry["name"]: entry["value"] for container in containers() for entry in container.get("env", [])}
    Settings.from_environment(environment)
    Settings.from_environment(COMPOSE["services"]["service"]["environment"])


def test_the_front_takes_bodies_as_large_as_the_service_does() -> None:
    """What the front lets in the service reads, and the other way round."""
    (limit,) = re.findall(r"client_max_body_size (\d+)m;", CONFIGURATION.read_text(encoding="utf-8"))
    assert int(limit) << 20 == Settings().body_limit
