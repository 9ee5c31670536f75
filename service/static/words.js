// The words of the study that is served, and what they make of a profile.

import { capital } from "./format.js";

/** Return the attribute of a name; undefined where the study has none of it. */
export const attributeOf = ({ attributes }, name) => attributes.find((each) => each.name === name);

/** Return the attribute whose levels divide the forces into communities: the first. */
export const communityOf = ({ attributes }) => attributes[0];

/** Return the attribute that matters most beside the community: the noun of a sentence, else the last with an order. */
export function principalOf({ attributes: [community, ...rest] }) {
  const noun = rest.find(({ reads }) => reads === "noun");
  return noun ?? rest.findLast(({ ordered }) => ordered) ?? rest.at(-1) ?? community;
}

/** Return the names of the levels of an attribute. */
export const levelNames = ({ levels }) => levels.map(({ name }) => name);

/** Return a word without case, spaces, hyphens, stops and apostrophes, as the service compares words. */
const folded = (word) => word.toLowerCase().replace(/[\s\-_.'’‘]+/g, "");

/** Return the level, or the group of levels, that a word in the study's files stands for. */
function meant({ levels, groups }, word) {
  const stands = (said) => folded(said) === folded(word);
  const level = levels.find(({ name, synonyms }) => [name, ...synonyms].some(stands));
  return { level, group: Object.entries(groups).find(([name]) => stands(name))?.[1] };
}

/** Return the levels of an attribute that words of the study's files stand for. */
export function levelsMeant(attribute, words) {
  const named = words.map((word) => meant(attribute, word)).flatMap(({ level, group }) => level?.name ?? group.levels);
  return levelNames(attribute).filter((name) => named.includes(name));
}

const unitOf = ({ units }, name) => units?.named.find((unit) => unit.name === name);

/** Return whether a word is a level of an attribute or, for `unit`, a unit. */
export function isWord(study, name, word) {
  if (name === "unit") return Boolean(unitOf(study, word));
  return Boolean(attributeOf(study, name)?.levels.some((level) => level.name === word));
}

/** Return whether a word is a level of an attribute, or a group of levels. */
export const isLevelOrGroup = (study, name, word) =>
  (name !== "unit" && isWord(study, name, word)) || Object.hasOwn(attributeOf(study, name)?.groups ?? {}, word);

/** Return a profile with one attribute at another level, or at none; a unit that stood for another gives way. */
export function changed(profile, name, level, { units }) {
  const { [name]: _, unit, ...rest } = profile;
  return { ...rest, ...(unit && name !== units.attribute ? { unit } : {}), ...(level ? { [name]: level } : {}) };
}

/** Return the level of every attribute of a profile, a unit as the level it stands for; undefined where unknown. */
export function levelsOf(profile, study) {
  const unit = unitOf(study, profile.unit);
  const stated = unit ? { ...profile, [study.units.attribute]: unit.level } : profile;
  return Object.fromEntries(study.attributes.map(({ name }) => [name, stated[name]]));
}

/** Return how a level is called in a sentence. */
export const called = ({ levels }, word) => levels.find((level) => level.name === word)?.called ?? word;

/** Return how those at a level, or in a group of levels, are called in a sentence. */
function calledTogether(attribute, word) {
  const { level, group } = meant(attribute, word);
  if (group) return group.called;
  return attribute.reads === "noun" ? level.plural : level.called;
}

/** Return adjectives, then the noun or what all are called, then what follows; `say` gives the word of an attribute. */
function phrase({ attributes, everyone }, say) {
  const [before, nouns, after] = [[], [], []];
  for (const attribute of attributes) {
    const { word, unit } = say(attribute);
    if (unit) after.push(`, ${unit}`);
    else if (word && attribute.reads === "adjective") before.push(word);
    else if (word && attribute.reads === "noun") nouns.push(word);
    else if (word) after.push(` ${attribute.reads.replace("{}", word)}`);
  }
  return [...before, ...(nouns.length ? nouns : [everyone])].join(" ") + after.join("");
}

/** Return a profile in a few words. */
export function profileName(profile, study) {
  if (!Object.keys(profile).length) return `All ${study.everyone}`;
  const say = (attribute) => ({
    word: called(attribute, profile[attribute.name]),
    unit: attribute.name === study.units?.attribute && profile.unit,
  });
  return capital(phrase(study, say));
}

/** Return whom a selection means, which gives several words for some attributes. */
export const selectionName = (selection, study) =>
  phrase(study, (attribute) => ({
    word: (selection[attribute.name] ?? []).map((word) => calledTogether(attribute, word)).join(" or "),
  }));

/** Return what a sentence about a profile is made of, in order: texts, and the attributes whose words stand between. */
export function slots({ attributes, everyone }) {
  const [adjectives, nouns] = ["adjective", "noun"].map((place) => attributes.filter(({ reads }) => reads === place));
  const after = attributes.filter(({ reads }) => reads.includes("{}"));
  const around = (attribute) => {
    const [before, behind] = attribute.reads.split("{}");
    const unknown = attribute.reads === "{}" ? `any ${attribute.name}` : "any";
    return [` ${before}`, { attribute, unknown }, behind];
  };
  return [
    ...adjectives.flatMap((attribute) => [{ attribute, unknown: `any ${attribute.name}` }, " "]),
    ...(nouns.length ? nouns.map((attribute) => ({ attribute, unknown: everyone })) : [everyone]),
    ...after.flatMap(around),
  ];
}

/** Return a profile in words that the box understands. */
export const inWords = (profile, { attributes, units }) =>
  attributes
    .map(({ name }) => (name === units?.attribute && profile.unit) || profile[name])
    .filter(Boolean)
    .join(", ");

/** Return a profile to show as an example. */
export const exampleOf = ({ profiles }) => Object.values(profiles)[0];
