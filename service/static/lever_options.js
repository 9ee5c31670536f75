// The numbers and choices that each lever takes, as fields.

import { h } from "./dom.js";
import { communityOf, levelNames, selectionName } from "./words.js";

/** By lever, what makes its options: each a name, a label with its field, and what writes a value into the field. */
export const OPTIONS = {
  contagion: (set, study) => [
    ...ratioOf(set, study),
    field("months", "Recent for months", numeric({ min: 0, max: 60, step: 1 }), set),
    ...weightOf(set, study),
    field(
      "left",
      `Just left, by ${communityOf(study).name}`,
      choices([["", "nobody"], ...levelNames(communityOf(study)).map((name) => [name, name])]),
      set,
    ),
    field("already", "so many", numeric({ min: 1, max: 1000, step: 1 }), set),
  ],
  reprisal: (set) => [
    field("factor", "Hazard of those alike ×", numeric({ min: 0, max: 100 }), set),
    field("months", "for months", numeric({ min: 0, max: 60, step: 1 }), set),
  ],
  incentive: (set, study) => [
    field("factor", "Hazard ×", numeric({ min: 0, max: 100 }), set),
    field("from", "from", h("input", { type: "date", required: true }), set),
    field("months", "for months (empty: for good)", h("input", { type: "number", min: 1, max: 60 }), set),
    ...study.attributes.map(({ name, groups, levels }) =>
      field(
        offeredTo(name),
        name,
        choices([["", "any"], ...[...Object.keys(groups), ...levelNames({ levels })].map((word) => [word, word])]),
        set,
      ),
    ),
  ],
};

/** Return under which name an offer keeps to which levels of an attribute it is made. */
export const offeredTo = (attribute) => `for ${attribute}`;

/** Return how a prior set is called: as its article, or as all of them together. */
const setName = ({ articles }, name) => articles.find((each) => each.name === name)?.called ?? "all together";

/** Return the fields that say where the ratio comes from: a prior of the study, if it has one, or the reader. */
function ratioOf(set, { levers, prior_sets: sets, articles }) {
  const ratio = field("ratio", "Ratio", numeric({ min: 0.1, max: 10 }), set);
  if (!levers.contagion) return [ratio];
  const drawn = sets.toReversed().map((name) => [name, setName({ articles }, name)]);
  const source = field("source", "Ratio from", choices([...drawn, ["stated", "my own number"]]), set);
  const [, label, write] = ratio;
  ratio[2] = (value, values) => {
    label.hidden = values.source !== "stated";
    write(value);
  };
  return [source, ratio];
}

/** Return the field that says how much more those in some services count, where the study names such services. */
function weightOf(set, study) {
  const services = study.levers.contagion?.services ?? {};
  if (!Object.keys(services).length) return [];
  return [field("weight", `Weight within ${selectionName(services, study)}`, numeric({ min: 0, max: 10 }), set)];
}

function field(name, text, input, set) {
  input.name = name;
  input.addEventListener(
    input.tagName === "SELECT" ? "change" : "input",
    () => input.checkValidity() && set(name, input.value),
  );
  const label = h("label", {}, `${text} `, input);
  return [
    name,
    label,
    (value) => {
      if (document.activeElement !== input) input.value = value;
    },
  ];
}

const numeric = (limits) => h("input", { type: "number", step: "any", required: true, ...limits });
const choices = (entries) =>
  h(
    "select",
    {},
    entries.map(([value, text]) => h("option", { value }, text)),
  );
