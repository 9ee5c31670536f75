// The attributes of a profile, and what the vocabulary makes of one.

import { capital } from "./format.js";

export const ATTRIBUTES = ["sect", "rank", "eliteness", "proximity"];

/** Return only those members of a profile that the vocabulary knows. */
export function known(profile, vocabulary) {
  const kept = {};
  for (const { name, levels } of vocabulary.attributes)
    if (levels.some((level) => level.name === profile[name])) kept[name] = profile[name];
  if (vocabulary.units.some((unit) => unit.name === profile.unit)) {
    kept.unit = profile.unit;
    delete kept.eliteness;
  }
  return kept;
}

/** Return the level of every attribute of a profile, a unit as its eliteness; undefined where unknown. */
export function levelsOf(profile, vocabulary) {
  const unit = vocabulary.units.find((each) => each.name === profile.unit);
  return Object.fromEntries(
    ATTRIBUTES.map((name) => [name, name === "eliteness" && unit ? unit.eliteness : profile[name]]),
  );
}

/** Return how a level is called in a sentence; any other word as it is. */
export function called({ attributes }, name, word) {
  const { levels } = attributes.find((each) => each.name === name);
  return levels.find((level) => level.name === word)?.called ?? word;
}

/** Return a profile in a few words. */
export function profileName(profile, vocabulary) {
  const [sect, rank, eliteness, proximity] = ATTRIBUTES.map((name) => called(vocabulary, name, profile[name]));
  const who = [sect, rank].filter(Boolean).join(" ");
  const parts = [who, profile.unit ?? (eliteness && `${eliteness} unit`), proximity].filter(Boolean);
  return parts.length ? capital(parts.join(", ")) : "All the armed forces";
}

/** Return a profile to show as an example: that of the last case of the study that happened. */
export const exampleOf = ({ study }) => study.cases.findLast((each) => each.happened).profile;
