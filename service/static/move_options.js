// The fields of a move: its numbers, and what may be said of it beside them.

import { h } from "./dom.js";
import { significant } from "./format.js";
import { asked, elicited, NUMBERS, setName } from "./move_terms.js";
import { communityOf, levelNames, selectionName } from "./words.js";

/** What stands for any level of an attribute, and for nobody in the place of a man removed. */
export const [ANY, NOBODY] = ["*", "nobody"];

const PROFILED = ["militias", "intake"];
const TO_ALL = ["punish", "confine", "allies", "contagion"];
const RELIABLE_BELOW = 0.2;

/** Return whether a move falls on some, or some come by it, who may be chosen. */
export const isOfSome = (name) => !TO_ALL.includes(name);

/** Return under which name a move keeps to which levels of an attribute it is kept. */
export const ofWhom = (attribute) => `for ${attribute}`;

/**
 * Return the fields of a move: those in sight as `numbers`, those folded in as `more`. Each is a name, a label with its
 * input, and what writes a value into the input.
 */
export function optionsOf(name, set, study) {
  if (name === "contagion") return { numbers: contagion(set, study), more: [] };
  const numbers = Object.keys(NUMBERS[name]).map((number) => numberOf(name, number, set, study));
  if (name === "punish")
    return { numbers, more: [field(name, "months", "For months", numeric({ max: 60, step: 1, required: true }), set)] };
  return { numbers, more: [...ownOf(name, set, study), ...whomOf(name, set, study), ...timesOf(name, set)] };
}

/** Return whom a move falls on, or who comes: the words of the study, but for those that were chosen. */
export function whom(name, values, { attributes, moves }) {
  const said = moves[name]?.of ?? {};
  const words = attributes.map(({ name: attribute }) => {
    const chosen = values[ofWhom(attribute)];
    return [attribute, chosen ? chosen !== ANY && [chosen] : said[attribute]];
  });
  return Object.fromEntries(words.filter(([, each]) => each));
}

/** Return the moves that are on, as the service takes them. */
export const movesBody = (moves, study) =>
  Object.fromEntries(
    Object.entries(moves)
      .filter(([, { on }]) => on)
      .map(([name, { on, ...values }]) => [name, bodyOf(name, values, study)]),
  );

function bodyOf(name, values, study) {
  if (name === "contagion") return contagionBody(values, study);
  const { from, months, against, above, replaced_by: replaced } = values;
  const texts = Object.keys(NUMBERS[name]).map((number) => [number, asked(name, number, values, study)]);
  const body = {
    ...Object.fromEntries(texts.filter(([, text]) => text !== "").map(([number, text]) => [number, Number(text)])),
    ...(from && { from }),
    ...(months && { months: Number(months) }),
    ...(against && { against }),
    ...(above && { above: Number(above) }),
    ...(replaced && { replaced_by: replaced === NOBODY ? {} : { [communityOf(study).name]: replaced } }),
    ...(isChosen(values, study) && { of: said(name, whom(name, values, study)) }),
  };
  return name === "offers" ? [body] : body;
}

const isChosen = (values, { attributes }) => attributes.some(({ name }) => values[ofWhom(name)]);

/** Return whom a move falls on as the service takes it: words for each attribute, or one where men of a profile come. */
const said = (name, selection) =>
  PROFILED.includes(name)
    ? Object.fromEntries(Object.entries(selection).map(([attribute, [word]]) => [attribute, word]))
    : selection;

function contagionBody({ source, ratio, months, weight, left, already }, study) {
  const drawn = study.moves.contagion && source !== "stated";
  return {
    ...(drawn ? { prior_set: source } : { ratio: Number(ratio) }),
    months: Number(months),
    services_weight: Number(weight),
    ...(left && { already: [{ [communityOf(study).name]: left, count: Number(already) }] }),
  };
}

/** Return the field of a number, which says whose it is: the study's, drawn, or the reader's. */
function numberOf(name, number, set, study) {
  const { text, limits } = NUMBERS[name][number];
  const drawn = elicited(name, number, study);
  const range = drawn?.interval.map((bound) => significant(bound));
  const unlessTyped = drawn
    ? `elicited (${drawn.basis}): 90 % between ${range.join(" and ")}`
    : "yours: the study has no interval";
  const whose = h("small", { class: "whose" });
  const input = numeric({ ...limits, required: !drawn, placeholder: range?.join("–") });
  const [, label, write] = field(name, number, [text, " ", whose], input, set);
  return [
    number,
    label,
    (_, values) => {
      write(asked(name, number, values, study));
      whose.textContent = values[number] ? "yours" : unlessTyped;
    },
  ];
}

