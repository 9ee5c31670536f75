"""An archive in a temporary folder, with a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model.archive import Archive

Publish = Callable[..., str]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an empty archive whose clock stands at one moment."""
    return Archive(tmp_path / "home", clock=lambda: datetime(2026, 11, 21, 9, 30, tzinfo=UTC))


@pytest.fixture
def publish(archive: Archive) -> Publish:
    """Return a function that publishes a small version with the given text in it."""

    def publish_text(text: str = "table", **fields: object) -> str:
        with archive.draft() as draft:
            (draft.path / "risk_table.npz").write_text(text)
            (draft.path / "model_card.md").write_text(f"# {text}")
            return draft.publish({"prior_set": "pooled", **fields})

    return publish_text
