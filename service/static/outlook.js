// The view of a force: how many would leave, when, who, and what levers would change.

import { h } from "./dom.js";
import { figure } from "./figure.js";
import { capital, day, interval, probability, significant, whole } from "./format.js";
import { cellsPath, gathered } from "./cells.js";
import { leversBody, suppositions } from "./levers.js";
import { atLeast, byAttribute, decisive, exceedance, fan, who } from "./outlook_charts.js";

const NOW = ["posterior", "as supposed"];
const WITHOUT = ["prior", "without the levers"];

/** Put the outlook into a place. `changed` is told of a new force or new levers. */
export function outlookView(place, { vocabulary, marks, changed }) {
  const form = suppositions({ vocabulary, marks, changed });
  const hero = h("div", { class: "hero outlook-hero" });
  const figures = Object.fromEntries([
    ["fan", { title: "How many, by when", note: "Defections up to each day: median, 50 % and 90 % equal-tailed intervals." }],
    ["decisive", { title: "A decisive defection, by when", note: "Probability that at least one general of the core, or of an elite unit, has left." }],
    ["at-least", { title: "At least so many in the window", note: "Probability that the number of defections is at least that on the axis (scale of logarithms)." }],
    ["who", { title: "Who leaves", note: "Number of defections from each level: median (at the right), 50 % and 90 % equal-tailed intervals." }],
  ].map(([name, options]) => [name, figure({ name: `outlook-${name}`, legend: name === "who" ? [] : [NOW, WITHOUT], ...options })]));
  for (const name of ["fan", "who"]) figures[name].element.classList.add("wide");
  const changes = h("section", { class: "wide changed", hidden: true });
  place.replaceChildren(h("div", { class: "supposed" }, form.element,
    h("div", { class: "foreseen" }, hero, changes, h("div", { class: "figures" }, Object.values(figures).map((each) => each.element)))));

  async function show({ ask, force, levers, terms, source }) {
    form.show({ force, levers });
    const body = { force: await groupsOf(force, terms, { ask, vocabulary }), levers: leversBody(levers), ...terms };
    const answer = await ask("outlook", "/v1/outlooks", body);
    const given = { now: answer, without: answer.levers?.without, start: answer.window.from };
    const about = source(answer);
    hero.replaceChildren(...heroOf(answer));
    changes.hidden = !answer.levers;
    changes.replaceChildren(...(answer.levers ? changedBy(answer.levers, marks) : []));
    place.classList.toggle("compared", Boolean(answer.levers));
    figures.fan.show({ source: about, draw: (width) => fan(width, given), ...fanRows(answer), label: answer.in_words });
    figures.decisive.show({ source: about, draw: (width) => decisive(width, given), label: `Probability ${probability(answer.decisive.probability)} by ${day(answer.window.to)}.`,
      columns: ["by", "probability"], rows: answer.over_time.map((point) => [day(point.until), probability(point.decisive_probability)]) });
    figures["at-least"].show({ source: about, draw: (width) => atLeast(width, given), label: answer.at_least.map((each) => `${whole(each.count)}: ${probability(each.probability)}`).join("; "),
      columns: ["at least", "probability"], rows: exceedance(answer).map((point) => [whole(point.count), probability(point.probability)]) });
    figures.who.show({ source: about, draw: (width) => who(width, answer), ...whoRows(answer), label: "Median numbers by level of each attribute." });
    return { spoken: `${answer.in_words}.`, model: answer.model, recipe: { path: "/v1/outlooks", body } };
  }

  return { show };
}

/** Return the groups of a force: the corps as it is made up, its officers rank by rank, or those listed. */
async function groupsOf({ kind, heads, groups }, terms, { ask, vocabulary }) {
  if (kind === "listed" && groups.length) return groups;
  if (kind !== "officers") return [{ count: heads }];
  const shares = await rankShares(terms, ask);
  const { officers } = vocabulary.attributes.find((each) => each.name === "rank").groups;
  const total = officers.reduce((sum, rank) => sum + shares.get(rank), 0);
  return officers.map((rank) => ({ rank, count: Math.max(1, Math.round((heads * shares.get(rank)) / total)) }));
}

/** Return the share of each rank in the corps. */
async function rankShares(terms, ask) {
  const { rows } = gathered(await ask("officers", cellsPath(terms)));
  const shares = new Map();
  for (const { rank, corps_share: share } of rows) shares.set(rank, (shares.get(rank) ?? 0) + share);
  return shares;
}

