// Understanding a profile written in the vocabulary's words: levels, synonyms and unit names, in any order.

const IGNORED = new Set([
  "a",
  "an",
  "and",
  "the",
  "of",
  "in",
  "from",
  "with",
  "officer",
  "officers",
  "unit",
  "unknown",
]);
const LONGEST = 5;
export const ATTRIBUTES = ["sect", "rank", "eliteness", "proximity"];

/** Return a word without case, spaces, hyphens, stops or apostrophes, as the service compares words. */
const fold = (word) => word.replace(/[\s\-_.'’‘]+/g, "").toLowerCase();

/** Return every word of a vocabulary, folded, with what it stands for. */
export function wordIndex(vocabulary) {
  const index = new Map();
  const enter = (words, meaning) => words.forEach((word) => index.set(fold(word), { word, ...meaning }));
  for (const unit of vocabulary.units) enter([unit.name, ...unit.synonyms], { name: "unit", value: unit.name });
  for (const { name, levels } of vocabulary.attributes)
    for (const level of levels) enter([level.name, ...level.synonyms], { name, value: level.name });
  return index;
}

/**
 * Return the profile that a text describes, the words that were not understood each with the nearest known one, and the
 * attributes that it states twice.
 */
export function understand(text, index, vocabulary) {
  const profile = {};
  const unknown = [];
  const twice = new Set();
  for (const part of text.split(/[,;/]+/)) {
    const tokens = part.split(/\s+/).filter(Boolean);
    for (let at = 0; at < tokens.length;) {
      const { meaning, length } = longest(tokens, at, index);
      if (meaning) {
        if (meaning.name in profile && profile[meaning.name] !== meaning.value) twice.add(meaning.name);
        profile[meaning.name] ??= meaning.value;
      } else if (!IGNORED.has(tokens[at].toLowerCase())) {
        unknown.push({ word: tokens[at], nearest: nearest(fold(tokens[at]), index) });
      }
      at += length;
    }
  }
  return { profile: settled(profile, vocabulary, twice), unknown, twice: [...twice] };
}

function longest(tokens, at, index) {
  for (let length = Math.min(LONGEST, tokens.length - at); length > 0; length--) {
    const meaning = index.get(fold(tokens.slice(at, at + length).join("")));
    if (meaning) return { meaning, length };
  }
  return { meaning: null, length: 1 };
}

function settled(profile, vocabulary, twice) {
  if (!profile.unit) return profile;
  const { eliteness } = vocabulary.units.find((unit) => unit.name === profile.unit);
  if (profile.eliteness && profile.eliteness !== eliteness) twice.add("eliteness");
  const { eliteness: _, ...rest } = profile;
  return rest;
}

function nearest(folded, index) {
  let best = null;
  for (const [known, { word }] of index) {
    const shared = likeness(folded, known);
    if (shared > (best?.shared ?? 0.45)) best = { word, shared };
  }
  return best?.word ?? null;
}

/** Dice's coefficient of pairs of neighbouring letters. */
function likeness(one, other) {
  const pairs = (word) => Array.from({ length: Math.max(word.length - 1, 0) }, (_, at) => word.slice(at, at + 2));
  const [left, right] = [pairs(one), pairs(other)];
  const shared = left.filter((pair) => right.includes(pair)).length;
  return left.length + right.length ? (2 * shared) / (left.length + right.length) : 0;
}

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
