"""What the page shows when there is no answer: loading, no model, a key wanted, an error, no connection."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Route, expect

from model.archive import Archive
from service.security.keys import KeyFile, Scope
from tests.service.publishing import publish
from tests.support.browsing import Visit, Visiting
from tests.support.servers import running
from tests.support.serving import serving

COLONEL = "view=profile&profile=sect:sunni,rank:colonel"
NOTICE = "#notice .notice"


def test_loading_is_said(visit: Visit) -> None:
    """Until the first answer has come the page says that it asks, to those who see and to those who hear."""
    held: list[Route] = []
    page = visit.page
    page.route("**/v1/assessments", lambda route: held.append(route))  # noqa: PLW0108 - it looks at the signature
    visit.go(COLONEL, answered=False)
    visit.wait(lambda: held)
    expect(page.locator("#notice")).to_have_text("Asking…")
    expect(page.locator("#notice")).to_have_attribute("role", "status")
    expect(page.locator("main")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    visit.wait_for_answers(1)
    expect(page.locator("#notice")).to_be_empty()
    assert page.locator("main").get_attribute("aria-busy") is None


def test_without_a_model_the_page_says_how_to_make_one_and_waits(tmp_path: Path, visiting: Visiting) -> None:
    """The service's own words, with the command, stand there; when a model is published it answers without a press."""
    archive = Archive(tmp_path / "archive")
    with running(archive.home, log=tmp_path / "log", workers=1) as server:
        visit = visiting(base=f"http://127.0.0.1:{server.port}", allowed=("status of 503",))
        page = visit.go(COLONEL, answered=False).page
        expect(page.locator(NOTICE)).to_have_attribute("data-kind", "no-model")
        expect(page.locator(f"{NOTICE} code").first).to_contain_text("defection-risk")
        expect(page.locator("#question")).to_be_hidden()
        publish(archive)
        visit.wait_for_answers(1)
        expect(page.locator(".who").first).to_have_text("Sunni colonel")
        expect(page.locator(NOTICE)).to_have_count(0)


def test_a_key_is_asked_for_and_kept_for_the_tab_alone(tmp_path: Path, visiting: Visiting) -> None:
    """Without a key, and after a wrong one, the page asks; the right one opens, and is gone with the tab."""
    publish(Archive(tmp_path / "archive"))
    keys = KeyFile(tmp_path / "keys.json")
    token = keys.add("reader", Scope.ASSESS, now=datetime(2026, 11, 21, tzinfo=UTC))
    with serving(tmp_path / "archive", KEYS=str(keys.path)) as port:
        visit = visiting(base=f"http://127.0.0.1:{port}", allowed=("status of 401",))
        page = visit.go(COLONEL, answered=False).page
        expect(page.locator(NOTICE)).to_have_attribute("data-kind", "key")
        expect(page.locator("#key")).to_be_focused()
        page.fill("#key", "wrong")
        page.keyboard.press("Enter")
        expect(page.locator(NOTICE)).to_contain_text("revoked")
        page.fill("#key", token)
        visit.after(lambda: page.keyboard.press("Enter"))
        expect(page.locator(".who").first).to_have_text("Sunni colonel")
        assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 1]
        assert token not in page.url
        page.click("#recipe summary")
        assert all(token not in text for text in page.locator("#commands code").all_inner_texts())
        expect(page.locator("[data-language=curl] code")).to_contain_text("Bearer $DEFECTION_RISK_KEY")
        other = page.context.new_page()
        other.goto(page.url)
        expect(other.locator(NOTICE)).to_have_attribute("data-kind", "key")


def test_the_report_is_had_with_the_key(tmp_path: Path, visiting: Visiting) -> None:
    """Where keys are asked for, the link to the report saves it as a file; a revoked key is asked for anew."""
    report = b"<!doctype html><title>Report</title>"
    publish(Archive(tmp_path / "archive"), files={"report.html": report})
    keys = KeyFile(tmp_path / "keys.json")
    token = keys.add("reader", Scope.ASSESS, now=datetime(2026, 11, 21, tzinfo=UTC))
    with serving(tmp_path / "archive", KEYS=str(keys.path)) as port:
        visit = visiting(base=f"http://127.0.0.1:{port}", allowed=("status of 401",))
        page = visit.go(COLONEL, answered=False).page
        page.fill("#key", token)
        visit.after(lambda: page.keyboard.press("Enter"))
        with page.expect_download() as saved:
            page.get_by_role("link", name="Report of the fit").click()
        assert saved.value.suggested_filename == "defection-risk-report.html"
        assert saved.value.path().read_bytes() == report
        keys.revoke("reader")
        page.get_by_role("link", name="Report of the fit").click()
        expect(page.locator(NOTICE)).to_have_attribute("data-kind", "key")


