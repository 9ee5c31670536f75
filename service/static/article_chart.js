// The drawing of the two articles: for each case the probability that either gave it, on one line of risks.

import { log10, plot, riskAxis, ROOMY } from "./charts.js";
import { day, oneIn, significant } from "./format.js";

const { Plot, d3 } = window;
const ROW = 26;

/** By prior set, how the authors of each article are called. */
export const ARTICLES = new Map([
  ["al-kattan", "al-Kattan"],
  ["stratfor", "Stratfor"],
]);
const COLOURS = { "al-kattan": "var(--lowers)", stratfor: "var(--raises)", posterior: "var(--posterior)" };
const SYMBOLS = { "al-kattan": "circle", stratfor: "diamond", posterior: "times" };

/** Return what each side says of each case, in the order in which it is drawn. */
function sides(cases) {
  return cases.flatMap(({ title, by, priors, posterior }, at) =>
    [...ARTICLES.keys(), "posterior"].map((source) => {
      const said = source === "posterior" ? posterior : priors.find((each) => each.prior_set === source);
      const name = ARTICLES.get(source) ?? "posterior";
      return { key: `${at}|${name}`, name, source, title, by, value: said.probability, error: said.monte_carlo_error, said };
    }),
  );
}

/** Draw the probabilities of cases: a dot for each article and a cross for the posterior, a row each. */
export function pairs(width, cases) {
  const rows = sides(cases);
  const roomy = width > ROOMY;
  const bounds = (row, sign) => log10(Math.max(row.value + 2 * sign * row.error, row.value / 10));
  const least = Math.floor(d3.min(rows, (row) => bounds(row, -1)));
  const domain = [Math.max(-8, Math.min(least, -2)), 0];
  const marginLeft = roomy ? 110 : 76;
  const heads = cases.map(({ title, by }, at) => ({ key: `${at}|`, text: roomy ? `${title}, by ${day(by)}` : title }));
  const keys = cases.flatMap((_, at) => ["", ...ARTICLES.values(), "posterior"].map((name) => `${at}|${name}`));
  return plot(width, {
    height: keys.length * ROW + 56,
    marginLeft,
    marginRight: roomy ? 110 : 88,
    marginTop: 6,
    x: { domain, inset: 4 },
    y: { domain: keys, axis: null },
    marks: [
      Plot.gridX({ ticks: d3.range(domain[0], domain[1] + 1) }),
      riskAxis(domain, width - marginLeft - 100),
      Plot.axisY({ tickFormat: (key) => key.split("|")[1], tickSize: 0, label: null }),
      Plot.text(heads, {
        y: "key",
        text: "text",
        frameAnchor: "left",
        textAnchor: "start",
        dx: -marginLeft + 2,
        dy: 3,
        fontWeight: 600,
      }),
      Plot.link(rows, {
        x1: (row) => bounds(row, -1),
        x2: (row) => Math.min(0, bounds(row, 1)),
        y1: "key",
        y2: "key",
        stroke: (row) => COLOURS[row.source],
        strokeWidth: 3,
      }),
      Plot.dot(rows, {
        x: (row) => log10(row.value),
        y: "key",
        r: 5,
        symbol: (row) => SYMBOLS[row.source],
        fill: (row) => (row.source === "posterior" ? "none" : COLOURS[row.source]),
        stroke: (row) => COLOURS[row.source],
        strokeWidth: 2,
      }),
      Plot.text(rows, {
        y: "key",
        text: (row) => oneIn(row.value),
        frameAnchor: "right",
        textAnchor: "start",
        dx: 10,
      }),
    ],
    symbol: { type: "identity" },
    color: { type: "identity" },
  });
}

/** Return columns and rows of what the drawing shows. */
export function pairRows(cases) {
  return {
    columns: ["case", "by", "according to", "probability", "standard error", "such men expected"],
    rows: sides(cases).map(({ title, by, name, value, error, said }) => [
      title,
      day(by),
      name,
      significant(value, 3),
      significant(error, 2),
      significant(said.expected_men, 3),
    ]),
  };
}
