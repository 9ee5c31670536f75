"""Settings are read once and checked; nothing listens beyond loopback unasked; gunicorn is set as it must be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service import Settings, create_app
from service.errors import KeyFileError, SettingsError, UnsafeBindError
from service.gunicorn_settings import gunicorn_options, run
from service.security.binding import bound
from service.security.keys import KeyFile, Scope
from service.worker import Worker


def test_the_defaults_need_no_environment() -> None:
    """With nothing set the archive is var/ and a body may have two mebibytes."""
    assert Settings.from_environment({}) == Settings(home=Path("var"), body_limit=2 << 20)


def test_the_environment_is_read() -> None:
    """Each variable sets what it names."""
    environment = {
        "DEFECTION_RISK_HOME": "/archive",
        "DEFECTION_RISK_BODY_LIMIT": "1000",
        "DEFECTION_RISK_RECHECK_SECONDS": "5",
        "DEFECTION_RISK_RETRY_SECONDS": "60",
    }
    expected = Settings(home=Path("/archive"), body_limit=1000, recheck_seconds=5, retry_seconds=60)
    assert Settings.from_environment(environment) == expected


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "1e3", "1_000", " 5", "\u0665", "9" * 5000, "99999999999"])
@pytest.mark.parametrize(
    "name", ["DEFECTION_RISK_BODY_LIMIT", "DEFECTION_RISK_RECHECK_SECONDS", "DEFECTION_RISK_RETRY_SECONDS"]
)
def test_a_setting_that_makes_no_sense_is_refused(name: str, text: str) -> None:
    """A number that is none, or out of range, is an error that names the variable and the rule."""
    with pytest.raises(SettingsError, match=f"{name}: must be a whole number from 1 to"):
        Settings.from_environment({name: text})


def test_the_factory_reads_the_environment(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without settings the application is made from the environment, at that moment and not later."""
    monkeypatch.setenv("DEFECTION_RISK_HOME", str(settings.home))
    client = create_app().test_client()
    monkeypatch.setenv("DEFECTION_RISK_HOME", str(tmp_path))
    assert client.get("/readyz").status_code == 200


def test_the_door_is_read_from_the_environment() -> None:
    """Keys, rate, Redis, names, sites and proxies are each what their variable says."""
    environment = {
        "DEFECTION_RISK_KEYS": "/etc/keys.json",
        "DEFECTION_RISK_RATE_LIMIT": " 600/Minute ",
        "DEFECTION_RISK_LIMIT_STORAGE": "redis://:secret@redis:6379/0",
        "DEFECTION_RISK_TRUSTED_HOSTS": "Risk.Example, .inner.example,[::2]",
        "DEFECTION_RISK_CORS_ORIGINS": "https://a.example,http://localhost:3000",
        "DEFECTION_RISK_PROXIES": "1",
    }
    assert Settings.from_environment(environment) == Settings(
        key_file=Path("/etc/keys.json"),
        rate_limit="600/minute",
        limit_storage="redis://:secret@redis:6379/0",
        trusted_hosts=("risk.example", ".inner.example", "[::2]"),
        cors_origins=("https://a.example", "http://localhost:3000"),
        proxies=1,
    )
    assert Settings.from_environment({"DEFECTION_RISK_RATE_LIMIT": "off"}).rate_limit is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(
            ("DEFECTION_RISK_RATE_LIMIT", text)
            for text in ("600", "0/minute", "-1/second", "1/fortnight", "1/minute;2/hour", "x/minute", "1.5/second")
        ),
        *(("DEFECTION_RISK_LIMIT_STORAGE", text) for text in ("secret", "memory://", "http://redis", "redis://")),
        *(("DEFECTION_RISK_TRUSTED_HOSTS", text) for text in ("a b", "http://a.example", "a.example:80", "*.a", "..")),
        *(("DEFECTION_RISK_CORS_ORIGINS", text) for text in ("*", "null", "a.example", "https://a.example/")),
        *(("DEFECTION_RISK_PROXIES", text) for text in ("-1", "9", "x", "true")),
    ],
)
def test_a_door_that_makes_no_sense_is_refused(name: str, text: str) -> None:
    """A value that is none is an error that names the variable and does not quote it: it may hold a password."""
    with pytest.raises(SettingsError, match=f"^{name}: must be ") as caught:
        Settings.from_environment({name: text})
    assert "secret" not in str(caught.value)


def test_beyond_loopback_there_are_keys_or_the_word_of_the_operator(tmp_path: Path) -> None:
    """Without keys a public address is refused, with how to make one; with keys, or outright, it is taken."""
    public = "0.0.0.0"  # noqa: S104 - nothing binds here
    with pytest.raises(UnsafeBindError, match=r"nearest: 127\.0\.0\.1.*keys new"):
        bound(Settings(), host=public)
    assert bound(Settings(), host=public, allow_public=True).trusted_hosts == ("*",)
    keys = KeyFile(tmp_path / "keys.json")
    keys.add("reader", Scope.ASSESS, now=datetime(2026, 11, 21, tzinfo=UTC))
    guarded = Settings(key_file=keys.path, trusted_hosts=("risk.example",))
    assert bound(guarded, host=public) == guarded
    assert bound(Settings(), host="127.0.0.1") == Settings()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - nothing binds here
def test_a_key_file_is_looked_at_before_the_service_starts(tmp_path: Path, host: str) -> None:
    """A key file that is missing or damaged stops the start, wherever it binds and whatever is allowed."""
    for content in (None, "{"):
        file = tmp_path / "keys.json"
        if content is not None:
            file.write_text(content)
        with pytest.raises(KeyFileError, match=r"keys\.json"):
            bound(Settings(key_file=file), host=host, allow_public=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_is_allowed(host: str) -> None:
    """The machine itself may always ask."""
    assert bound(Settings(), host=host) == Settings()


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "", "10.0.0.1", "192.168.1.1", "example.org", "localhost.example.org", "2130706433"],  # noqa: S104
)
def test_beyond_loopback_is_refused_unless_asked_for(host: str) -> None:
    """Without a key to guard it the service listens beyond loopback only when told so outright."""
    with pytest.raises(UnsafeBindError, match=r"nearest: 127\.0\.0\.1"):
        run(Settings(), host=host, port=1, workers=1)
    assert bound(Settings(), host=host, allow_public=True)


def test_gunicorn_is_set_as_the_service_needs() -> None:
    """Threads, no preloading, no control socket; an IPv6 address in brackets."""
    options = gunicorn_options(host="::1", port=8000, workers=3)
    assert options["bind"] == "[::1]:8000"
    assert (options["workers"], options["worker_class"], options["threads"]) == (3, Worker, 16)
    assert options["control_socket_disable"] is True
    assert options["preload_app"] is False
