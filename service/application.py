"""The application factory: settings in, a Flask application out."""

from __future__ import annotations

import os

from flask import Flask

from model.archive import Archive
from service import api
from service.observability import requests
from service.observability.metrics import Metrics
from service.security import access, browsers
from service.settings import Settings
from service.versions import Versions


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application.

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
    app.extensions["metrics"] = counted = Metrics()
    app.extensions["versions"] = Versions(Archive(settings.home), settings=settings, watch=counted.notice)
    requests.init_app(app)  # before all else that hooks into requests
    browsers.init_app(app, settings)
    access.init_app(app, settings)
    api.init_app(app)
    return app
