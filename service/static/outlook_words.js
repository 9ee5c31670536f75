// What an outlook says in words: its two numbers, and what its levers changed.

import { h } from "./dom.js";
import { capital, day, interval, probability, significant, whole } from "./format.js";
import { called, communityOf, selectionName } from "./words.js";

/** Return what an outlook says first: how probable a decisive defection is, and how many leave. */
export function heroOf(answer, study) {
  const { decisive: chance, defections, force, first } = answer;
  const { lower, upper } = interval(defections, 0.9);
  const bounds = `${significant(lower)} to ${significant(upper)}`;
  return [
    h(
      "div",
      { class: "said" },
      h("h2", { class: "who" }, "A decisive defection in the window"),
      ...(chance.possible ? chanceOf(answer, study) : noneOf(answer, study)),
    ),
    h(
      "div",
      { class: "said" },
      h("h2", { class: "who" }, `Of ${whole(force.total)} ${study.everyone}`),
      h("p", { class: "frequency" }, `${expected(defections.mean)} leave`),
      h(
        "p",
        { class: "reading" },
        `As likely as not ${significant(defections.median)} or fewer. `,
        h("strong", {}, `90 % equal-tailed interval: ${bounds}.`),
        ` The first, as likely as not, by ${day(first.median_date)}. `,
        h(
          "span",
          { class: "note" },
          `Found: ${answer.method.name}, ${whole(answer.method.draws)} draws of the posterior.`,
        ),
      ),
    ),
  ];
}

function chanceOf(answer, study) {
  const { probability: chance, monte_carlo_error: error } = answer.decisive;
  return [
    h("p", { class: "frequency" }, `probability ${probability(chance)}`),
    h(
      "p",
      { class: "reading" },
      `that at least one of these leaves: ${decisiveOf(answer, study)}.`,
      error ? ` Monte Carlo standard error ${significant(error, 1)}.` : "",
    ),
  ];
}

/** Return why nobody whose leaving would be decisive can leave. */
function noneOf({ decisive_are: selections }, study) {
  const missing = selections.map((each) => `no ${selectionName(each, study)}`).join(" and ");
  return [
    h("p", { class: "frequency" }, "cannot happen here"),
    h("p", { class: "reading" }, `${capital(missing)} among them.`),
  ];
}

/** Return how many are to be expected to leave, as the service says it. */
const expected = (count) => (count < 0.01 ? "fewer than 0.01" : `about ${significant(count)}`);

/** Return whose leaving an outlook takes to be decisive. */
export const decisiveOf = ({ decisive_are: selections }, study) =>
  selections.map((each) => selectionName(each, study)).join(", or ");

/** Return what levers changed, and which they are. */
export function changedBy({ in_force: levers, changed }, { marks, study }) {
  const signed = (value, digits = 2) =>
    value === 0 ? "unchanged" : `${value > 0 ? "+" : "−"}${significant(Math.abs(value), digits)}`;
  const { defections, decisive: chance } = changed;
  return [
    h("h2", {}, "What the levers changed"),
    h(
      "p",
      { class: "reading" },
      "Expected defections ",
      h("strong", {}, `× ${significant(defections.ratio, 3)}`),
      ` (${signed(defections.difference, 3)}, Monte Carlo standard error `,
      `${significant(defections.monte_carlo_error, 1)}); probability of a decisive one `,
      h("strong", {}, signed(chance.difference)),
      ` (standard error ${significant(chance.monte_carlo_error, 1)}). Draw by draw, so that what is uncertain of both `,
      "alike cancels.",
    ),
    h(
      "ul",
      { class: "in-force" },
      levers.map((lever) => h("li", {}, `${inForce(lever, study)} `, marks(lever.claims))),
    ),
  ];
}

function inForce(lever, study) {
  if (lever.name === "contagion") {
    const { source, median } = lever.ratio;
    const left = already(lever.already, communityOf(study));
    return `Contagion: ratio ${significant(median)} (${source}), recent for ${lever.months} months${left}.`;
  }
  if (lever.name === "reprisal")
    return `Reprisal: hazard of those alike × ${significant(lever.factor)} for ${lever.months} months.`;
  const until = lever.months ? ` for ${lever.months} months` : "";
  const whom = selectionName(lever.for, study);
  return `Incentive: hazard × ${significant(lever.factor)} from ${day(lever.from)}${until}, for ${whom}.`;
}

function already(left, community) {
  return Object.entries(left ?? {})
    .map(([level, count]) => `; ${whole(count)} ${called(community, level)} just left`)
    .join("");
}
