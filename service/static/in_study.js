// What of a question the study that is served knows: an address may have been written by hand, or for another.

import { canBeWeighed } from "./articles.js";
import { kindsOf } from "./force.js";
import { ANY, NOBODY, ofWhom } from "./move_options.js";
import { communityOf, isLevelOrGroup, isWord } from "./words.js";

const OF = ofWhom("");

/** What of a state each view asks about. */
const ASKED = {
  profile: ["profile"],
  compare: ["pins"],
  map: [],
  outlook: ["force", "moves"],
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
  const sources = ["", "stated", ...study.prior_sets];
  const { name: community } = communityOf(study);
  const isOption = (name, word) => {
    if (name === "source") return sources.includes(word);
    if (name === "left") return !word || isWord(study, community, word);
    if (name === "replaced_by") return word === NOBODY || isWord(study, community, word);
    return !name.startsWith(OF) || [ANY, ""].includes(word) || isLevelOrGroup(study, name.slice(OF.length), word);
  };
  const { force, supposed } = state;
  const articles = study.articles.map(({ name }) => name);
  const each = (kind, names, all) => names.filter((name) => known("supposed", kind, name, all.includes(name)));
  const moves = Object.fromEntries(
    Object.entries(state.moves).map(([name, options]) => [name, kept("moves", options, isOption)]),
  );
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
    moves: { ...moves, contagion: { ...moves.contagion, source: moves.contagion.source || sources.at(-1) } },
  };
  return { found, out: out.filter(({ of }) => ASKED[found.view].includes(of)) };
}
