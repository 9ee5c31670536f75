// The view of what would be: a risk and the claims, were claims, articles or rows of evidence others.

import { Problem } from "./api.js";
import { numberLine, numberLineRows } from "./charts.js";
import { h, marked } from "./dom.js";
import { copy } from "./export.js";
import { figure } from "./figure.js";
import { ninety, probability, scaleBeside, significant, times } from "./format.js";
import { known } from "./sources.js";
import { isAsItIs, suppositionFields } from "./suppositions.js";
import { profileName } from "./words.js";

const PATH = "/v1/what-if";
const MOST_CLAIMS = 8;
const NOTHING = 0.005;
const GOOD = 0.5;
const REMEDY = "A row that counts half can mostly be told where one that is struck cannot.";
const LIST = new Intl.ListFormat("en-GB");

/** Put the view into a place; claims and rows are those of the version that answers. `changed` is told of suppositions. */
export function whatIfView(place, { study, marks, changed }) {
  const form = h("div", { class: "switchboard" });
  const hero = h("div", { class: "at-once" });
  const sure = h("div", { class: "sure" });
  const refused = h("p", { class: "note", role: "status" });
  const line = figure({
    name: "what-if",
    title: "As it is, and as it would be",
    note: "Median with its 50 % (thick) and 90 % (thin) equal-tailed intervals; every step to the right is ten times the risk.",
  });
  const claims = h("section", { class: "moved" });
  const told = h("div", { class: "would-be" }, hero, sure, line.element, claims);
  place.replaceChildren(refused, h("div", { class: "what-if" }, form, told));
  let drawn = {};

  /** Return the fields of a version, with its claims; they stay as long as it answers. */
  async function drawnFor({ version }, ask) {
    if (drawn.version === version) return drawn;
    const { fit, claims } = await known(ask, version);
    const fields = suppositionFields({ study, ledger: claims, fit, changed });
    form.replaceChildren(fields.element);
    return (drawn = { version, fields, ledger: claims });
  }

  async function show({ ask, profile, supposed, terms, source }) {
    drawn.fields?.show(supposed);
    const body = { officers: [profile], ...bodyOf(supposed), ...terms };
    const answer = await asked(ask, body);
    refused.replaceChildren(...marked(answer.refusal ?? ""));
    form.hidden = told.hidden = Boolean(answer.refusal);
    if (answer.refusal) return { spoken: answer.refusal };
    const { fields, ledger } = await drawnFor(answer.model, ask);
    fields.show(supposed);
    const [officer] = answer.officers;
    const name = profileName(profile, study);
    const struck = answer.changes.without_rows.length > 0;
    const given = { name, struck, supposed: !isAsItIs(supposed) && inWords(answer.changes, study) };
    hero.replaceChildren(...heroOf(officer, given));
    sure.replaceChildren(...surenessOf(answer, given));
    line.show({ source: source(answer, name), ...lineOf(officer, given) });
    claims.replaceChildren(...moved(answer.claims, { ledger, marks, ...given }));
    const spoken = [given.supposed, `${name}: ${officer.in_words}.`, answer.in_words].filter(Boolean).join(" ");
    return { spoken, model: answer.model, subject: `What if? ${name}`, recipe: { path: PATH, body } };
  }

  return { show };
}

/** Return what the service says, or why the version that answers cannot say it. */
async function asked(ask, body) {
  try {
    return await ask("what-if", PATH, body);
  } catch (error) {
    if (error instanceof Problem && error.status === 409) return { refusal: error.detail };
    throw error;
  }
}

const bodyOf = ({ claims, rows, weights, bounds }) => ({ without_claims: claims, without_rows: rows, weights, bounds });

/** Return what is supposed as a sentence. */
function inWords({ without_claims: claims, without_rows: rows, weights, bounds }, { articles }) {
  const called = (name) => articles.find((each) => each.name === name)?.called ?? name;
  const parts = [
    claims.length && `without ${LIST.format(claims)}`,
    rows.length && `without the rows ${LIST.format(rows)}`,
    ...Object.entries(weights).map(([name, weight]) => `${called(name)} × ${significant(weight)}`),
    ...Object.entries(bounds).map(([row, { low, high }]) =>
      [`${row} counts`, low != null && `at least ${low}`, high != null && `at most ${high}`].filter(Boolean).join(" "),
    ),
  ].filter(Boolean);
  return parts.length ? `Supposed: ${parts.join("; ")}.` : "";
}

