// What may be supposed otherwise: a weight for each article, a switch for each claim and each row, bounds to move.

import { cited } from "./claims.js";
import { calmly, h } from "./dom.js";
import { counted } from "./sources.js";
import { AS_IT_IS } from "./state.js";

const PATIENCE = 150;
const HALF = 0.5;
const WEIGHTS = { 0: "not at all", 0.5: "half", 1: "once", 2: "twice", 4: "four times" };
const OWNERS = { compiler: "The bounds are the compiler’s.", source: "The bounds are the source’s." };

/** Return fields for all that may be supposed: their `element`, and `show`, which sets them; `changed` is told. */
export function suppositionFields({ study, ledger, fit, changed }) {
  let supposed = AS_IT_IS;
  const set = (changes) => changed((supposed = { ...supposed, ...changes }));
  const given = { study, fit, set, now: () => supposed };
  const rows = fit.evidence?.rows ?? [];
  const of = ({ name }) => ledger.filter(({ source }) => source === name);
  const parts = [
    ...study.articles.map((article) => weight(article, given)),
    ...study.articles.map((article) => claimsOf(article, of(article), given)),
    group("Rows of evidence", together(rows, fit.lists ?? []).map((each) => row(each, given))),
  ];
  const back = h("button", { type: "button", onclick: () => set(AS_IT_IS) }, "Put all back");
  return {
    element: h(
      "form",
      { class: "suppositions", autocomplete: "off", onsubmit: (event) => event.preventDefault() },
      h("p", { class: "note" }, "What is switched off is taken for never said, or never counted; what counts half, for doubtful."),
      parts.map(({ element }) => element),
      h("p", { class: "go" }, back),
    ),
    show(next) {
      supposed = next;
      back.disabled = isAsItIs(next);
      for (const part of parts) part.show(next);
    },
  };
}

/** Return whether nothing is supposed otherwise. */
export const isAsItIs = ({ claims, rows, weights, bounds }) =>
  !claims.length && !rows.length && !Object.keys(weights).length && !Object.keys(bounds).length;

/** Return a list without some entries, and with them where they are wanted. */
const toggled = (all, some, wanted) => [...all.filter((each) => !some.includes(each)), ...(wanted ? some : [])];

/** Return values with one of them another; without it where it is as it was. */
const replaced = (name, value, { [name]: _, ...others }) => (value == null ? others : { ...others, [name]: value });

/** Return a field for how much an article counts. */
function weight(article, { fit, set, now }) {
  const fitted = fit.weights?.[article.name] ?? 1;
  const write = () => {
    const value = Number(select.value);
    set({ weights: replaced(article.name, value === fitted ? null : value, now().weights) });
  };
  const options = Object.entries(WEIGHTS).map(([value, text]) => h("option", { value }, text));
  const select = h("select", { id: `weight-${article.name}`, onchange: write }, options);
  return {
    element: h("label", { class: "weight" }, `Claims of ${cited(article)} count `, select),
    show({ weights }) {
      const value = String(weights[article.name] ?? fitted);
      if (![...select.options].some((each) => each.value === value)) select.add(new Option(`× ${value}`, value));
      select.value = value;
    },
  };
}

/** Return a switch for each claim of an article. */
function claimsOf(article, claims, { set, now }) {
  const one = ({ id, says, used = true }) =>
    item([id], says, {
      disabled: !used,
      note: used ? null : "The prior of this version does not rest on it.",
      isOut: ({ claims: out }) => !used || out.includes(id),
      turn: (out) => set({ claims: toggled(now().claims, [id], out) }),
    });
  return group(`Claims of ${cited(article)}`, claims.map(one));
}

/** Return rows as the reports that they are: those of a list together, each other by itself. */
function together(rows, lists) {
  const listed = new Map(lists.flatMap((list) => list.rows.map((id) => [id, list.rows])));
  const first = ({ id }) => !listed.has(id) || listed.get(id)[0] === id;
  return rows.filter(first).map(({ id }) => rows.filter((each) => (listed.get(id) ?? [id]).includes(each.id)));
}

