// The claims behind a number: a mark for each, and its words on hover, on focus and on touch.

import { h } from "./dom.js";
import { probability } from "./format.js";

const GAP = 8;
const LIST = new Intl.ListFormat("en-GB");

/** Return what the verdict on a claim hangs on, in words; nothing where no single change would make it another. */
export const hangingOn = ({ hangs_on: terms }) => (terms?.length ? `hangs on ${LIST.format(terms)}` : "");

/** Return a maker of marks for claims, all sharing one note that shows the words of the claim pointed at. */
export function claimMarks(ledger, articles, place = document.body) {
  const byId = new Map(ledger.map((claim) => [claim.id, claim]));
  const authors = new Map(articles.map(({ name, called, date }) => [name, `${called} ${date.slice(0, 4)}`]));
  const note = h("div", { id: "claim-note", role: "tooltip", class: "claim-note", hidden: true });
  place.append(note);
  let holder = null;

  function show(button, id) {
    note.replaceChildren(...described(byId.get(id), id, authors));
    note.hidden = false;
    holder?.removeAttribute("aria-describedby");
    holder = button;
    button.setAttribute("aria-describedby", note.id);
    beside(note, button);
  }

  function hide() {
    note.hidden = true;
    holder?.removeAttribute("aria-describedby");
    holder = null;
  }

  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("scroll", () => holder && !note.hidden && beside(note, holder), { passive: true });
  document.addEventListener("pointerdown", (event) => !event.target.closest?.(".claim, .claim-note") && hide());
  note.addEventListener("pointerleave", (event) => event.relatedTarget !== holder && hide());

  function mark(id) {
    const verdict = byId.get(id)?.verdict ?? "";
    const button = h(
      "button",
      {
        type: "button",
        class: "claim",
        "data-verdict": verdict,
        "data-claim": id,
        onpointerenter: (event) => event.pointerType === "mouse" && show(button, id),
        onpointerleave: (event) => event.relatedTarget !== note && document.activeElement !== button && hide(),
        onfocus: () => show(button, id),
        onblur: hide,
        // Some browsers give no focus to what is touched.
        onclick: () => (button.focus(), show(button, id)),
      },
      id,
    );
    return button;
  }

  return (ids) => h("span", { class: "claims" }, ids.length ? ids.map(mark) : "No claim speaks of it.");
}

function described(claim, id, authors) {
  if (!claim) return [h("p", {}, `${id}: the version being served does not list this claim.`)];
  const { prior, posterior } = claim.probability ?? {};
  const verdict = [claim.verdict, hangingOn(claim)].filter(Boolean).join(", ");
  const moved =
    prior == null ? [] : [` Probability ${probability(prior)} before the evidence, ${probability(posterior)} after.`];
  return [
    h("p", { class: "quote" }, `“${claim.quote}”`),
    h("p", {}, `${authors.get(claim.source) ?? claim.source ?? ""} (${id}). ${claim.says ?? ""}`),
    h("p", { class: "verdict" }, verdict ? `Evidence: ${verdict}.` : "", ...moved),
  ];
}

/** Put a note below what it belongs to, or above it where there is no room. */
function beside(note, button) {
  const at = button.getBoundingClientRect();
  const room = document.documentElement.clientWidth - note.offsetWidth - GAP;
  const below = at.bottom + GAP + note.offsetHeight < window.innerHeight;
  note.style.left = `${Math.max(GAP, Math.min(at.left, room))}px`;
  note.style.top = `${below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - note.offsetHeight)}px`;
}
