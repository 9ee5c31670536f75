// Choosing a profile: one box that understands words, and a list for each attribute, each saying the same as the other.

import { calmly, h } from "./dom.js";
import { capital } from "./format.js";
import { changed, exampleOf, inWords, levelsOf } from "./words.js";

const PATIENCE = 250;

/**
 * Put a chooser into a place; `show` gives it a profile, `onchange` is told of what is chosen, and `understand` asks what
 * a text says.
 */
export function chooser(place, { study, understand, onchange }) {
  const box = h("input", {
    id: "words",
    type: "text",
    spellcheck: "false",
    autocapitalize: "none",
    placeholder: inWords(exampleOf(study), study),
    "aria-describedby": "understood",
  });
  const understood = h("p", { id: "understood", class: "hint", "aria-live": "polite" });
  const lists = new Map(study.attributes.map((attribute) => [attribute.name, list(attribute)]));
  let profile = {};
  let understoodText = "";

  const read = async () => {
    // Leaving the box is no news, and must not take away the button that is being pressed.
    if (box.value === understoodText) return;
    const text = box.value;
    understoodText = text;
    const found = await understand(text);
    // What was written or picked since is what counts.
    if (understoodText !== text) return;
    if (!found) {
      understoodText = null;
      return;
    }
    understood.replaceChildren(
      ...hints(found, (from, to) => {
        box.value = box.value.replace(from, to);
        read();
      }),
    );
    if (same(found.profile, profile)) return;
    profile = found.profile;
    setLists();
    onchange(profile, { quietly: true });
  };
  const setLists = () => {
    const levels = levelsOf(profile, study);
    for (const [name, select] of lists) select.value = levels[name] ?? "";
  };
  const write = () => {
    box.value = understoodText = inWords(profile, study);
    understood.replaceChildren();
  };
  const pick = (name, value) => {
    profile = changed(profile, name, value, study);
    write();
    onchange(profile, {});
  };

  const calm = calmly(PATIENCE, read);
  box.addEventListener("input", calm);
  box.addEventListener("change", read);
  for (const [name, select] of lists) select.addEventListener("change", () => pick(name, select.value));
  place.replaceChildren(
    h("div", { class: "words" }, h("label", { for: "words" }, "Describe a profile in words"), box, understood),
    ...[...lists].map(([name, select]) =>
      h("div", { class: "choice" }, h("label", { for: select.id }, capital(name)), select),
    ),
  );
  return {
    show(given) {
      // What is being written is the reader's: only another profile changes it.
      if (same(given, profile)) return;
      profile = given;
      setLists();
      write();
    },
  };
}

function list({ name, levels }) {
  const options = levels.map((level) => h("option", { value: level.name, title: level.definition }, level.name));
  return h("select", { id: `choose-${name}`, name }, h("option", { value: "" }, "unknown"), options);
}

/** Return whether two profiles state the same. */
function same(one, other) {
  const names = Object.keys({ ...one, ...other });
  return names.every((name) => one[name] === other[name]);
}

function hints({ not_understood: unknown, stated_twice: twice }, replace) {
  const texts = unknown.map(({ word, nearest }) =>
    h(
      "span",
      {},
      `“${word}” is not a word of the vocabulary. `,
      nearest &&
        h("button", { type: "button", class: "quiet", onclick: () => replace(word, nearest) }, `Take “${nearest}”`),
      " ",
    ),
  );
  const contradictions = twice.map((name) => h("span", {}, `${capital(name)} is stated twice; the first is taken. `));
  return [...texts, ...contradictions];
}
