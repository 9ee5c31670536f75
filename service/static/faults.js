// What is wrong with a question, said at the field that holds it.

import { h, marked } from "./dom.js";
import { capital } from "./format.js";
import { ofWhom } from "./move_options.js";

const HELD = ".window, .options label, .force > label, #priors-choice";

/** Return the field that holds what a pointer leads to in a question; null where none does. */
export function fieldOf(pointer) {
  const parts = pointer.split("/").slice(1);
  const [first, second] = parts;
  const last = parts.at(-1);
  if (first === "moves") {
    const at = parts.indexOf("of");
    const option = at > 0 ? ofWhom(parts[at + 1]) : last;
    return document.querySelector(`[data-move="${CSS.escape(second)}"] [name="${CSS.escape(option)}"]`);
  }
  if (first === "force") return document.querySelector("#heads");
  return document.querySelector(first === "officers" ? `#choose-${CSS.escape(last)}` : `#${CSS.escape(last || "none")}`);
}

/** Say at a field what is wrong with it, and unfold what it lies in. */
export function mark(field, message) {
  unmark(field);
  for (let around = field.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  const id = `fault-${field.id || field.name}`;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", id);
  (field.closest(HELD) ?? field).after(h("p", { class: "hint fault", id }, capital(message)));
}

/** Take back what was said at a field. */
export function unmark(field) {
  if (!field.hasAttribute("aria-invalid")) return;
  field.removeAttribute("aria-invalid");
  document.getElementById(field.getAttribute("aria-describedby"))?.remove();
  field.removeAttribute("aria-describedby");
}

/** Take back all that was said at fields. */
export const unmarkAll = () => document.querySelectorAll("[aria-invalid][aria-describedby^='fault-']").forEach(unmark);

/** Say each fault of a refused question at its field; return those that no field holds, as items of a list. */
export function markFaults(errors) {
  return errors.flatMap(({ pointer, rule, nearest }) => {
    const said = rule.replaceAll("`", "") + (nearest.length ? `; nearest: ${nearest.join(", ")}` : "");
    const field = fieldOf(pointer);
    if (field) return mark(field, said), [];
    return [h("li", {}, marked(`${capital(pointer.split("/").slice(1).join(" ") || "question")}: ${said}`))];
  });
}
