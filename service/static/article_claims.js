// The claims of the articles on the topics of the study, and how they fared.

const LIST = new Intl.ListFormat("en-GB");
const VERDICTS = ["supported", "strengthened", "untouched", "weakened", "contradicted", "not testable"];

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

/** Return how those of some claims fared that are of an article: a few words, and the claims of each verdict. */
export function tally({ name: source, called }, claims, marks) {
  const own = [...new Set(claims)].filter((claim) => claim.source === source);
  const parts = VERDICTS.map((verdict) => [verdict, own.filter((claim) => claim.verdict === verdict)])
    .filter(([, ruled]) => ruled.length)
    .map(([verdict, ruled]) => [` ${ruled.length} ${verdict} `, marks(ruled.map(({ id }) => id))]);
  return parts.length ? [`${called}: of ${own.length} claims`, parts] : [`${called}: no claims.`];
}
