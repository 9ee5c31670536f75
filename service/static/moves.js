// The moves that an outlook may suppose, as switches, each off at first, with its sentence and its claims.

import { h } from "./dom.js";
import { capital, day } from "./format.js";
import { isOfSome, optionsOf, whom } from "./move_options.js";
import { GROUPS, NUMBERS, saysOf, TITLES } from "./move_terms.js";
import { MEANS } from "./terms.js";
import { selectionName } from "./words.js";

const NAMES = Object.values(GROUPS).flat();

/** Return fields for all moves: their `element`, and `show`, which fills them; `changed` is told of new moves. */
export function moveFields({ study, marks, changed }) {
  let moves = null;
  const set = (next) => {
    moves = next;
    fill();
    changed(moves);
  };
  const parts = Object.fromEntries(
    NAMES.map((name) => {
      const option = (key, value) => set({ ...moves, [name]: { ...moves[name], [key]: value } });
      return [name, move(name, { set: option, study, marks })];
    }),
  );
  const count = h("span");
  const fill = () => {
    NAMES.forEach((name) => parts[name].fill(moves[name]));
    count.textContent = `(${NAMES.filter((name) => moves[name].on).length} of ${NAMES.length})`;
  };
  const all = (on) => set(Object.fromEntries(NAMES.map((name) => [name, { ...moves[name], on }])));
  const button = (text, on) => h("button", { type: "button", class: "quiet", onclick: () => all(on) }, text);
  const groups = Object.entries(GROUPS).map(([title, names]) => [h("h3", {}, title), names.map((name) => parts[name].element)]);
  const element = h(
    "details",
    { class: "moves", open: matchMedia("(min-width: 62rem)").matches },
    h("summary", {}, "Moves ", count),
    h("p", { class: "note" }, `Each off at first. ${MEANS.hazard}`),
    h("p", {}, button("Every move", true), button("None", false)),
    groups,
  );
  return {
    element,
    show(given) {
      moves = given;
      fill();
    },
  };
}

function move(name, { set, study, marks }) {
  const on = h("input", { type: "checkbox", role: "switch", id: `move-${name}`, onchange: () => set("on", on.checked) });
  const { numbers, more } = optionsOf(name, set, study);
  const labels = (fields) => fields.map(([, label]) => label);
  const said = h("summary");
  const rest = more.length ? h("details", {}, said, h("div", { class: "options" }, labels(more))) : null;
  const body = h("div", { class: "options" }, labels(numbers), rest);
  const title = h("legend", {}, h("label", {}, on, ` ${TITLES[name]}`));
  const text = h("p", { class: "note" }, saysOf(name, study), " ", marks(study.moves[name]?.claims ?? []));
  return {
    element: h("fieldset", { class: "move", "data-move": name }, title, text, body),
    fill(values) {
      on.checked = values.on;
      body.hidden = !values.on;
      said.textContent = inShort(name, values, study);
      for (const [option, , write] of [...numbers, ...more]) write(values[option] ?? "", values);
    },
  };
}

/** Return in a few words on whom a move falls, or who comes, and when. */
function inShort(name, values, study) {
  const from = values.from || study.moves[name]?.from;
  const told = [
    isOfSome(name) && selectionName(whom(name, values, study), study),
    from && `from ${day(from)}`,
    values.months ? `for ${values.months} months` : name in NUMBERS && "for good",
  ];
  return capital(told.filter(Boolean).join(", "));
}
