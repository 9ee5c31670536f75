// What of a question the study that is served knows: an address may have been written by hand, or for another.

import { canBeWeighed } from "./articles.js";
import { kindsOf } from "./force.js";
import { offeredTo } from "./lever_options.js";
import { communityOf, isLevelOrGroup, isWord } from "./words.js";

const OFFERED = offeredTo("");

/** What of a state each view asks about. */
const ASKED = {
  profile: ["profile"],
  compare: ["pins"],
  map: [],
  outlook: ["force", "levers"],
  "what-if": ["profile", "supposed"],
  articles: ["profile"],
  sources: [],
};

/** Under which name a profile keeps words that were written and are in no vocabulary. */
export const WRITTEN = "?";

/** Return a state without what the study does not know, and of what its view asks about the words that were left out. */
export function inStudy(state, study) {
  const out = [];
  const known = (of, name, word, is) => is || (out.push({ of, name, word }), false);
  const kept = (of, values, isKnown) =>
    Object.fromEntries(Object.entries(values).filter(([name, word]) => known(of, name, word, isKnown(name, word))));
  const profile = (of, words) => {
    const stated = kept(of, words, (name, word) => isWord(study, name, word));
    if (stated.unit) delete stated[study.units.attribute];
    return stated;
  };
  const { contagion, incentive } = state.levers;
  const sources = ["", "stated", ...study.prior_sets];
  const isOfContagion = (name, word) =>
    name === "left" ? !word || isWord(study, communityOf(study).name, word) : name !== "source" || sources.includes(word);
  const isOffered = (name, word) =>
    !name.startsWith(OFFERED) || !word || isLevelOrGroup(study, name.slice(OFFERED.length), word);
  const { force, supposed } = state;
  const articles = study.articles.map(({ name }) => name);
  const each = (kind, names, all) => names.filter((name) => known("supposed", kind, name, all.includes(name)));
  const draws = kept("levers", contagion, isOfContagion);
  const found = {
    ...state,
    view: state.view === "articles" && !canBeWeighed(study) ? "profile" : state.view,
    profile: profile("profile", state.profile),
    pins: state.pins.map((pin) => profile("pins", pin)),
    force: {
      ...force,
      kind: known("force", "force", force.kind, kindsOf(study).has(force.kind)) ? force.kind : "all",
      groups: force.groups.map(({ count, ...words }) => ({ ...profile("force", words), count })),
    },
    supposed: {
      claims: each("claim", supposed.claims, study.claims),
      rows: each("row", supposed.rows, study.rows),
      weights: kept("supposed", supposed.weights, (name) => articles.includes(name) || study.rows.includes(name)),
      bounds: kept("supposed", supposed.bounds, (name) => study.rows.includes(name)),
    },
    levers: {
      ...state.levers,
      contagion: { ...draws, source: draws.source || sources.at(-1) },
      incentive: kept("levers", incentive, isOffered),
    },
  };
  return { found, out: out.filter(({ of }) => ASKED[found.view].includes(of)) };
}