function heroOf(answer) {
  const { decisive: chance, defections, force, first } = answer;
  const { lower, upper } = interval(defections, 0.9);
  const error = chance.monte_carlo_error;
  return [
    h("div", { class: "said" },
      h("h2", { class: "who" }, "A decisive defection in the window"),
      h("p", { class: "frequency" }, `probability ${probability(chance.probability)}`),
      h("p", { class: "reading" }, `that at least one of these leaves: ${answer.decisive_are.map(selected).join(", or ")}.`,
        error ? ` Monte Carlo standard error ${significant(error, 1)}.` : "")),
    h("div", { class: "said" },
      h("h2", { class: "who" }, `Of ${whole(force.total)} men`),
      h("p", { class: "frequency" }, `about ${whole(rounded(defections.median))} leave`),
      h("p", { class: "reading" }, h("strong", {}, `90 % equal-tailed interval: ${whole(rounded(lower))} to ${whole(rounded(upper))}.`), ` The first, as likely as not, by ${day(first.median_date)}. `,
        h("span", { class: "note" }, `Found: ${answer.method.name}, ${whole(answer.method.draws)} draws of the posterior.`))),
  ];
}

const rounded = (count) => (count < 1000 ? count : Number(count.toPrecision(3)));

/** Return whom a selection means: "a general of the core". */
function selected({ sect = [], rank = [], eliteness = [], proximity = [] }) {
  const any = (words) => words.join(" or ");
  const who = [any(sect.map(capital)), any(rank)].filter(Boolean).join(" ") || "one";
  return [`any ${who}`, eliteness.length && `of ${any(eliteness)} units`, proximity.length && (any(proximity) === "core" ? "of the core" : any(proximity))].filter(Boolean).join(" ");
}

function changedBy({ in_force: levers, changed }, marks) {
  const signed = (value, digits = 2) => (value === 0 ? "unchanged" : `${value > 0 ? "+" : "−"}${significant(Math.abs(value), digits)}`);
  const { defections, decisive: chance } = changed;
  return [
    h("h2", {}, "What the levers changed"),
    h("p", { class: "reading" }, "Expected defections ", h("strong", {}, `× ${significant(defections.ratio, 3)}`), ` (${signed(defections.difference, 3)}, Monte Carlo standard error ${significant(defections.monte_carlo_error, 1)}); `,
      "probability of a decisive one ", h("strong", {}, signed(chance.difference)), ` (standard error ${significant(chance.monte_carlo_error, 1)}). Draw by draw, so that what is uncertain of both alike cancels.`),
    h("ul", { class: "in-force" }, levers.map((lever) => h("li", {}, `${inForce(lever)} `, marks(lever.claims)))),
  ];
}

function inForce(lever) {
  if (lever.name === "contagion") {
    const { source, median } = lever.ratio;
    return `Contagion: ratio ${significant(median ?? lever.ratio)}${source ? ` (${source})` : ""}, recent for ${lever.months} months${already(lever.already)}.`;
  }
  if (lever.name === "reprisal") return `Reprisal: hazard of those alike × ${significant(lever.factor)} for ${lever.months} months.`;
  return `Incentive: hazard × ${significant(lever.factor)} from ${day(lever.from)}${lever.months ? ` for ${lever.months} months` : ""}, for ${selected(lever.for) || "all"}.`;
}

function already(left) {
  return Object.entries(left ?? {}).map(([sect, count]) => `; ${whole(count)} ${capital(sect)} just left`).join("");
}

function fanRows({ over_time: points }) {
  return {
    columns: ["by", "mean", "median", "50 % from", "50 % to", "90 % from", "90 % to"],
    rows: points.map((point) => [day(point.until), whole(point.mean), whole(point.median), ...[0.5, 0.9].flatMap((wanted) => [interval(point, wanted).lower, interval(point, wanted).upper].map(whole))]),
  };
}

function whoRows(answer) {
  return {
    columns: ["attribute", "level", "mean", "median", "90 % from", "90 % to"],
    rows: byAttribute(answer).map((row) => [row.attribute, row.level, significant(row.mean, 3), whole(row.median), whole(interval(row, 0.9).lower), whole(interval(row, 0.9).upper)]),
  };
}
