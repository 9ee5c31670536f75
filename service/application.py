"""The application factory: settings in, a Flask application out."""

from __future__ import annotations

import os

from flask import Flask

from model.archive import Archive
from priors.vocabulary import load_vocabulary
from service import access, api, browsers, observation, request_ids
from service.api import bodies, problems
from service.api.turns import Turns
from service.metrics import Metrics
from service.settings import Settings
from service.versions import Versions


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application.

        POST /v1/assessments        the risk of 1 to 10,000 profiles
        POST /v1/comparisons        which of two profiles is the riskier, for 1 to 1,000 pairs
        POST /v1/counterfactuals    each profile against all that differ from it in one attribute
        POST /v1/distributions      the density of the risk of 1 to 20 profiles, and hazards over time
        POST /v1/outlooks           how many of a force defect, and what levers would change
        POST /v1/surprises          how probable each article made 1 to 20 cases that did happen
        GET  /v1/cells              the risk of every cell
        GET  /v1/vocabulary         levels with definitions and synonyms
        GET  /v1/claims             the ledger of claims
        GET  /v1/model              version, priors, evidence
        GET  /v1/model/diagnostics  the checks of the fit
        GET  /report                the ArviZ report of the version being served
        GET  /                      the page for people, and /static/ what it is made of
        GET  /livez, /readyz        whether the process, and the model in it, can answer
        GET  /metrics               what was counted, for Prometheus

    The model is loaded at the first request that needs it, so that a service without one starts and says so.

    Parameters
    ----------
    settings : Settings, optional
        Read from the environment where not given.

    Raises
    ------
    SettingsError
        If a variable of the environment holds no allowed value.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_limit
    # Else a path with a slash too many is a redirect, which quotes it and drops the body of a POST.
    app.url_map.merge_slashes = False
    words = load_vocabulary()
    app.extensions["vocabulary"] = words
    app.extensions["metrics"] = counted = Metrics()
    app.extensions["versions"] = Versions(Archive(settings.home), words, settings=settings, watch=counted.notice)
    app.extensions["turns"] = Turns()
    observation.init_app(app)
    problems.init_app(app)
    bodies.init_app(app)
    request_ids.init_app(app)
    browsers.init_app(app, settings)
    access.init_app(app, settings)
    api.init_app(app)
    return app
