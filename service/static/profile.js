// The view of one profile: its risk in words and as a crowd, where it comes from, when, and what would change it.

import { h } from "./dom.js";
import { density, densityRows, hazard, hazardRows, menOf, numberLine } from "./charts.js";
import { counterfactuals } from "./counterfactuals.js";
import { figure } from "./figure.js";
import { day, frequency, inWords, interval, ninety, oneFrequency, oneIn } from "./format.js";
import { probability, significant, times, whole } from "./format.js";
import { canBeDrawn, crowd } from "./icons.js";
import { waterfall } from "./waterfall.js";
import { profileName } from "./words.js";

const BOTH = [
  ["posterior", "posterior"],
  ["prior", "prior"],
];

/** Put the view of one profile into a place. `show` asks and draws; it returns what was asked and the answer in words. */
export function profileView(place, { study, marks, choose }) {
  const hero = h("div", { class: "hero" });
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
    h("div", { class: "figures" }, line.element, curve.element, periods.element, steps.element, changes.element),
  );

  async function show({ ask, profile, terms, source }) {
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
    hero.replaceChildren(...heroOf(assessment, name, answer.window, study));
    line.show({ source: about, ...lineOf(assessment, everybody, study) });
    const { risk } = spread;
    curve.show({
      source: about,
      draw: (width) => density(width, risk),
      ...densityRows(risk),
      label: `Posterior median ${oneIn(risk.posterior.median)}, prior median ${oneIn(risk.prior.median)}.`,
    });
    const men = menOf(spread.hazard);
    periods.show({
      source: about,
      draw: (width) => hazard(width, spread.hazard, men),
      ...hazardRows(spread.hazard, men),
      note:
        `Defections a month among ${whole(men)} such ${assessment.people} still serving, by period (scale of ` +
        "logarithms); bands are 90 % equal-tailed intervals.",
      label: spread.hazard
        .map((each) => `From ${day(each.from)}: ${significant(men * each.posterior.median)}`)
        .join("; "),
    });
    steps.show(assessment.contributions, about);
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

function heroOf(assessment, name, window, { everyone, articles }) {
  const risk = ninety(assessment.risk);
  const { count, denominator } = frequency(risk.mean);
  const { middle, half, bounds } = inWords(risk);
  const { median, lower, upper } = ninety(assessment.relative_to_corps);
  const stated = Object.keys(assessment.profile).length > 0;
  const text = h(
    "div",
    { class: "said" },
    h("h2", { class: "who" }, name),
    h("p", { class: "frequency" }, middle),
    h(
      "p",
      { class: "reading" },
      `such ${assessment.people} defected between ${day(window.from)} and ${day(window.to)}, as best we can tell; ${half}. `,
      h("strong", {}, `90 % equal-tailed interval: ${bounds} in ${whole(denominator)}.`),
    ),
    h(
      "dl",
      { class: "facts" },
      stated && fact(`Against all ${everyone}`, `risk ${times(median)} (90 %: ${times(lower)} to ${times(upper)})`),
      fact("Posterior contraction", contracted(assessment.posterior_contraction)),
      assessment.author_shift !== null && fact("The authors' own fits", apart(assessment, articles)),
      fact("Averaged over", assessment.averaged_over.join(", ") || "nothing: all is stated"),
    ),
  );
  const drawn = canBeDrawn(denominator) ? crowd({ count, upper: risk.upper * denominator, denominator }) : null;
  const caption = drawn
    ? `Each mark is one of ${whole(denominator)}. Filled: the mean. Lighter: up to the end of the 90 % interval.`
    : `Fewer than 1 in 10,000: too few to draw as a crowd.`;
  return [text, h("div", { class: "crowd-place" }, drawn, h("p", { class: "note" }, caption))];
}

const fact = (name, ...value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));

function contracted(share) {
  const words =
    share < 0.1 ? "evidence said next to nothing" : share < 0.5 ? "evidence said something" : "evidence said most";
  return `${probability(share)} of the prior variance is gone: ${words}`;
}

function apart({ author_shift: shift, by_prior_set: medians }, articles) {
  const called = new Map(articles.map((article) => [article.name, `${article.called} alone`]));
  const told = medians.map((each) => `${called.get(each.prior_set) ?? each.prior_set}: ${oneFrequency(each.median)}`);
  return [`${significant(shift)} posterior standard deviations apart`, ...told].join("; ");
}

function lineOf(assessment, everybody, { everyone }) {
  const all = { name: `All ${everyone}`, colour: "var(--muted)", ...everybody.risk };
  const own = { name: "This profile", colour: "var(--posterior)", ...assessment.risk };
  const entries = Object.keys(assessment.profile).length ? [own, all] : [{ ...all, colour: own.colour }];
  return {
    draw: (width) => numberLine(width, entries),
    label: entries
      .map(
        (entry) =>
          `${entry.name}: median ${oneIn(entry.median)}, 90 % interval ${oneIn(interval(entry, 0.9).lower)} to ` +
          oneIn(interval(entry, 0.9).upper),
      )
      .join(". "),
    columns: ["", "mean", "median", "50 % from", "50 % to", "90 % from", "90 % to"],
    rows: entries.map((entry) => [
      entry.name,
      entry.mean,
      entry.median,
      ...[0.5, 0.9].flatMap((wanted) => [interval(entry, wanted).lower, interval(entry, wanted).upper]),
    ]),
  };
}
