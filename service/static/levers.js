// What to suppose: the force, and the levers that an outlook may be asked with, each with its claims.

import { calmly, h } from "./dom.js";
import { profileName, whole } from "./format.js";
import { usualHeads } from "./state.js";
import { ATTRIBUTES, understand, wordIndex } from "./words.js";

const PATIENCE = 300;
const CLAIMS = { contagion: ["S03", "S04", "K14"], reprisal: ["K09", "K10", "K11", "S09"], incentive: ["K13"] };
const TEXTS = {
  contagion: "Recent defections from one's own sect multiply the hazard, once for each doubling of what was expected.",
  reprisal: "After a defection the regime removes the doubtful: the hazard of those alike falls.",
  incentive: "An offer of protection multiplies the hazard of those it is made to.",
};
const TITLES = { contagion: "Contagion", reprisal: "Reprisal and purge", incentive: "Incentive" };

/** Return a form of force and levers; `show` fills it, `changed` is told of a new force or new levers. */
export function suppositions({ vocabulary, marks, changed }) {
  const index = wordIndex(vocabulary);
  let force = null;
  let levers = null;
  const tell = calmly(PATIENCE, () => changed({ force, levers }));

  const kinds = [["corps", "Whole corps"], ["officers", "Officers only"], ["listed", "Listed profiles"]].map(([kind, text]) =>
    h("label", { class: "radio" }, h("input", { type: "radio", name: "force", value: kind, onchange: () => choose(kind) }), ` ${text}`));
  const heads = number({ id: "heads", min: 1, max: 1_000_000, onchange: (value) => { force = { ...force, heads: value }; tell(); } });
  const headsLabel = h("label", { for: "heads" }, "Heads ", heads);
  const listed = h("div", { class: "listed" });
  const parts = Object.fromEntries(Object.keys(TITLES).map((name) => [name, lever(name)]));

  function choose(kind) {
    force = { ...force, kind, heads: usualHeads(kind) ?? force.heads };
    if (kind === "listed" && !force.groups.length) force.groups = [{ sect: "sunni", rank: "brigadier", count: 100 }];
    fill();
    tell();
  }

  function lever(name) {
    const set = (option, value) => { levers = { ...levers, [name]: { ...levers[name], [option]: value } }; fill(); tell(); };
    const on = h("input", { type: "checkbox", id: `lever-${name}`, onchange: () => set("on", on.checked) });
    const options = OPTIONS[name](set, vocabulary);
    const body = h("div", { class: "options" }, options.map(([, element]) => element));
    const element = h("fieldset", { class: "lever", "data-lever": name }, h("legend", {}, h("label", {}, on, ` ${TITLES[name]}`)),
      h("p", { class: "note" }, TEXTS[name], " ", marks(CLAIMS[name])), body);
    return { element, fill(values) {
      on.checked = values.on;
      body.hidden = !values.on;
      for (const [option, , write] of options) write(values[option] ?? "", values);
    } };
  }

  function fill() {
    for (const label of kinds) label.firstChild.checked = label.firstChild.value === force.kind;
    headsLabel.hidden = force.kind === "listed";
    if (document.activeElement !== heads) heads.value = force.heads;
    listed.hidden = force.kind !== "listed";
    listed.replaceChildren(...listing());
    for (const [name, part] of Object.entries(parts)) part.fill(levers[name]);
  }

  function listing() {
    const entries = force.groups.map((group, at) => h("li", {}, `${whole(group.count)} × ${profileName(group)} `,
      h("button", { type: "button", class: "quiet", "aria-label": `Remove ${profileName(group)}`, onclick: () => groups(force.groups.toSpliced(at, 1)) }, "Remove")));
    const words = h("input", { id: "group-words", type: "text", placeholder: "brigadier, alawite, AFI" });
    const count = h("input", { id: "group-count", type: "number", min: 1, max: 1_000_000, value: 100 });
    const hint = h("span", { class: "hint", role: "status" });
    const add = () => {
      const { profile, unknown } = understand(words.value, index, vocabulary);
      if (unknown.length) hint.textContent = `“${unknown[0].word}” is not a word of the vocabulary.`;
      else if (count.checkValidity()) groups([...force.groups, { ...profile, count: Number(count.value) }]);
    };
    words.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), add()));
    return [h("ul", {}, entries), h("p", {}, h("label", { for: "group-count" }, "Add "), count, h("label", { for: "group-words" }, " × "), words, " ",
      h("button", { type: "button", onclick: add }, "Add"), " ", hint)];
  }

  function groups(next) {
    force = { ...force, groups: next.slice(0, 100) };
    fill();
    tell();
  }

  const element = h("form", { class: "suppositions", autocomplete: "off", onsubmit: (event) => event.preventDefault() },
    h("fieldset", { class: "force" }, h("legend", {}, "The force"), h("div", { class: "radios" }, kinds), headsLabel, listed),
    Object.values(parts).map((part) => part.element));
  return { element, show(state) {
    ({ force, levers } = state);
    fill();
  } };
}

