"""Moves on the page: switched, numbered, shared by address, drawn beside the outlook without them, given up."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Request, Route, expect

from tests.support.browsing import Visit, Visiting

FORCE = "view=outlook&to=2012-07-01&force=listed&group=200*sect:sunni,rank:colonel"
STRENGTH = "figure[data-figure=outlook-strength]"
WAITING = ".waiting"


def stated(request: Request) -> dict[str, Any]:
    """Return the question that a request asks."""
    body: dict[str, Any] = request.post_data_json or {}
    return body


def moves(request: Request) -> dict[str, Any]:
    """Return the moves that a request states."""
    found: dict[str, Any] = stated(request)["moves"]
    return found


def test_a_move_that_is_switched_on_is_drawn_beside_its_absence(visit: Visit) -> None:
    """Each is off at first and shows its claims; on, two curves of strength stand there, a ledger, and what changed."""
    page = visit.go(FORCE).page
    assert page.locator(".move [role=switch]:checked").count() == 0
    expect(page.locator("[data-move=watch]")).to_contain_text("Informers in the ranks")
    expect(page.locator("[data-move=watch] .claim")).to_have_text(["K08", "K09", "K14"])
    expect(page.locator(".changed")).to_be_hidden()
    line = page.locator(f"{STRENGTH} [stroke='var(--prior)']")
    expect(line).to_have_count(0)
    with page.expect_response("**/v1/outlooks") as asked:
        visit.after(lambda: page.check("#move-deaths"))
    answer = asked.value.json()
    assert moves(asked.value.request) == {"deaths": {}}
    assert line.count() > 0
    died = f"{answer['strength']['ledger']['died']:,.0f}"
    row = page.locator(".left-told tbody tr").filter(has_text="died")
    expect(row.locator("td")).to_have_text([died, "0", f"+{died}"])
    expect(page.locator(".changed")).to_contain_text(answer["moves"]["rests"]["supposed"])
    expect(page.locator(".left-told")).to_contain_text("A unit breaks, losing 10 % of 500")
    visit.after(lambda: page.get_by_role("button", name="None").click())
    expect(page.locator(".changed")).to_be_hidden()
    expect(line).to_have_count(0)


def test_a_typed_number_is_yours_and_an_empty_one_elicited(visit: Visit) -> None:
    """Empty, a field tells the study's interval and nothing is asked; typed, it is asked, and called the reader's."""
    page = visit.go(f"{FORCE}&watch=").page
    share = page.locator("#watch-share")
    whose = page.locator("[data-move=watch] .whose")
    expect(whose).to_have_text("elicited (inferred): 90 % between 0.05 and 0.6")
    with page.expect_request("**/v1/outlooks") as asked:
        visit.after(lambda: share.fill("0.2"))
    assert moves(asked.value) == {"watch": {"share": 0.2}}
    expect(whose).to_have_text("yours")
    assert "watch=share:0.2" in visit.hash()
    page.click(".rests summary")
    expect(page.locator(".in-force li")).to_contain_text("share stopped 0.2 (yours)")
    with page.expect_request("**/v1/outlooks") as asked:
        visit.after(lambda: share.fill(""))
    assert moves(asked.value) == {"watch": {}}
    expect(whose).to_contain_text("elicited")


@pytest.mark.parametrize("old", ["&reprisal=factor:0.5", "&incentive=factor:2,for+rank:general"])
def test_a_move_of_another_name_is_ignored(visit: Visit, old: str) -> None:
    """An address that names what is no move asks for none, and stands for no attribute either."""
    with visit.page.expect_request("**/v1/outlooks") as asked:
        visit.go(FORCE + old)
    assert moves(asked.value) == {}
    expect(visit.page.locator("#understood")).to_be_empty()


def test_whom_and_when_are_the_study_s_but_for_what_is_chosen(visit: Visit) -> None:
    """What is left open is not asked; what is chosen goes with the study's other words; the address holds it all."""
    page = visit.go(f"{FORCE}&offers=&militias=&purge=").page
    expect(page.locator("[data-move=militias] summary")).to_contain_text("from 1 Sept 2012, for good")
    page.locator("[data-move=offers] details").evaluate("(each) => { each.open = true; }")
    with page.expect_request("**/v1/outlooks") as asked:
        visit.after(lambda: page.select_option("#offers-for-sect", "sunni"))
    assert moves(asked.value)["offers"] == [{"of": {"sect": ["sunni"], "rank": ["officers"]}}]
    page.locator("[data-move=purge] details").evaluate("(each) => { each.open = true; }")
    with page.expect_request("**/v1/outlooks") as asked:
        visit.after(lambda: page.select_option("#purge-replaced_by", "nobody"))
    assert moves(asked.value)["purge"] == {"replaced_by": {}}
    again = visit.hash()
    page.reload()
    visit.wait_for_answers(1)
    assert visit.hash() == again
    expect(page.locator(".in-force li")).to_have_count(3)


