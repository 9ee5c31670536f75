// What an outlook says in words: its two numbers, and what its moves changed.

import { h } from "./dom.js";
import { capital, day, interval, probability, significant, whole } from "./format.js";
import { NUMBERS, setName, TITLES } from "./move_terms.js";
import { called, communityOf, selectionName } from "./words.js";

/** Return what an outlook says first, in two parts: how probable a decisive defection is, and how many leave. */
export function heroOf(answer, study) {
  const { decisive: chance, defections, force, first } = answer;
  const { lower, upper } = interval(defections, 0.9);
  const bounds = `${significant(lower)} to ${significant(upper)}`;
  return [
    [
      h("h2", { class: "who" }, "A decisive defection in the window"),
      ...(chance.possible ? chanceOf(answer, study) : noneOf(answer, study)),
    ],
    [
      h("h2", { class: "who" }, `Of ${whole(force.total)} ${study.everyone}`),
      h("p", { class: "frequency" }, `${expected(defections.mean)} leave`),
      h(
        "p",
        { class: "reading" },
        `As likely as not ${significant(defections.median)} or fewer. `,
        h("strong", {}, `90 % equal-tailed interval: ${bounds}.`),
        ` The first, as likely as not, by ${day(first.median_date)} (to the ${first.resolution}). `,
        h(
          "span",
          { class: "note" },
          `Found: ${answer.method.name}, ${whole(answer.method.draws)} draws of the posterior.`,
        ),
      ),
    ],
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

/** Return a difference with its sign, and its Monte Carlo standard error. */
export function differing({ difference, monte_carlo_error: error }, digits = 2) {
  if (difference === 0) return "unchanged";
  const signed = `${difference > 0 ? "+" : "−"}${significant(Math.abs(difference), digits)}`;
  return `${signed} (standard error ${significant(error, 1)})`;
}

/** Return what moves changed, which they are, and which part of the answer is fitted and which supposed. */
export function changedBy({ in_force: moves, changed, rests }, { marks, study }) {
  const { defections, decisive: chance } = changed;
  return [
    h("h2", {}, "What the moves changed"),
    h(
      "p",
      { class: "reading" },
      "Expected defections ",
      defections.ratio === null ? "from none" : h("strong", {}, `× ${significant(defections.ratio, 3)}`),
      `, ${differing(defections, 3)}; probability of a decisive one `,
      h("strong", {}, differing(chance)),
      ". Draw by draw, so that what is uncertain of both alike cancels.",
    ),
    h("p", { class: "note" }, `${rests.fitted} ${rests.supposed}`),
    h(
      "details",
      { class: "rests" },
      h("summary", {}, `The moves in force, and what their numbers rest on (${moves.length})`),
      h("ul", { class: "in-force" }, moves.map((each) => h("li", {}, inForce(each, { marks, study })))),
    ),
  ];
}

/** Return a move in force: its numbers, whose they are and what they rest on, on whom it falls, and when. */
function inForce(move, { marks, study }) {
  const { name, numbers, of, above, replaced_by: levels, months, from, already: left } = move;
  const told = [
    ...Object.entries(numbers).map(([number, each]) => `${nameOf(name, number)} ${valueOf(each, study)}`),
    of && selectionName(of, study),
    above && `from a predicted risk of ${significant(above)}`,
    levels && (Object.keys(levels).length ? `replaced by: ${Object.values(levels).join(", ")}` : "not replaced"),
    from && `from ${day(from)}`,
    months && `for ${months} months`,
    ...Object.entries(left ?? {}).map(([level, count]) => `${whole(count)} ${called(communityOf(study), level)} just left`),
  ].filter(Boolean);
  const sources = Object.values(numbers).flatMap(({ source }) => source ?? []);
  return [
    h("strong", {}, TITLES[name]),
    `: ${told.join("; ")}. `,
    marks(move.claims),
    ...sources.map((source) => h("p", { class: "note" }, `${capital(source)}.`)),
  ];
}

const nameOf = (name, number) => (NUMBERS[name]?.[number].text ?? "Ratio").toLowerCase();

/** Return a number of a move, and whose it is. */
function valueOf({ whose, median, interval_90: range, basis }, study) {
  if (whose === "yours") return `${significant(median)} (yours)`;
  const owner = basis ? `${whose}, ${basis}` : `prior of ${setName(study, whose)}`;
  const between = range ? `: 90 % between ${range.map((bound) => significant(bound)).join(" and ")}` : "";
  return `${significant(median)} (${owner}${between})`;
}
