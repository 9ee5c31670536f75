// Choosing a profile: a sentence whose words each open a choice of levels, and a box that understands words.

import { calmly, h } from "./dom.js";
import { capital } from "./format.js";
import { WRITTEN } from "./in_study.js";
import { called, changed, exampleOf, inWords, isWord, levelsOf, slots } from "./words.js";

const PATIENCE = 250;
const UNIT = "unit:";

/**
 * Put the sentence into one place and the box into another; `show` gives them a profile, `onchange` is told of what is
 * chosen, and `understand` asks what a text says.
 */
export function chooser(place, beside, { study, understand, onchange }) {
  const box = h("input", {
    id: "words",
    type: "text",
    spellcheck: "false",
    autocapitalize: "none",
    placeholder: inWords(exampleOf(study), study),
    "aria-describedby": "understood",
  });
  const twice = h("p", { class: "hint", role: "status" });
  const parts = slots(study).map((part) => (part.attribute ? slot(part, study) : part));
  const choices = parts.filter((part) => part.select);
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
    twice.textContent = found.stated_twice.map((name) => `${capital(name)} is stated twice; the first is taken.`).join(" ");
    const unknown = found.not_understood.map(({ word }) => word).join(" ");
    const next = { ...found.profile, ...(unknown && { [WRITTEN]: unknown }) };
    if (same(next, profile)) return;
    profile = next;
    setSlots();
    onchange(profile, { quietly: true });
  };
  const setSlots = () => choices.forEach((choice, at) => choice.show(profile, at === 0));
  const write = () => {
    box.value = understoodText = [inWords(profile, study), profile[WRITTEN]].filter(Boolean).join(", ");
    twice.textContent = "";
  };

  box.addEventListener("input", calmly(PATIENCE, read));
  box.addEventListener("change", read);
  for (const { name, select } of choices)
    select.addEventListener("change", () => {
      const { [WRITTEN]: _, ...understood } = profile;
      const [unit, level] = select.value.startsWith(UNIT) ? [select.value.slice(UNIT.length), ""] : [null, select.value];
      profile = { ...changed(understood, name, level, study), ...(unit && { unit }) };
      setSlots();
      write();
      onchange(profile, {});
    });
  place.replaceChildren(...parts.map((part) => part.element ?? part));
  beside.replaceChildren(h("label", { for: "words" }, "Or write it in words"), box, twice);
  setSlots();
  return {
    show(given) {
      // What is being written is the reader's: only another profile changes it.
      if (same(given, profile)) return;
      profile = given;
      setSlots();
      write();
    },
  };
}

/** Return a word of the sentence that opens a choice: its `element`, its `select`, and `show`, which sets both. */
function slot({ attribute, unknown }, study) {
  const { name, definition, levels } = attribute;
  const units = name === study.units?.attribute ? study.units.named : [];
  const select = h(
    "select",
    { id: `choose-${name}`, name, "aria-label": capital(name) },
    h("option", { value: "" }, `any. ${definition}`),
    levels.map((level) => h("option", { value: level.name }, defined(level))),
    units.length
      ? h("optgroup", { label: "A unit by name" }, units.map((unit) => h("option", { value: UNIT + unit.name }, unit.name)))
      : null,
  );
  const word = h("span", { "aria-hidden": "true" });
  const element = h("span", { class: "slot" }, word, select);
  return {
    name,
    element,
    select,
    show(profile, first) {
      const stated = profile[name];
      const wrong = stated != null && !isWord(study, name, stated);
      const unit = units.find((each) => each.name === profile.unit);
      const level = levelsOf(profile, study)[name];
      const text = wrong ? `“${stated}”` : (unit?.name ?? (level ? called(attribute, level) : unknown));
      word.textContent = first ? capital(text) : text;
      select.value = unit ? UNIT + unit.name : wrong ? "" : (level ?? "");
      element.classList.toggle("open", !level);
      element.classList.toggle("wrong", wrong);
      select.title = levels.find((each) => each.name === level)?.definition ?? definition;
    },
  };
}

/** Return a level with what it means, where that says more than its name. */
function defined({ called: word, plural, definition }) {
  const bare = definition.replace(/\.$/, "").toLowerCase();
  return [word, plural].some((each) => each.toLowerCase() === bare) ? word : `${word}: ${definition}`;
}

/** Return whether two profiles state the same. */
function same(one, other) {
  const names = Object.keys({ ...one, ...other });
  return names.every((name) => one[name] === other[name]);
}