function number({ id, onchange, ...limits }) {
  const input = h("input", { id, type: "number", ...limits, oninput: () => input.value !== "" && input.checkValidity() && onchange(Number(input.value)) });
  return input;
}

/** Return an option: its name, its label with a field, and what writes a value into the field. */
function field(name, text, input, set) {
  input.addEventListener(input.tagName === "SELECT" ? "change" : "input", () => input.checkValidity() && set(name, input.value));
  const label = h("label", {}, `${text} `, input);
  return [name, label, (value) => { if (document.activeElement !== input) input.value = value; }];
}

const numeric = (limits) => h("input", { type: "number", step: "any", required: true, ...limits });
const choices = (entries) => h("select", {}, entries.map(([value, text]) => h("option", { value }, text)));

const OPTIONS = {
  contagion(set, vocabulary) {
    const { levels } = vocabulary.attributes.find((each) => each.name === "sect");
    const source = field("source", "Ratio from", choices([["pooled", "both articles"], ["al-kattan", "al-Kattan"], ["stratfor", "Stratfor"], ["stated", "my own number"]]), set);
    const ratio = field("ratio", "Ratio", numeric({ min: 0.1, max: 10 }), set);
    const write = ratio[2];
    ratio[2] = (value, values) => { ratio[1].hidden = values.source !== "stated"; write(value); };
    return [source, ratio, field("months", "Recent for months", numeric({ min: 0, max: 60, step: 1 }), set),
      field("weight", "Weight within intelligence", numeric({ min: 0, max: 10 }), set),
      field("sect", "Just left, of the sect", choices([["", "nobody"], ...levels.map(({ name }) => [name, name])]), set),
      field("already", "so many", numeric({ min: 1, max: 1000, step: 1 }), set)];
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
      return field(name, name, choices([["", "any"], ...Object.keys(groups).map((group) => [group, group]), ...levels.map((level) => [level.name, level.name])]), set);
    }),
  ],
};

/** Return the levers that are on, as the service takes them. */
export function leversBody(levers) {
  const body = {};
  const { contagion, reprisal, incentive } = levers;
  if (contagion.on) {
    const ratio = contagion.source === "stated" ? { ratio: Number(contagion.ratio) } : { prior_set: contagion.source };
    const already = contagion.sect ? { already: [{ sect: contagion.sect, count: Number(contagion.already) }] } : {};
    body.contagion = { ...ratio, months: Number(contagion.months), intelligence_weight: Number(contagion.weight), ...already };
  }
  if (reprisal.on) body.reprisal = { factor: Number(reprisal.factor), months: Number(reprisal.months) };
  if (incentive.on) {
    const to = Object.fromEntries(ATTRIBUTES.filter((name) => incentive[name]).map((name) => [name, [incentive[name]]]));
    body.incentives = [{ factor: Number(incentive.factor), from: incentive.from, ...(incentive.months ? { months: Number(incentive.months) } : {}), for: to }];
  }
  return body;
}
