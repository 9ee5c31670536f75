"""What an analyst does with the page, in a real browser: choose, read, compare, wander, suppose, take away."""

from __future__ import annotations

import csv
import io
import json
import struct
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from tests.support.browsing import Visit, Visiting
from tests.support.syria import PRIOR_SETS, SYRIA

COLONEL = "view=profile&profile=sect:sunni,rank:colonel,unit:Republican+Guard"
PINS = "&pin=sect:sunni,rank:colonel&pin=sect:alawite,rank:brigadier,proximity:trusted"
FIGURES = ("risk", "density", "hazard", "contributions", "one-attribute-changed")
OUTLOOK_FIGURES = ("outlook-strength", "outlook-fan", "outlook-decisive", "outlook-at-least", "outlook-who")


def figure(name: str) -> str:
    """Return the selector of a figure."""
    return f"figure[data-figure='{name}']"


def test_words_synonyms_and_units_choose_a_profile(visit: Visit) -> None:
    """What is written in the vocabulary's words, synonyms and unit names is understood, and the lists say the same."""
    page = visit.go().page
    visit.after(lambda: page.fill("#words", "lt col, sunni, Republican Guard"))
    assert page.input_value("#choose-rank") == "colonel"
    assert page.input_value("#choose-eliteness") == "unit:Republican Guard"
    assert page.input_value("#choose-proximity") == ""
    expect(page.locator("#chooser")).to_contain_text("Sunni")
    assert "unit:Republican+Guard" in visit.hash()
    expect(page.locator(".who").first).to_have_text("Sunni colonel, Republican Guard")
    expect(page.locator(".facts")).to_contain_text("proximity")


def test_a_list_rewrites_the_words(visit: Visit) -> None:
    """Another level chosen in a list takes the place of the unit, and stands in the box in words."""
    page = visit.go(COLONEL).page
    visit.after(lambda: page.select_option("#choose-eliteness", "favoured"))
    assert page.input_value("#words") == "sunni, colonel, favoured"
    assert "unit" not in visit.hash()
    visit.after(lambda: page.select_option("#choose-sect", ""))
    expect(page.locator(".facts")).to_contain_text("sect, proximity")


def test_a_word_that_is_not_understood_gets_no_number(visit: Visit) -> None:
    """Typed or in an address, it is named with what is nearest, and no number stands there until it is dealt with."""
    page = visit.go().page
    visit.after(lambda: page.fill("#words", "brigadeer, alawite"))
    expect(page.locator("#understood")).to_contain_text("“brigadeer” is not a word of the vocabulary")
    expect(page.locator(".frequency:visible")).to_have_count(0)
    visit.after(lambda: page.get_by_role("button", name="Take “brigadier”").click())
    expect(page.locator(".who").first).to_have_text("Alawite brigadier")
    page.fill("#words", "sunni, alawite")
    expect(page.locator("#in-words")).to_contain_text("stated twice")
    visit.turn("sect=martian&rank=colonel")
    expect(page.locator("#understood")).to_contain_text("“martian” is no sect that is known here. Take “christian”")
    expect(page.locator(".frequency:visible")).to_have_count(0)
    visit.after(lambda: page.get_by_role("button", name="Leave it out").click())
    expect(page.locator(".who").first).to_have_text("Colonel")


def test_a_page_that_was_asked_nothing_has_questions_to_begin_with(visit: Visit) -> None:
    """Three, of named profiles: of one, of two and of a force; each leads to its answer."""
    page = visit.go().page
    links = page.locator(".worked a")
    expect(links).to_have_count(3)
    for at, view in enumerate(("profile", "compare", "outlook")):
        visit.after(lambda at=at: links.nth(at).click())
        expect(page.locator("nav a[aria-current]")).to_have_attribute("data-view", view)
        visit.after(page.go_back)