/** Return the fields that only one move has. */
function ownOf(name, set, study) {
  const of = {
    watch: () => choices([["", "no watch"], ["fit", "this watch"]]),
    confine: () => numeric({ max: 1, placeholder: study.moves.confine?.above ?? RELIABLE_BELOW }),
    purge: () => choices(replacedBy(study)),
  }[name];
  const [option, text] = {
    watch: ["against", "The fit holds"],
    confine: ["above", "Predicted risk from"],
    purge: ["replaced_by", "Replaced by"],
  }[name] ?? [];
  return of ? [field(name, option, text, of(), set)] : [];
}

function replacedBy(study) {
  const levels = Object.values(study.moves.purge?.replaced_by ?? {});
  const first = levels.length ? [["", levels.join(", ")], [NOBODY, NOBODY]] : [["", NOBODY]];
  return [...first, ...levelNames(communityOf(study)).filter((each) => !levels.includes(each)).map((each) => [each, each])];
}

/** Return the fields of whom a move falls on, or who comes. */
function whomOf(name, set, study) {
  if (!isOfSome(name)) return [];
  const said = study.moves[name]?.of ?? {};
  return study.attributes.map(({ name: attribute, groups, levels }) => {
    const first = said[attribute] ? [["", said[attribute].join(" or ")], [ANY, "any"]] : [["", "any"]];
    const words = [...(PROFILED.includes(name) ? [] : Object.keys(groups)), ...levelNames({ levels })];
    const others = words.filter((word) => said[attribute]?.join() !== word);
    return field(name, ofWhom(attribute), attribute, choices([...first, ...others.map((word) => [word, word])]), set);
  });
}

const timesOf = (name, set) => [
  field(name, "from", "From", h("input", { type: "date" }), set),
  field(name, "months", "For months (empty: for good)", numeric({ min: 1, max: 60, step: 1 }), set),
];

function contagion(set, study) {
  const community = communityOf(study);
  return [
    ...ratioOf(set, study),
    field("contagion", "months", "Recent for months", numeric({ max: 60, step: 1, required: true }), set),
    ...weightOf(set, study),
    field(
      "contagion",
      "left",
      `Just left, by ${community.name}`,
      choices([["", NOBODY], ...levelNames(community).map((name) => [name, name])]),
      set,
    ),
    field("contagion", "already", "so many", numeric({ min: 1, max: 1000, step: 1, required: true }), set),
  ];
}

/** Return the fields that say where the ratio comes from: a prior of the study, if it has one, or the reader. */
function ratioOf(set, study) {
  const ratio = field("contagion", "ratio", "Ratio", numeric({ min: 0.1, max: 10, required: true }), set);
  if (!study.moves.contagion) return [ratio];
  const drawn = study.prior_sets.toReversed().map((name) => [name, setName(study, name)]);
  const source = field("contagion", "source", "Ratio from", choices([...drawn, ["stated", "my own number"]]), set);
  const [, label, write] = ratio;
  ratio[2] = (value, values) => {
    label.hidden = values.source !== "stated";
    write(value);
  };
  return [source, ratio];
}

/** Return the field that says how much more those in some services count, where the study names such services. */
function weightOf(set, study) {
  const services = study.moves.contagion?.services ?? {};
  if (!Object.keys(services).length) return [];
  const text = `Weight within ${selectionName(services, study)}`;
  return [field("contagion", "weight", text, numeric({ max: 10, required: true }), set)];
}

function field(move, name, text, input, set) {
  Object.assign(input, { name, id: `${move}-${name.replaceAll(" ", "-")}` });
  input.addEventListener(
    input.tagName === "SELECT" ? "change" : "input",
    () => input.reportValidity() && set(name, input.value),
  );
  const label = h("label", {}, h("span", {}, text, " "), input);
  return [
    name,
    label,
    (value) => {
      if (document.activeElement !== input) input.value = value;
    },
  ];
}

const numeric = (limits) => h("input", { type: "number", step: "any", min: 0, ...limits });
const choices = (entries) =>
  h(
    "select",
    {},
    entries.map(([value, text]) => h("option", { value }, text)),
  );
