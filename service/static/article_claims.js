// The claims of both articles on contagion, on the core and on elite units, and what the evidence made of them.

import { h, table } from "./dom.js";
import { ARTICLES } from "./article_chart.js";
import { probability, times } from "./format.js";

const TOPICS = { contagion: "contagion_ratio", "the core": "proximity_ratio", "elite units": "eliteness_ratio" };
const COLUMNS = ["Claim", "Speaks of", "By its own author's prior", "Before the evidence", "After it", "Odds moved", "Verdict"];

/** Return for each topic the claims of a ledger that bear on it. */
export function byTopic(ledger) {
  return new Map(
    Object.entries(TOPICS).map(([topic, quantity]) => [
      topic,
      ledger.filter((claim) => claim.quantities?.includes(quantity)),
    ]),
  );
}

/** Return how the claims of an article on the core and on elite units fared, in words. */
export function tally(name, source, topics) {
  const about = [...new Set([...topics.get("the core"), ...topics.get("elite units")])];
  const own = about.filter((claim) => claim.source === source);
  const of = (verdict) => own.filter((claim) => claim.verdict === verdict).map((claim) => claim.id);
  const parts = ["supported", "contradicted", "untouched"].map((verdict) => {
    const ids = of(verdict);
    return `${ids.length} ${verdict}${ids.length ? ` (${ids.join(", ")})` : ""}`;
  });
  return `${name}: of ${own.length} claims ${parts.join(", ")}.`;
}

/** Return a heading and a table for each article. */
export function claimTables(topics) {
  return [
    h("h2", {}, "What became of their claims"),
    h(
      "p",
      { class: "note" },
      "Probability that the claim holds: under the prior set of its own article, under the prior and under the posterior of " +
        "the version being served. The verdict goes by how much the evidence moved its odds: three times or more, beyond " +
        "what so many draws can blur; else the claim is untouched.",
    ),
    ...[...ARTICLES].map(([source, name]) =>
      h(
        "div",
        { class: "scroller articles-claims", tabindex: "0", role: "region", "aria-label": `Claims of ${name}` },
        table(`Claims of ${name} on contagion, on the core and on elite units`, COLUMNS, rowsOf(source, topics)),
      ),
    ),
  ];
}

function rowsOf(source, topics) {
  return [...topics].flatMap(([topic, claims]) =>
    claims
      .filter((claim) => claim.source === source)
      .map((claim) => {
        const given = claim.probability ?? {};
        const said = [given.own_prior, given.prior, given.posterior].map((each) =>
          each == null ? "not testable" : probability(each),
        );
        const moved = claim.bayes_factor == null ? "none" : times(claim.bayes_factor);
        return [h("span", {}, `${claim.id} `, h("q", {}, claim.quote)), topic, ...said, moved, claim.verdict ?? "none"];
      }),
  );
}