/** Return the risk as it would be, beside as it is. */
function heroOf({ as_it_is: before, as_it_would_be: after, ratio }, { name, supposed, struck }) {
  const scale = scaleBeside([before, after].filter(Boolean));
  const range = (risk) => scale.between(ninety(risk).lower, ninety(risk).upper);
  const [headline, reading] = !supposed
    ? [scale.about(before.mean), ["as it is. Switch off a claim or a row, weigh an article, move a bound."]]
    : after
      ? [scale.about(after.mean), [`where it is ${scale.about(before.mean)}: `, h("strong", {}, times(ratio))]]
      : ["Reweighting cannot tell", [`what it would be; as it is, ${scale.about(before.mean)}. ${struck ? REMEDY : ""}`]];
  const [shown, beside] = supposed && after ? [after, `; as it is, ${range(before)}`] : [before, ""];
  return [
    h("h2", { class: "who" }, name),
    h("p", { class: "frequency" }, headline),
    h("p", { class: "reading" }, reading),
    h("p", { class: "note" }, `90 % equal-tailed interval: ${range(shown)}${beside}.`),
  ];
}

/** Return how sure the answer is, and what makes sure. */
function surenessOf({ in_words: words, reweighting: { known, pareto_k: k }, refit }, { supposed }) {
  if (!supposed) return [];
  const said = h("span", { role: "status" });
  const take = async () => {
    await copy(refit);
    said.textContent = "Copied.";
    setTimeout(() => (said.textContent = ""), 3000);
  };
  const trust = k <= GOOD ? " That can be relied on." : " That is near the limit: take it for a rough figure.";
  const button = h("button", { type: "button", onclick: take }, "Refit to be sure: copy the command");
  return [
    h("p", { class: "strong" }, supposed),
    h("p", {}, words, known ? trust : ""),
    h("p", { class: "go" }, button, " ", said),
    h("pre", { tabindex: "0", role: "region", "aria-label": "Command of the refit" }, h("code", {}, refit)),
  ];
}

function lineOf({ as_it_is: before, as_it_would_be: after }, { supposed }) {
  const entries = [
    supposed && after && { name: "As it would be", colour: "var(--posterior)", ...after },
    { name: "As it is", colour: supposed ? "var(--muted)" : "var(--posterior)", ...before },
  ].filter(Boolean);
  const scale = scaleBeside(entries);
  const said = ({ name, ...risk }) => {
    const { mean, lower, upper } = ninety(risk);
    return `${name}: ${scale.about(mean)}, 90 % interval ${scale.between(lower, upper)}`;
  };
  return {
    draw: (width) => numberLine(width, entries),
    label: entries.map(said).join(". "),
    ...numberLineRows(entries),
  };
}

/** Return the claims whose probability moves most, as a table. */
function moved(claims, { ledger, marks, supposed }) {
  const far = ({ probability: before, would_be: after }) => (after == null ? 0 : Math.abs(after - before));
  const some = claims.filter((each) => far(each) >= NOTHING);
  const most = some.toSorted((one, other) => far(other) - far(one)).slice(0, MOST_CLAIMS);
  if (!supposed || !most.length) return [];
  const says = new Map(ledger.map((claim) => [claim.id, claim.says]));
  const head = ["Claim", "Says", "As it is", "Would be"].map((text) => h("th", { scope: "col" }, text));
  const line = ({ id, probability: before, would_be: after }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, marks([id])),
      h("td", {}, says.get(id) ?? ""),
      h("td", {}, probability(before)),
      h("td", { class: "strong" }, probability(after)),
    );
  return [
    h("h2", {}, "Claims that move most"),
    h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, most.map(line))),
    h("p", { class: "note" }, "Probability that what a claim predicts holds."),
  ];
}
