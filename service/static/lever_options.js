// The numbers and choices that each lever takes, as fields.

import { h } from "./dom.js";
import { ATTRIBUTES } from "./words.js";

/** By lever, what makes its options: each a name, a label with its field, and what writes a value into the field. */
export const OPTIONS = {
  contagion(set, vocabulary) {
    const { levels } = vocabulary.attributes.find((each) => each.name === "sect");
    const source = field(
      "source",
      "Ratio from",
      choices([
        ["pooled", "both articles"],
        ...vocabulary.study.articles.map(({ name, called }) => [name, called]),
        ["stated", "my own number"],
      ]),
      set,
    );
    const ratio = field("ratio", "Ratio", numeric({ min: 0.1, max: 10 }), set);
    const write = ratio[2];
    ratio[2] = (value, values) => {
      ratio[1].hidden = values.source !== "stated";
      write(value);
    };
    return [
      source,
      ratio,
      field("months", "Recent for months", numeric({ min: 0, max: 60, step: 1 }), set),
      field("weight", "Weight within intelligence", numeric({ min: 0, max: 10 }), set),
      field(
        "sect",
        "Just left, of the sect",
        choices([["", "nobody"], ...levels.map(({ name }) => [name, name])]),
        set,
      ),
      field("already", "so many", numeric({ min: 1, max: 1000, step: 1 }), set),
    ];
  },
  reprisal: (set) => [
    field("factor", "Hazard of those alike ×", numeric({ min: 0, max: 100 }), set),
    field("months", "for months", numeric({ min: 0, max: 60, step: 1 }), set),
  ],
  incentive: (set, vocabulary) => [
    field("factor", "Hazard ×", numeric({ min: 0, max: 100 }), set),
    field("from", "from", h("input", { type: "date", required: true }), set),
    field("months", "for months (empty: for good)", h("input", { type: "number", min: 1, max: 60 }), set),
    ...ATTRIBUTES.map((name) => {
      const { levels, groups } = vocabulary.attributes.find((each) => each.name === name);
      return field(
        name,
        name,
        choices([
          ["", "any"],
          ...Object.keys(groups).map((group) => [group, group]),
          ...levels.map((level) => [level.name, level.name]),
        ]),
        set,
      );
    }),
  ],
};

function field(name, text, input, set) {
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
