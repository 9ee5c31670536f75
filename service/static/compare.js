// Pinned profiles side by side, and how probable it is that one is the riskier.

import { h } from "./dom.js";
import { numberLine } from "./charts.js";
import { figure } from "./figure.js";
import { blur, interval, ninety, probability, scaleBeside, significant, times } from "./format.js";
import { MEANS } from "./terms.js";
import { profileName } from "./words.js";

const { d3 } = window;

/** Put the comparison into a place. `remove` takes the number of a pin to let go, `open` one to look at. */
export function compareView(place, { study, remove, open }) {
  const list = h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Pinned profiles" });
  const exactly = h("p", { class: "note" });
  const said = h("p", { class: "reading verdict-line" });
  const matrix = h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Which is the riskier" });
  const line = figure({
    name: "pinned-risks",
    title: "On the scale of risks",
    note:
      "Medians with their 50 % (thick) and 90 % (thin) intervals. " +
      `${MEANS["equal-tailed"]} Posterior contraction: ${MEANS["posterior contraction"]}.`,
  });
  const pairs = h(
    "section",
    { class: "pairs" },
    h("h2", {}, "Which is the riskier"),
    h(
      "p",
      { class: "note" },
      "Probability that the profile of the row has the higher risk than that of the column, from the same draws of the " +
        "posterior for both; below it the ratio of the expected risks, with its 90 % equal-tailed interval.",
    ),
    said,
    matrix,
  );
  const none = h(
    "p",
    { class: "empty" },
    "Nothing is pinned yet. Choose a profile above and press “Pin to compare”; two make a comparison, and there is room " +
      "for eight.",
  );
  const all = h(
    "div",
    { class: "figures" },
    h("section", { class: "wide" }, h("h2", {}, "Pinned profiles"), list, exactly),
    line.element,
    pairs,
  );
  line.element.classList.add("wide");
  pairs.classList.add("wide");
  place.replaceChildren(none, all);

  async function show({ ask, pins, terms, source }) {
    none.hidden = pins.length > 0;
    all.hidden = pins.length === 0;
    if (!pins.length) return { spoken: none.textContent, recipe: null };
    const couples = pins.flatMap((first, one) =>
      pins.slice(one + 1).map((second, next) => ({ id: `${one}-${one + next + 1}`, first, second })),
    );
    const [answer, compared] = await Promise.all([
      ask("pinned", "/v1/assessments", { officers: pins, ...terms }),
      couples.length ? ask("pairs", "/v1/comparisons", { pairs: couples, ...terms }) : { comparisons: [] },
    ]);
    const profiles = pins.map((pin) => profileName(pin, study));
    const names = profiles.map((name, index) => `${index + 1}. ${name}`);
    list.replaceChildren(tableOf(answer.assessments, names, { remove, open }));
    exactly.textContent = note(answer.assessments);
    pairs.hidden = pins.length < 2;
    said.textContent = sentence(compared.comparisons, profiles);
    matrix.replaceChildren(matrixOf(compared.comparisons, names));
    line.show({ source: source(answer), ...lineOf(answer.assessments, names) });
    const recipe = couples.length
      ? { path: "/v1/comparisons", body: { pairs: couples, ...terms } }
      : { path: "/v1/assessments", body: { officers: pins, ...terms } };
    return {
      spoken: said.textContent || `${names[0]}: ${answer.assessments[0].in_words}`,
      model: answer.model,
      recipe,
    };
  }

  return { show };
}

const note = (assessments) => {
  const most = d3.greatest(assessments, ({ risk }) => risk.monte_carlo_error / risk.mean);
  return `Expected shares, of one number of people; their Monte Carlo standard errors are at most ${blur(most.risk)} of them.`;
};

function tableOf(assessments, names, { remove, open }) {
  const scale = scaleBeside(assessments.map(({ risk }) => risk));
  const head = ["Profile", "Risk", "90 % equal-tailed interval", "Posterior contraction", ""].map((text) =>
    text ? h("th", { scope: "col" }, text) : h("td"),
  );
  const rows = assessments.map((assessment, index) => {
    const { mean, lower, upper } = ninety(assessment.risk);
    const act = (text, action) =>
      h(
        "button",
        { type: "button", class: "quiet", "aria-label": `${text}: ${names[index]}`, onclick: () => action(index) },
        text,
      );
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, names[index]),
      h("td", { class: "strong" }, scale.about(mean)),
      h("td", {}, scale.between(lower, upper)),
      h("td", {}, probability(assessment.posterior_contraction)),
      h("td", {}, act("Show", open), " ", act("Remove", remove)),
    );
  });
  return h(
    "table",
    { class: "pins" },
    h("caption", { class: "unseen" }, "Pinned profiles"),
    h("thead", {}, h("tr", {}, head)),
    h("tbody", {}, rows),
  );
}

function sentence(comparisons, names) {
  if (comparisons.length !== 1) return "";
  const [{ probability_first_riskier: chance, in_words: words }] = comparisons;
  const [more, sure] = chance >= 0.5 ? [0, chance] : [1, 1 - chance];
  return `The riskier with probability ${probability(sure)}: ${names[more]}; ${words}.`;
}

function matrixOf(comparisons, names) {
  const cells = new Map();
  for (const { id, probability_first_riskier: chance, risk_ratio: ratio } of comparisons) {
    const [one, other] = id.split("-").map(Number);
    const { lower, upper } = interval(ratio, 0.9);
    cells.set(`${one}-${other}`, { chance, ratio: ratio.ratio, lower, upper });
    cells.set(`${other}-${one}`, { chance: 1 - chance, ratio: 1 / ratio.ratio, lower: 1 / upper, upper: 1 / lower });
  }
  const cell = (one, other) => {
    const found = cells.get(`${one}-${other}`);
    if (!found) return h("td", { class: "same" }, "–");
    return h(
      "td",
      {},
      h("strong", {}, probability(found.chance)),
      h("br"),
      h("small", {}, `${times(found.ratio)} (${times(found.lower)} to ${times(found.upper)})`),
    );
  };
  const head = h(
    "tr",
    {},
    h("td"),
    names.map((name) => h("th", { scope: "col" }, name)),
  );
  const rows = names.map((name, one) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      names.map((_, other) => cell(one, other)),
    ),
  );
  return h(
    "table",
    { class: "matrix" },
    h("caption", { class: "unseen" }, "Probability that the row is the riskier"),
    h("thead", {}, head),
    h("tbody", {}, rows),
  );
}

function lineOf(assessments, names) {
  const entries = assessments.map(({ risk }, index) => ({ name: names[index], colour: "var(--posterior)", ...risk }));
  const scale = scaleBeside(entries);
  return {
    draw: (width) => numberLine(width, entries),
    label: entries.map((entry) => `${entry.name}: median ${scale.told(entry.median)}`).join("; "),
    columns: ["profile", "mean", "median", "50 % from", "50 % to", "90 % from", "90 % to"],
    rows: entries.map((entry) => [
      entry.name,
      ...[
        entry.mean,
        entry.median,
        ...[0.5, 0.9].flatMap((wanted) => [interval(entry, wanted).lower, interval(entry, wanted).upper]),
      ].map((value) => significant(value, 3)),
    ]),
  };
}