def test_contagion_is_of_a_prior_or_of_one_s_own_ratio(visit: Visit) -> None:
    """Its ratio is that of a prior set until the reader states one; defections outside the force may come before."""
    page = visit.go(FORCE).page
    expect(page.locator("[data-move=contagion] .claim")).to_have_text(["K14", "S03", "S04"])
    visit.after(lambda: page.check("#move-contagion"))
    visit.after(lambda: page.get_by_label("Ratio from").select_option("stated"))
    visit.after(lambda: page.get_by_label("Ratio", exact=True).fill("1.5"))
    with page.expect_request("**/v1/outlooks") as asked:
        visit.after(lambda: page.get_by_label("Just left, by sect").select_option("sunni"))
    assert moves(asked.value)["contagion"] == {
        "ratio": 1.5, "months": 3, "services_weight": 1, "already": [{"sect": "sunni", "count": 1}],
    }  # fmt: skip
    page.click(".rests summary")
    expect(page.locator(".in-force li")).to_contain_text("ratio 1.5 (yours); for 3 months; 1 Sunni just left")


def test_more_may_count_as_decisive(visit: Visit) -> None:
    """Beside the probability stands, in the study's words, who else may be counted; it is asked and shared."""
    page = visit.go("view=outlook").page
    expect(page.locator(".widened")).to_contain_text("Count besides: brigadiers or generals of favoured or elite units")
    with page.expect_request("**/v1/outlooks") as asked:
        visit.after(lambda: page.check("#decisive-widened"))
    assert stated(asked.value)["decisive_widened"] is True
    expect(page.locator(".outlook-hero")).to_contain_text("or brigadiers or generals of favoured or elite units")
    assert "decisive=widened" in visit.hash()


def test_an_outlook_that_is_given_up_leaves_the_last_one(visit: Visit) -> None:
    """While it is asked its progress is told and a press gives it up: the last answer stays, and may be asked past."""
    page = visit.go(FORCE).page
    hero = page.locator(".outlook-hero").inner_text()
    expect(page.locator(WAITING)).to_be_hidden()
    held: list[Route] = []
    page.route("**/v1/outlooks", lambda route: held.append(route))  # noqa: PLW0108 - it looks at the signature
    page.check("#move-deaths")
    expect(page.locator(f"{WAITING} progress")).to_be_visible()
    expect(page.locator(f"{WAITING} [role=status]")).to_have_text("Asking…")
    page.focus(f"{WAITING} button")
    visit.after(lambda: page.keyboard.press("Enter"))
    expect(page.locator(f"{WAITING} progress")).to_be_hidden()
    expect(page.locator(f"{WAITING} [role=status]")).to_contain_text("Cancelled. What stands here")
    assert page.locator(".outlook-hero").inner_text() == hero
    expect(page.locator(".changed")).to_be_hidden()
    page.unroute("**/v1/outlooks")
    expect(page.get_by_role("button", name="Ask again")).to_be_focused()
    visit.after(lambda: page.keyboard.press("Enter"))
    expect(page.locator(WAITING)).to_be_hidden()
    expect(page.locator(".changed")).to_be_visible()


def test_a_wrong_number_is_said_at_its_field(visiting: Visiting) -> None:
    """What the service refuses of a move stands at the field that holds it."""
    page = visiting(allowed=("status of 422",)).go(f"{FORCE}&watch=share:7", answered=False).page
    fault = page.locator("#fault-watch-share")
    expect(fault).to_have_text("Must be from 0.0 to 1.0; nearest: 1.0")
    expect(fault).to_be_visible()
    expect(page.locator(".outlook-hero")).to_be_hidden()
