// The claims behind a number: a mark for each, and its words on hover, on focus and on touch.

import { h } from "./dom.js";
import { probability } from "./format.js";

const GAP = 8;
const LIST = new Intl.ListFormat("en-GB");

/** Return what the verdict on a claim hangs on, in words; nothing where no single change would make it another. */
export const hangingOn = ({ hangs_on: terms }) => (terms?.length ? `hangs on ${LIST.format(terms)}` : "");

/** Return how an article is called beside a claim: "Author 2016". */
export const cited = ({ called, date }) => `${called} ${date.slice(0, 4)}`;

/**
 * Return a maker of marks for claims: each leads to its claim among the sources by `open`, and all share one note that
 * shows the words of the claim pointed at or focused.
 */
export function claimMarks(ledger, articles, open, place = document.body) {
  const byId = new Map(ledger.map((claim) => [claim.id, claim]));
  const authors = new Map(articles.map((article) => [article.name, cited(article)]));
  const note = h("div", { id: "claim-note", role: "tooltip", class: "claim-note", hidden: true });
  place.append(note);
  let holder = null;

  function show(link, id) {
    note.replaceChildren(...described(byId.get(id), id, authors));
    note.hidden = false;
    holder?.removeAttribute("aria-describedby");
    holder = link;
    link.setAttribute("aria-describedby", note.id);
    beside(note, link);
  }

  function hide() {
    note.hidden = true;
    holder?.removeAttribute("aria-describedby");
    holder = null;
  }

  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("scroll", () => holder && !note.hidden && beside(note, holder), { passive: true });
  note.addEventListener("pointerleave", (event) => event.relatedTarget !== holder && hide());

  function mark(id) {
    const link = h(
      "a",
      {
        class: "claim",
        href: `#claim=${encodeURIComponent(id)}`,
        "data-verdict": byId.get(id)?.verdict ?? "",
        "data-claim": id,
        onpointerenter: (event) => event.pointerType === "mouse" && show(link, id),
        onpointerleave: (event) => event.relatedTarget !== note && document.activeElement !== link && hide(),
        onfocus: () => link.matches(":focus-visible") && show(link, id),
        onblur: hide,
        onclick: (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          hide();
          open(id);
        },
      },
      id,
    );
    return link;
  }

  return (ids) => h("span", { class: "claims" }, ids.length ? ids.map(mark) : "No claim speaks of it.");
}

/** Return the claims that are marked in a place as footnotes for paper, and the articles that they are of. */
export function footnotes(place, ledger, articles) {
  const marked = new Set([...place.querySelectorAll(".claim")].map((link) => link.dataset.claim));
  const claims = ledger.filter(({ id }) => marked.has(id));
  return articles.flatMap((article) => {
    const own = claims.filter(({ source }) => source === article.name);
    if (!own.length) return [];
    const { author, title, published, date, link } = article;
    const lines = own.map(({ id, quote }) => h("li", {}, `${id} “${quote}”`));
    return [h("p", {}, [author, `“${title}”`, published, date, link].filter(Boolean).join(", ")), h("ul", {}, lines)];
  });
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
    h("p", { class: "ruled" }, verdict ? `Evidence: ${verdict}.` : "", ...moved),
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
