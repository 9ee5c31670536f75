// What of a question the study that is served knows: an address may have been written for another.

import { canBeWeighed } from "./articles.js";
import { kindsOf } from "./force.js";
import { offeredTo } from "./lever_options.js";
import { communityOf, isLevelOrGroup, isWord } from "./words.js";

const OFFERED = offeredTo("");

/** Return a state without what the study does not know, and the words that were left out. */
export function inStudy(state, study) {
  const out = new Set();
  const kept = (values, isKnown) =>
    Object.fromEntries(
      Object.entries(values).filter(([name, value]) => isKnown(name, value) || (out.add(`${name} ${value}`), false)),
    );
  const profile = (words) => {
    const known = kept(words, (name, word) => isWord(study, name, word));
    if (known.unit) delete known[study.units.attribute];
    return known;
  };
  const { contagion, incentive } = state.levers;
  const sources = ["stated", ...study.prior_sets];
  const source = sources.includes(contagion.source) ? contagion.source : sources.at(-1);
  const left = (name, word) => name !== "left" || !word || isWord(study, communityOf(study).name, word);
  const offered = (name, word) =>
    !name.startsWith(OFFERED) || !word || isLevelOrGroup(study, name.slice(OFFERED.length), word);
  const { force } = state;
  const found = {
    ...state,
    view: state.view === "articles" && !canBeWeighed(study) ? "profile" : state.view,
    profile: profile(state.profile),
    pins: state.pins.map(profile),
    force: {
      ...force,
      kind: kindsOf(study).has(force.kind) ? force.kind : "all",
      groups: force.groups.map(({ count, ...words }) => ({ ...profile(words), count })),
    },
    levers: {
      ...state.levers,
      contagion: { ...kept(contagion, left), source },
      incentive: kept(incentive, offered),
    },
  };
  return { found, out: [...out] };
}
