"""An archive with a small synthetic version in it, and the application that serves it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from model.archive import Archive
from priors.study import load_study
from priors.vocabulary import Vocabulary
from service import Settings, create_app
from tests.service.publishing import publish


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """Return the words and the study."""
    return load_study().vocabulary


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings whose archive holds one version, with a report."""
    home = tmp_path_factory.mktemp("served")
    publish(Archive(home), named=True, files={"report.html": b"<!doctype html><title>Report</title>"})
    return Settings(home=home)


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    """Return the application that serves it."""
    return create_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client of that application."""
    return app.test_client()


@pytest.fixture
def empty(tmp_path: Path) -> FlaskClient:
    """Return a client of a service that has no model."""
    return create_app(Settings(home=tmp_path)).test_client()
