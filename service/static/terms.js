// The study in words, and the days and the prior set that are asked about.

import { canBeWeighed } from "./articles.js";
import { $ } from "./dom.js";

/** Say what the study is about. */
export function prepareWords({ title, question, limits, ...study }) {
  $("title").textContent = title;
  $("asked").textContent = question;
  $("limits").textContent = limits;
  $("articles-link").hidden = !canBeWeighed(study);
  $("question").hidden = false;
}

/** Offer the days of the study, and the prior sets of which versions are served. */
export function prepareTerms(study, model) {
  const { from, to } = study.window;
  for (const name of ["from", "to"]) Object.assign($(name), { min: from, max: to });
  const available = model.priors_available ?? [];
  const sets = [...new Set(available.map((each) => each.priors))];
  $("priors-choice").hidden = sets.length < 2;
  $("priors").replaceChildren(...sets.map((name) => new Option(name, name)));
}

/** Return the window and the prior set that a state asks about. */
export function termsOf({ window: stated, priors }, study) {
  const { from, to } = study.window;
  const offered = [...$("priors").options].some((option) => option.value === priors);
  return { window: { from: stated.from ?? from, to: stated.to ?? to }, ...(offered ? { priors } : {}) };
}
