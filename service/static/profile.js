// The view of one profile: its risk in words and as a crowd, where it comes from, when, and what would change it.

import { h } from "./dom.js";
import { density, densityRows, hazard, hazardRows, menOf, numberLine, numberLineRows } from "./charts.js";
import { counterfactuals } from "./counterfactuals.js";
import { figure } from "./figure.js";
import { blur, day, interval, ninety, probability, scaleBeside, scaleOf, significant, times, whole } from "./format.js";
import { canBeDrawn, crowd } from "./icons.js";
import { written } from "./state.js";
import { MEANS } from "./terms.js";
import { waterfall } from "./waterfall.js";
import { profileName } from "./words.js";
import { worked } from "./worked.js";

const BOTH = [
  ["posterior", "posterior"],
  ["prior", "prior"],
];

/** Put the view of one profile into a place. `show` asks and draws; it returns what was asked and the answer in words. */
export function profileView(place, { study, marks, choose }) {
  const hero = h("div", { class: "hero" });
  const begin = h("nav", { class: "worked", "aria-label": "Questions to begin with" });
  const line = figure({
    name: "risk",
    title: "On the scale of risks",
    note: "Median with its 50 % (thick) and 90 % (thin) equal-tailed intervals; every step to the right is ten times the risk.",
  });
  const curve = figure({
    name: "density",
    title: "How sure: before and after the evidence",
    legend: BOTH,
    note: "Density of the logarithm of the risk. Bars below: 50 % and 90 % equal-tailed intervals.",
  });
  const periods = figure({ name: "hazard", title: "When: the hazard over time", legend: BOTH });
  const steps = waterfall(marks, study);
  const changes = counterfactuals(choose);
  place.replaceChildren(
    hero,
    begin,
    h("div", { class: "figures" }, line.element, curve.element, periods.element, steps.element, changes.element),
  );

  async function show({ ask, terms, source, ...state }) {
    const { profile } = state;
    begin.replaceChildren(...(Object.keys(profile).length ? [] : worked(study, state)));
    const body = { officers: [profile, {}], ...terms };
    const one = { officers: [profile], ...terms };
    const [answer, distributions, varied] = await Promise.all([
      ask("assessments", "/v1/assessments", body),
      ask("distributions", "/v1/distributions", one),
      ask("counterfactuals", "/v1/counterfactuals", one),
    ]);
    const [assessment, everybody] = answer.assessments;
    const [spread] = distributions.distributions;
    const name = profileName(profile, study);
    const about = source(answer, name);
    hero.replaceChildren(...heroOf(assessment, name, { answer, study, state }));
    line.show({ source: about, ...lineOf(assessment, everybody, study) });
    const { risk } = spread;
    curve.show({
      source: about,
      draw: (width) => density(width, risk),
      ...densityRows(risk),
      label: beforeAndAfter(risk),
    });
    const men = menOf(spread.hazard);
    periods.show({
      source: about,
      draw: (width) => hazard(width, spread.hazard, men),
      ...hazardRows(spread.hazard, men),
      note:
        `${MEANS.hazard} Here: defections a month among ${whole(men)} such ${assessment.people} still serving, by period (scale of ` +
        "logarithms); bands are 90 % equal-tailed intervals.",
      label: spread.hazard
        .map((each) => `From ${day(each.from)}: ${significant(men * each.posterior.median)}`)
        .join("; "),
    });
    steps.show(assessment, everybody, about);
    changes.show(varied.counterfactuals[0].changes, about);
    return {
      spoken: `${name}: ${assessment.in_words}.`,
      model: answer.model,
      subject: name,
      recipe: { path: "/v1/assessments", body: one },
    };
  }

  return { show };
}

