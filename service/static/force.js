// The force that an outlook is about: all the forces, a class of service, or profiles listed in words with head counts.

import { h } from "./dom.js";
import { capital, whole } from "./format.js";
import { packed } from "./state.js";
import { exampleOf, inWords, profileName, selectionName } from "./words.js";

const FIRST_COUNT = 100;
const MOST = { heads: 1_000_000, groups: 100 };

/** Return the kinds of force of a study: all, each class that one attribute tells, a list. */
export function kindsOf(study) {
  const told = study.classes.filter(({ of }) => Object.keys(of).length === 1);
  const classes = told.map(({ name, heads, of }) => [
    `class:${name}`,
    { text: `Only ${selectionName(of, study)}`, heads, of },
  ]);
  const all = { text: capital(study.everyone), heads: study.heads.all };
  return new Map([["all", all], ...classes, ["listed", { text: "Listed profiles", heads: study.heads.all }]]);
}

/**
 * Return a field for a force: its `element`, and `show`, which fills it; `changed` is told of a new force, and
 * `understand` asks what a text says.
 */
export function forceField({ study, understand, changed }) {
  const kinds = kindsOf(study);
  let force = null;
  const set = (changes) => {
    force = { ...force, ...changes };
    fill();
    changed(force);
  };
  const choose = (kind) => {
    const first = { ...exampleOf(study), count: FIRST_COUNT };
    const groups = kind === "listed" && !force.groups.length ? [first] : force.groups;
    set({ kind, heads: null, groups });
  };
  const radios = [...kinds].map(([kind, { text }]) => {
    const input = h("input", { type: "radio", name: "force", value: kind, onchange: () => choose(kind) });
    return h("label", { class: "radio" }, input, ` ${text}`);
  });
  const heads = h("input", { id: "heads", type: "number", min: 1, max: MOST.heads, required: true });
  heads.addEventListener("input", () => heads.checkValidity() && set({ heads: Number(heads.value) }));
  const headsLabel = h("label", { for: "heads" }, "Heads ", heads);
  const list = groupList({
    study,
    understand,
    changed: (groups) => set({ groups: groups.slice(0, MOST.groups) }),
  });

  function fill() {
    for (const label of radios) label.firstChild.checked = label.firstChild.value === force.kind;
    headsLabel.hidden = force.kind === "listed";
    if (document.activeElement !== heads) heads.value = force.heads ?? kinds.get(force.kind).heads;
    list.element.hidden = force.kind !== "listed";
    list.show(force.groups);
  }

  const title = h("legend", {}, "The force");
  return {
    element: h("fieldset", { class: "force" }, title, h("div", { class: "radios" }, radios), headsLabel, list.element),
    show(given) {
      force = given;
      fill();
    },
  };
}

function groupList({ study, understand, changed }) {
  const entries = h("ul");
  const words = h("input", { id: "group-words", type: "text", placeholder: inWords(exampleOf(study), study) });
  const limits = { type: "number", min: 1, max: MOST.heads, required: true };
  const count = h("input", { id: "group-count", value: FIRST_COUNT, ...limits });
  const hint = h("span", { class: "hint", role: "status" });
  let groups = [];
  let shown = null;

  const add = async () => {
    const found = await understand(words.value);
    if (!found) return;
    const { profile, not_understood: unknown } = found;
    hint.textContent = unknown.length ? `“${unknown[0].word}” is not a word of the vocabulary.` : "";
    if (!unknown.length && count.checkValidity()) changed([...groups, { ...profile, count: Number(count.value) }]);
  };
  const entry = (group, at) => {
    const remove = () => {
      changed(groups.toSpliced(at, 1));
      words.focus();
    };
    const name = `Remove ${profileName(group, study)}`;
    const button = h("button", { type: "button", class: "quiet", "aria-label": name, onclick: remove }, "Remove");
    return h("li", {}, `${whole(group.count)} × ${profileName(group, study)} `, button);
  };
  words.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), add()));
  const labels = [h("label", { for: "group-count" }, "Add "), h("label", { for: "group-words" }, " × ")];
  const line = h(
    "p",
    {},
    labels[0],
    count,
    labels[1],
    words,
    " ",
    h("button", { type: "button", onclick: add }, "Add"),
    " ",
    hint,
  );
  return {
    element: h("div", { class: "listed" }, entries, line),
    show(given) {
      groups = given;
      const text = groups.map(packed).join(";");
      // Only a new list is drawn anew: whoever is about to press a button keeps it.
      if (text !== shown) entries.replaceChildren(...groups.map(entry));
      shown = text;
    },
  };
}
