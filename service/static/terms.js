// The study in words, what terms of the trade mean, and the days and the version that are asked about.

import { canBeWeighed } from "./articles.js";
import { $ } from "./dom.js";

/** What a reader may not know, a line each, for where it is first used. */
export const MEANS = {
  "equal-tailed": "Equal-tailed: as many draws lie below the interval as above it.",
  "posterior contraction": "the share of the prior’s variance that the evidence took away",
  hazard: "Hazard: the rate at which those still serving leave.",
  "prior set": "whose claims the priors rest on",
};

/** Say what the study is about. */
export function prepareWords({ title, question, limits, ...study }) {
  $("title").textContent = title;
  $("asked").textContent = question;
  const [, first, rest] = /^(.*?[.!?])\s+(.*)$/s.exec(limits) ?? [null, limits, ""];
  $("limits").textContent = first;
  $("limits-more").textContent = rest;
  $("articles-link").hidden = !canBeWeighed(study);
}

/** Offer the days of the study, and the prior sets of which versions are served. */
export function prepareTerms(study, model) {
  const { from, to } = study.window;
  for (const name of ["from", "to"]) Object.assign($(name), { min: from, max: to });
  const available = model.priors_available ?? [];
  const sets = [...new Set(available.map((each) => each.priors))];
  $("priors-choice").hidden = sets.length < 2;
  $("priors-mean").textContent = MEANS["prior set"];
  $("priors").replaceChildren(...sets.map((name) => new Option(name, name)));
  $("priors").value = model.model.priors;
}

/** Return the window that a state asks about and, where it names one, the version. */
export function termsOf({ window: stated, version }, study) {
  const { from, to } = study.window;
  return { window: { from: stated.from ?? from, to: stated.to ?? to }, ...(version ? { version } : {}) };
}
