// The claims of the articles on the topics of the study, and what the evidence made of them.

import { hangingOn } from "./claims.js";
import { h, table } from "./dom.js";
import { probability, times } from "./format.js";

const LIST = new Intl.ListFormat("en-GB");
const VERDICTS = ["supported", "strengthened", "untouched", "weakened", "contradicted", "not testable"];
const COLUMNS = ["Claim", "Speaks of", "By its own author's prior", "Before the evidence", "After it", "Odds moved", "Verdict"];

/** Return topics as they stand in a sentence: "on one and on the other". */
export const on = (topics) => LIST.format(topics.map((topic) => `on ${topic}`));

/** Return for each topic the claims of a ledger that bear on its quantity. */
export function byTopic(ledger, topics) {
  return new Map(
    Object.entries(topics).map(([topic, quantity]) => [
      topic,
      ledger.filter((claim) => claim.quantities?.includes(quantity)),
    ]),
  );
}

/** Return how those of some claims fared that are of an article, in words. */
export function tally({ name: source, called }, claims) {
  const own = [...new Set(claims)].filter((claim) => claim.source === source);
  const parts = VERDICTS.map((verdict) => [verdict, own.filter((claim) => claim.verdict === verdict)])
    .filter(([, ruled]) => ruled.length)
    .map(([verdict, ruled]) => `${ruled.length} ${verdict} (${ruled.map((claim) => claim.id).join(", ")})`);
  return parts.length ? `${called}: of ${own.length} claims ${parts.join(", ")}.` : `${called}: no claims.`;
}

/** Return a heading and a table for each article. */
export function claimTables(topics, articles) {
  return [
    h("h2", {}, "What became of their claims"),
    h(
      "p",
      { class: "note" },
      "Probability that the claim holds: under the prior set of its own article, under the prior and under the posterior of " +
        "the version being served. The verdict goes by how much the evidence moved its odds: three times or more, beyond " +
        "what so many draws can blur; else the claim is untouched. One that was moved to the likelier side of even odds, " +
        "or the less likely, is supported or contradicted; one that was not is strengthened or weakened. A verdict hangs " +
        "on what would make it another, were it left out of the evidence or a compiler's bound moved.",
    ),
    ...articles.flatMap((article) => [
      h("p", { class: "reading article" }, named(article), " ", article.says),
      claimTable(article, topics),
    ]),
  ];
}

/** Return who wrote an article, and where it is found. */
function named({ author, title, published, link }) {
  const found = link ? h("a", { href: link, rel: "noreferrer" }, title) : title;
  return [h("strong", {}, author), ", ", found, `, ${published}.`];
}

function claimTable({ name, called }, topics) {
  const rows = rowsOf(name, topics);
  if (!rows.length) return h("p", { class: "note" }, `No claim of it is ${on([...topics.keys()])}.`);
  return h(
    "div",
    { class: "scroller articles-claims", tabindex: "0", role: "region", "aria-label": `Claims of ${called}` },
    table(`Claims of ${called} ${on([...topics.keys()])}`, COLUMNS, rows),
  );
}

/** Return the verdict on a claim, and below it what it hangs on. */
function verdictOf(claim) {
  const hanging = hangingOn(claim);
  return h("span", {}, claim.verdict ?? "none", hanging ? [h("br"), h("small", {}, hanging)] : []);
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
        return [h("span", {}, `${claim.id} `, h("q", {}, claim.quote)), topic, ...said, moved, verdictOf(claim)];
      }),
  );
}