function heroOf(assessment, name, { answer, study, state }) {
  const { everyone } = study;
  const { window, assessments } = answer;
  const risk = ninety(assessment.risk);
  const scale = scaleBeside(assessments.map((each) => each.risk));
  const { relative_to_corps: relative } = assessment;
  const against = { ...relative, ...interval(relative, 0.9) };
  const stated = Object.keys(assessment.profile).length > 0;
  const text = h(
    "div",
    { class: "said" },
    h("h2", { class: "who" }, name),
    h("p", { class: "frequency" }, scale.about(risk.mean)),
    h(
      "p",
      { class: "reading" },
      `such ${assessment.people} defected between ${day(window.from)} and ${day(window.to)}, as best we can tell; ${scale.half(risk.median)}. `,
      h("strong", {}, `90 % equal-tailed interval: ${scale.between(risk.lower, risk.upper)}.`),
    ),
  );
  const facts = h(
    "div",
    { class: "of-it" },
    h(
      "dl",
      { class: "facts" },
      stated && fact(`Against all ${everyone}`, `expected risk ${times(against.ratio)} (90 %: ${times(against.lower)} to ${times(against.upper)})`),
      fact("Posterior contraction", contracted(assessment.posterior_contraction)),
      assessment.author_shift !== null && fact("The authors' own fits", apart(assessment)),
      fact("Monte Carlo standard error", `${blur(assessment.risk)} of the expected share`),
      fact("Averaged over", assessment.averaged_over.join(", ") || "nothing: all is stated"),
      fact("What if?", h("a", { href: `#${written({ ...state, view: "what-if" })}` }, "strike claims or rows, weigh articles, move bounds")),
    ),
  );
  const { denominator } = scale;
  const [count, lower, upper] = [risk.mean, risk.lower, risk.upper].map((each) => each * denominator);
  const drawn = canBeDrawn(denominator) ? crowd({ count: Math.round(count), lower, upper, denominator }) : null;
  const caption = drawn
    ? `Each mark is one of ${whole(denominator)}. Strongest: up to the lower end of the 90 % interval; then to the mean; ` +
      `faintest: to its upper end. ${MEANS["equal-tailed"]}`
    : "Too few to draw as a crowd.";
  return [text, h("div", { class: "crowd-place" }, drawn, h("p", { class: "note" }, caption)), facts];
}

const fact = (name, ...value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));

function contracted(share) {
  const words =
    share < 0.1 ? "it said next to nothing" : share < 0.5 ? "it said something" : "it said most";
  return `${probability(share)}, ${MEANS["posterior contraction"]}: ${words}`;
}

const apart = ({ author_shift: shift }) => `${significant(shift)} posterior standard deviations apart`;

/** Return the medians under prior and posterior on one scale. */
function beforeAndAfter({ posterior, prior }) {
  const scale = scaleOf([posterior.median, prior.median]);
  return `Posterior median ${scale.told(posterior.median)}, prior median ${scale.told(prior.median)}.`;
}

function lineOf(assessment, everybody, { everyone, articles }) {
  const called = new Map(articles.map((article) => [article.name, `According to ${article.called} alone`]));
  const all = { name: `All ${everyone}`, colour: "var(--muted)", ...everybody.risk };
  const own = { name: "This profile", colour: "var(--posterior)", ...assessment.risk };
  const stated = Object.keys(assessment.profile).length > 0;
  const named = (set) => called.get(set) ?? `With prior set ${set}`;
  const others = assessment.by_prior_set.slice(1).map((each) => ({
    name: named(each.prior_set),
    colour: "var(--muted)",
    ...each,
  }));
  const entries = [stated ? own : { ...all, colour: own.colour }, ...others, ...(stated ? [all] : [])];
  const scale = scaleOf(entries.map(({ median }) => median));
  const said = ({ name, ...risk }) => {
    const { median, lower, upper } = ninety(risk);
    return `${name}: median ${scale.told(median)}, 90 % interval ${scale.between(lower, upper)}`;
  };
  return {
    draw: (width) => numberLine(width, entries),
    label: entries.map(said).join(". "),
    ...numberLineRows(entries),
  };
}