def test_a_refusal_is_told_at_the_field_and_gets_no_number(visiting: Visiting) -> None:
    """What is wrong stands at the field in its own words, no number beside it, and the next answer clears both."""
    visit = visiting(allowed=("status of 422",))
    page = visit.go(f"{COLONEL}&from=2013-01-01").page
    page.evaluate("history.replaceState(null, '', '#view=profile&profile=sect:sunni&from=2014-01-01&to=2013-01-01')")
    page.evaluate("dispatchEvent(new Event('hashchange'))")
    expect(page.locator(NOTICE)).to_have_attribute("data-kind", "error")
    expect(page.locator("#fault-to")).to_contain_text("Must come after from")
    expect(page.locator(".frequency:visible")).to_have_count(0)
    visit.after(lambda: page.click("#whole-window"))
    expect(page.locator(f"{NOTICE}, #fault-to")).to_have_count(0)


def test_offline_the_last_answer_stays_and_the_next_comes_by_itself(visiting: Visiting) -> None:
    """Without a connection the page says so and keeps what it has; when there is one again, it asks again."""
    visit = visiting(allowed=("ERR_INTERNET_DISCONNECTED",), apart=True)
    page = visit.go(COLONEL).page
    page.context.set_offline(True)
    page.select_option("#choose-rank", "general")
    expect(page.locator(NOTICE)).to_have_attribute("data-kind", "offline")
    expect(page.locator(f"{NOTICE} h2")).to_have_text("You are offline")
    expect(page.locator(".who").first).to_have_text("Sunni colonel")
    visit.after(lambda: page.context.set_offline(False))
    expect(page.locator(".who").first).to_have_text("Sunni general")
    expect(page.locator(NOTICE)).to_have_count(0)


def test_a_failure_of_the_service_can_be_tried_again(visiting: Visiting) -> None:
    """After a failed answer a press asks anew."""
    visit = visiting(allowed=("status of 500",))
    problem = '{"type": "about:blank", "title": "Internal Server Error", "status": 500, "detail": "Tell the operator."}'
    page = visit.page
    page.route("**/v1/assessments", lambda route: route.fulfill(status=500, body=problem), times=1)
    visit.go(COLONEL, answered=False)
    expect(page.locator(NOTICE)).to_contain_text("Tell the operator.")
    visit.after(lambda: page.get_by_role("button", name="Try again").click())
    expect(page.locator(".who").first).to_have_text("Sunni colonel")


def test_a_copied_link_stays_put(tmp_path: Path, visiting: Visiting) -> None:
    """After three refits, in a service that has begun anew, it shows the same numbers and says who answered them; the
    newest is a press away, and what is no longer kept is told.
    """
    archive = Archive(tmp_path / "archive")
    first = publish(archive, passed=True)
    with running(archive.home, log=tmp_path / "log", workers=1) as server:
        visit = visiting(base=f"http://127.0.0.1:{server.port}", apart=True)
        visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = visit.go(COLONEL).page
        expect(page.locator("#newer")).to_be_hidden()
        page.click("#share")
        expect(page.locator("#share")).to_have_text("Copied")
        _, _, link = page.evaluate("navigator.clipboard.readText()").partition("#")
        assert link == f"{COLONEL}&version={first}"
        shown = page.locator("#view-profile").inner_text()
    last = [publish(archive, seed=seed, passed=True) for seed in (2, 3, 4)][-1]
    with running(archive.home, log=tmp_path / "again", workers=1) as server:
        visit = visiting(base=f"http://127.0.0.1:{server.port}", allowed=("status of 404",))
        page, newer = visit.go(link).page, visit.page.locator("#newer")
        assert page.locator("#view-profile").inner_text() == shown
        expect(page.locator("#version")).to_have_text(f"Version {first}, prior set pooled")
        expect(page.get_by_role("link", name="Report of the fit")).to_have_attribute("href", f"/report/{first}")
        expect(newer).to_contain_text(f"As answered by {first}; a newer one exists.")
        newer.get_by_role("button", name="Stay with it").click()
        visit.after(lambda: page.select_option("#choose-rank", "general"))
        assert f"version={first}" in visit.hash()
        expect(newer).to_be_hidden()
        page.reload()
        visit.after(lambda: newer.get_by_role("button", name="Ask the newest").click())
        expect(page.locator("#version")).to_contain_text(last)
        expect(newer).to_be_hidden()
        shutil.rmtree(archive.home / "versions" / first)
        visit.wait(lambda: page.evaluate(f"fetch('/v1/model?version={first}').then((answer) => answer.status)") == 404)
        page.goto(f"{visit.base}/#{link}")
        expect(page.locator(NOTICE)).to_have_attribute("data-kind", "gone")
        expect(page.locator(NOTICE)).to_contain_text(last)
        visit.after(lambda: page.get_by_role("button", name="Ask the newest").click())
        assert visit.hash() == f"{COLONEL}&version={last}"