def test_what_is_said_is_what_the_service_answers(visit: Visit) -> None:
    """The frequency, the interval and the table are those of the answer; each drawing is named in words."""
    page = visit.page
    with page.expect_response("**/v1/assessments") as asked:
        visit.go(COLONEL)
    assessment = asked.value.json()["assessments"][0]
    middle, _, rest = assessment["in_words"].partition(" such officers; ")
    half, _, bounds = rest.partition(" (90 % interval: ")
    expect(page.locator(".frequency")).to_have_text(middle)
    expect(page.locator(".hero .reading")).to_contain_text(half)
    expect(page.locator(".hero .reading")).to_contain_text(f"90 % equal-tailed interval: {bounds.removesuffix(')')}")
    expect(page.locator("#spoken")).to_contain_text(assessment["in_words"])
    for name in FIGURES:
        drawing = page.locator(f"{figure(name)} svg[role=img]")
        assert len(drawing.get_attribute("aria-label") or "") > 20
    reasons = page.locator(f"{figure('contributions')} svg[role=img]").get_attribute("aria-label") or ""
    assert reasons.endswith(f"This profile {middle.removeprefix('about ')}.")
    page.click(f"{figure('contributions')} summary")
    rows = page.locator(f"{figure('contributions')} tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text("colonel")


def test_claims_show_their_words_on_hover_and_on_focus(visit: Visit) -> None:
    """A claim's quote and verdict stand beside it while it is pointed at or focused, and Escape takes them away."""
    page = visit.go(COLONEL).page
    first, second = (page.locator(".behind .claim").nth(index) for index in (0, 1))
    note = page.locator("#claim-note")
    first.hover()
    expect(note).to_contain_text(f"“words of {first.text_content()}”")
    expect(note).to_contain_text("Evidence: supported, hangs on E03's bound at 300.")
    page.mouse.move(5, 5)
    expect(note).to_be_hidden()
    first.focus()
    page.keyboard.press("Tab")
    expect(note).to_contain_text(f"“words of {second.text_content()}”")
    assert second.get_attribute("aria-describedby") == "claim-note"
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()


def test_the_window_is_asked_for(visit: Visit) -> None:
    """Other days are asked about and shared by address; the whole study is a press away; a wrong day asks nothing."""
    page = visit.go(COLONEL).page
    before = page.locator("#view-profile .hero").inner_text()
    with page.expect_request("**/v1/assessments") as asked:
        visit.after(lambda: (page.fill("#to", "2012-01-01"), page.dispatch_event("#to", "change")))
    assert asked.value.post_data_json["window"] == {"from": "2011-03-15", "to": "2012-01-01"}
    assert page.locator("#view-profile .hero").inner_text() != before
    assert "to=2012-01-01" in visit.hash()
    page.wait_for_load_state("networkidle")  # all that the press before asks for
    asked_so_far = len(visit.answers())
    page.fill("#to", "2030-01-01")
    page.dispatch_event("#to", "change")
    expect(page.locator("#fault-to")).to_be_visible()
    assert len(visit.answers()) == asked_so_far
    visit.after(lambda: page.click("#whole-window"))
    assert "to=" not in visit.hash()


def test_the_prior_set_is_switched(visit: Visit) -> None:
    """Where versions for several prior sets are published one may ask each; answer and address say which it is."""
    page = visit.go(COLONEL).page
    assert page.locator("#priors option").evaluate_all("options => options.map((each) => each.value)") == [*PRIOR_SETS]
    expect(page.locator("#version")).to_contain_text("prior set pooled")
    before = page.locator("#view-profile .hero").inner_text()
    visit.after(lambda: page.select_option("#priors", "stratfor"))
    expect(page.locator("#version")).to_contain_text("prior set stratfor")
    assert page.locator("#view-profile .hero").inner_text() != before
    assert f"version={page.locator('#version').inner_text().split()[1].removesuffix(',')}" in visit.hash()


def test_the_authors_own_fits_are_drawn(visit: Visit) -> None:
    """On the scale of risks the fit under each article alone stands below that under all, with its intervals."""
    page = visit.go(COLONEL).page
    expect(page.locator(".facts")).to_contain_text("posterior standard deviations apart")
    line = page.locator("[data-figure=risk]")
    told = line.locator("svg").first.get_attribute("aria-label") or ""
    assert told.index("This profile: ") < told.index("According to al-Kattan alone: median ") < told.index("All ")
    line.locator("summary").click()
    expect(line.locator("tbody tr")).to_have_count(4)


def test_pins_are_compared(visit: Visit) -> None:
    """Two pinned profiles stand side by side with the probability that one is the riskier; a pin can be let go."""
    page = visit.go(COLONEL).page
    visit.after(lambda: page.click("#pin"))
    visit.after(lambda: page.select_option("#choose-sect", "alawite"))
    visit.after(lambda: page.click("#pin"))
    with page.expect_response("**/v1/comparisons") as compared:
        visit.after(lambda: page.click("nav a[data-view=compare]"))
    chance = compared.value.json()["comparisons"][0]["probability_first_riskier"]
    expect(page.locator(".pins tbody tr")).to_have_count(2)
    shown = "> 0.999" if chance >= 0.9995 else f"{chance:.2f}" if chance < 0.995 else f"{chance:.3f}"
    expect(page.locator(".matrix tbody tr").first).to_contain_text(shown)
    expect(page.locator(".verdict-line")).to_contain_text("The riskier with probability")
    visit.after(lambda: page.get_by_role("button", name="Remove: 2.").click())
    expect(page.locator(".pins tbody tr")).to_have_count(1)
    visit.after(lambda: page.get_by_role("button", name="Show: 1.").click())
    assert page.input_value("#choose-sect") == "sunni"


def test_one_attribute_changed_leads_to_that_profile(visit: Visit) -> None:
    """Every other level of every attribute is drawn with its ratio, and each is a press away."""
    page = visit.go("view=profile&profile=sect:sunni,rank:colonel,eliteness:elite,proximity:outside").page
    page.click(f"{figure('one-attribute-changed')} summary")
    expect(page.locator(f"{figure('one-attribute-changed')} tbody tr")).to_have_count(5 + 7 + 2 + 3)
    page.select_option("#go-to", "rank|general")
    visit.after(lambda: page.get_by_role("button", name="Show", exact=True).click())
    assert page.input_value("#choose-rank") == "general"


def test_the_map_is_wandered_by_keys(visit: Visit) -> None:
    """Arrow keys move from cell to cell and stop at the edges, the cell is read out, Enter shows its profile."""
    page = visit.go("view=map&cell=0").page
    readout = page.locator(".readout")
    expect(readout).to_contain_text("Alawite conscript of ordinary units outside the core")
    page.focus(".wander")
    for key in ("ArrowLeft", "ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    expect(readout).to_contain_text("Alawite NCO of ordinary units in the trusted circle")
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(readout).to_contain_text("Sunni general of favoured units outside the core")
    expect(readout).to_contain_text("90 % equal-tailed interval")
    visit.after(lambda: page.keyboard.press("Enter"))
    expect(page.locator(".who").first).to_have_text("Sunni general of favoured units outside the core")


def test_the_map_is_wandered_by_pointer(visit: Visit) -> None:
    """A press on a cell reads it out and a double press shows its profile; the shade can be another."""
    page = visit.go("view=map").page
    expect(page.locator(".wander g[data-mark=cell] rect")).to_have_count(576)
    cell = page.locator(".wander g[data-mark=cell] rect").nth(100)
    cell.click()
    read = page.locator(".readout strong").inner_text()
    visit.after(lambda: page.select_option("#shade", "corps_share"))
    expect(page.locator(".readout strong")).to_have_text(read)
    visit.after(lambda: page.get_by_role("button", name="Show this profile").click())
    expect(page.locator(".who").first).to_have_text(read)


def test_an_outlook_says_how_many_and_how_probably_decisive(visit: Visit) -> None:
    """For all the forces: a fan, the probability of a decisive defection and of at least so many, and who leaves."""
    page = visit.page
    with page.expect_response("**/v1/outlooks") as asked:
        visit.go("view=outlook")
    answer = asked.value.json()
    assert answer["force"]["total"] == SYRIA.heads.all
    expected = answer["defections"]["mean"]
    expect(page.locator(".outlook-hero .frequency").nth(1)).to_have_text(f"about {float(f'{expected:.2g}'):,.0f} leave")
    chance = answer["decisive"]["probability"]
    expect(page.locator(".outlook-hero .frequency").first).to_contain_text(
        f"{chance:.2f}" if 0.1 <= chance < 0.995 else f"{chance:.3f}" if chance < 0.9995 else "> 0.999"
    )
    for name in OUTLOOK_FIGURES:
        assert page.locator(f"{figure(name)} svg[role=img]").count() == 1
    page.click(f"{figure('outlook-fan')} summary")
    expect(page.locator(f"{figure('outlook-fan')} tbody tr")).to_have_count(len(answer["over_time"]))


def test_what_cannot_happen_is_said_so(visit: Visit) -> None:
    """A force in which nobody's leaving would be decisive has no probability of that, but the reason."""
    page = visit.go("view=outlook&to=2012-07-01&force=listed&group=20*sect:sunni,rank:colonel").page
    hero = page.locator(".outlook-hero")
    expect(hero.locator(".frequency").first).to_have_text("cannot happen here")
    expect(hero).to_contain_text("No generals in the core and no generals of elite units among them.")
    expect(page.locator(figure("outlook-decisive"))).to_be_hidden()


def test_a_force_is_listed_in_words(visit: Visit) -> None:
    """Profiles are added to a force by words and head count, and taken off it; a class of service is a press away."""
    page = visit.go("view=outlook").page
    visit.after(lambda: page.check("input[value=listed]"))
    page.fill("#group-count", "7")
    page.fill("#group-words", "brig gen, alawite, AFI")
    # An answer that comes while something is being written leaves it alone.
    visit.after(lambda: page.check("#move-punish"))
    with page.expect_request("**/v1/outlooks") as asked:
        visit.after(lambda: page.get_by_role("button", name="Add", exact=True).click())
    assert asked.value.post_data_json["force"][1] == {
        "rank": "brigadier",
        "sect": "alawite",
        "unit": "Air Force Intelligence",
        "count": 7,
    }
    visit.after(lambda: page.get_by_role("button", name="Remove Sunni conscript").click())
    expect(page.locator(".listed li")).to_have_count(1)
    with page.expect_request("**/v1/outlooks") as asked:
        visit.after(lambda: page.check("input[value='class:officers']"))
    force = asked.value.post_data_json["force"]
    assert [group["rank"] for group in force] == ["lieutenant", "captain", "major", "colonel", "brigadier", "general"]
    assert abs(sum(group["count"] for group in force) - SYRIA.heads.by_class["officers"]) <= 3


def test_an_address_is_the_whole_question(visit: Visit, visiting: Visiting) -> None:
    """Whoever opens a shared address sees the same; Back leads to the question before."""
    page = visit.go(COLONEL + PINS + "&from=2012-01-01").page
    shown = page.locator("#view-profile .hero").inner_text()
    other = visiting()
    other.go(visit.hash())
    assert other.page.locator("#view-profile .hero").inner_text() == shown
    visit.after(lambda: page.select_option("#choose-rank", "captain"))
    visit.after(page.go_back)
    assert page.input_value("#choose-rank") == "colonel"
    assert page.locator("#view-profile .hero").inner_text() == shown


def test_nothing_is_kept_but_the_address(visit: Visit) -> None:
    """No cookie, nothing in storage."""
    page = visit.go(COLONEL + PINS).page
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_the_last_question_wins(visit: Visit) -> None:
    """Questions asked faster than they are answered leave the answer to the last."""
    page = visit.go(COLONEL).page
    page.evaluate("""() => {
        const choose = document.getElementById("choose-rank");
        for (const rank of ["conscript", "nco", "captain", "major", "general"]) {
            choose.value = rank;
            choose.dispatchEvent(new Event("change"));
        }
    }""")
    expect(page.locator(".who").first).to_have_text("Sunni general, Republican Guard")
    visit.wait_for_answers(2)
    expect(page.locator(".who").first).to_have_text("Sunni general, Republican Guard")


def test_figures_are_taken_away(visit: Visit) -> None:
    """The numbers come as CSV with the table's rows, the drawing as a PNG of some size that is not blank."""
    page = visit.go(COLONEL).page
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV: One attribute changed").click()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text(encoding="utf-8"))))
    assert rows[0][:3] == ["attribute", "now", "then"]
    version = page.locator("#version").inner_text().split()[1].removesuffix(",")
    whom = page.locator(".who").first.inner_text()
    assert rows[0][-5:] == ["profile", "window from", "window to", "prior set", "version"]
    assert all(row[-5:] == [whom, "2011-03-15", "2016-03-15", "pooled", version] for row in rows[1:])
    assert len(rows) > 15
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG: How sure: before and after the evidence").click()
    content = Path(saved.value.path()).read_bytes()
    assert saved.value.suggested_filename == "density.png"
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    assert width > 600
    assert height > 400
    assert len(content) > 8_000


def test_commands_ask_what_is_shown(visit: Visit) -> None:
    """The curl and Python commands, run as they are copied, are answered with what the page asked; R names it too."""
    page = visit.go().page
    page.click("#recipe summary")
    for state in (
        COLONEL,
        "view=compare" + PINS,
        "view=map",
        "view=outlook",
        "view=what-if",
        "view=articles",
        "view=sources",
    ):
        visit.turn(state)
        texts = {name: page.locator(f"[data-language={name}] code").inner_text() for name in ("curl", "Python", "R")}
        by_curl = subprocess.run(["/bin/sh", "-c", texts["curl"]], check=True, capture_output=True, timeout=20)
        by_python = subprocess.run([sys.executable, "-c", texts["Python"]], check=True, capture_output=True, timeout=20)
        answer = json.loads(by_curl.stdout)
        assert answer == json.loads(by_python.stdout)
        assert answer["model"]["priors"] == "pooled"
        assert visit.base in texts["R"]


def test_a_command_is_copied(visit: Visit) -> None:
    """A press puts the command on the clipboard, and so the link."""
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.go(COLONEL).page
    page.click("#recipe summary")
    page.get_by_role("button", name="Copy the R command").click()
    expect(page.locator("[data-language=R] [role=status]")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()").startswith("# version 2")
    page.click("#share")
    expect(page.locator("#share")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