/** Return a switch for a row, or for a list of rows, a box to doubt it, and the bounds that are the compiler's to move. */
function row(report, { study, set, now }) {
  const ids = report.map(({ id }) => id);
  const bounds = report.filter(({ bound_by: owner }) => owner === "compiler").map((each) => bound(each, { set, now }));
  const switched = item(ids, report.map((each) => h("span", {}, counted(each, study), " ")), {
    note: bounds.length ? null : OWNERS[report[0].bound_by],
    isOut: ({ rows }) => ids.some((id) => rows.includes(id)),
    // One of a list strikes them all.
    turn: (out) => set({ rows: toggled(now().rows, out ? [ids[0]] : ids, out) }),
  });
  const half = h("input", {
    type: "checkbox",
    onchange: () => set({ weights: replaced(ids[0], half.checked ? HALF : null, now().weights) }),
  });
  const doubted = h("label", { class: "note doubt" }, half, ` count ${ids.join(", ")} half`);
  switched.element.append(doubted, ...bounds.map(({ element }) => element));
  return {
    element: switched.element,
    show(supposed) {
      switched.show(supposed);
      half.checked = supposed.weights[ids[0]] === HALF;
      half.disabled = ids.some((id) => supposed.rows.includes(id));
      for (const each of bounds) each.show(supposed, ids.some((id) => supposed.rows.includes(id)));
    },
  };
}

/** Return fields for the bounds of a row. */
function bound({ id, count }, { set, now }) {
  const sides = ["low", "high"];
  const tell = calmly(PATIENCE, () => {
    const moved = sides.filter((_, at) => Number(fields[at].value) !== count[at]);
    const values = Object.fromEntries(moved.map((side) => [side, Number(fields[sides.indexOf(side)].value)]));
    set({ bounds: replaced(id, moved.length ? values : null, now().bounds) });
  });
  const check = () => {
    const [low, high] = fields.map((field) => Number(field.value));
    fields[1].setCustomValidity(low > high ? "Must not be below the other." : "");
    if (fields.every((field) => field.validity.valid)) tell();
  };
  const step = count.every(Number.isInteger) ? 1 : "any";
  const fields = sides.map((side) =>
    h("input", { type: "number", min: 0, step, required: true, id: `${side}-${id}`, oninput: check }),
  );
  const [low, high] = fields;
  return {
    element: h(
      "p",
      { class: "bound" },
      `${OWNERS.compiler} `,
      h("label", {}, `${id} at least `, low),
      " ",
      h("label", {}, "at most ", high),
    ),
    show({ bounds }, isOut) {
      fields.forEach((field, at) => {
        if (document.activeElement !== field) field.value = bounds[id]?.[sides[at]] ?? count[at];
        field.disabled = isOut;
      });
    },
  };
}

/** Return a switch: `isOut` says of what is supposed whether it is off, `turn` is told. */
function item(ids, text, { note, isOut, turn, disabled = false }) {
  const turned = () => turn(!box.checked);
  const box = h("input", { type: "checkbox", role: "switch", disabled, "data-switch": ids[0], onchange: turned });
  const element = h(
    "li",
    {},
    h("label", {}, box, h("span", {}, h("strong", {}, ids.join(", ")), " ", text)),
    note ? h("p", { class: "note" }, note) : null,
  );
  return {
    element,
    show(supposed) {
      box.checked = !isOut(supposed);
      element.classList.toggle("out", !box.checked);
    },
  };
}

/** Return switches under a heading that unfolds. */
function group(title, items) {
  const element = h(
    "details",
    { open: matchMedia("(min-width: 62rem)").matches },
    h("summary", {}, `${title} (${items.length})`),
    h("ul", { class: "switches" }, items.map((each) => each.element)),
  );
  return {
    element,
    show(supposed) {
      for (const each of items) each.show(supposed);
    },
  };
}
