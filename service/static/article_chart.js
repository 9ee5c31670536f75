// The drawing of the articles: for each case the probability that each gave it, on one line of risks.

import { labelRoom, log10, plot, riskAxis, ROOMY } from "./charts.js";
import { day, scaleOf, significant } from "./format.js";

const { Plot, d3 } = window;
const ROW = 26;

const LOOKS = [
  { colour: "var(--lowers)", symbol: "circle" },
  { colour: "var(--raises)", symbol: "diamond" },
  { colour: "var(--prior)", symbol: "square" },
  { colour: "var(--muted)", symbol: "triangle" },
];
const POSTERIOR = { colour: "var(--posterior)", symbol: "times", hollow: true };

/** Return what each side says of each case, in the order in which it is drawn: the articles, then the posterior. */
function sides(cases, articles) {
  return cases.flatMap(({ title, by, priors, posterior }, at) => {
    const row = (name, said, look) => {
      const { probability: value, monte_carlo_error: error } = said;
      return { key: `${at}|${name}`, name, title, by, value, error, said, ...look };
    };
    const own = articles.map(({ name, called }, index) =>
      row(called, priors.find((each) => each.prior_set === name), LOOKS[index % LOOKS.length]),
    );
    return [...own, row("posterior", posterior, POSTERIOR)];
  });
}

/** Draw the probabilities of cases: a dot for each article and a cross for the posterior, a row each. */
export function pairs(width, cases, articles) {
  const rows = sides(cases, articles);
  const roomy = width > ROOMY;
  const scale = scaleOf(rows.map((row) => row.value));
  const bounds = (row, sign) => log10(Math.max(row.value + 2 * sign * row.error, row.value / 10));
  const least = Math.floor(d3.min(rows, (row) => bounds(row, -1)));
  const domain = [Math.max(-8, Math.min(least, -2)), 0];
  const marginLeft = labelRoom(articles.map(({ called }) => called), width, roomy ? 110 : 76);
  const heads = cases.map(({ title, by }, at) => ({ key: `${at}|`, text: roomy ? `${title}, by ${day(by)}` : title }));
  const names = ["", ...articles.map(({ called }) => called), "posterior"];
  const keys = cases.flatMap((_, at) => names.map((name) => `${at}|${name}`));
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
        stroke: "colour",
        strokeWidth: 3,
      }),
      Plot.dot(rows, {
        x: (row) => log10(row.value),
        y: "key",
        r: 5,
        symbol: "symbol",
        fill: (row) => (row.hollow ? "none" : row.colour),
        stroke: "colour",
        strokeWidth: 2,
      }),
      Plot.text(rows, {
        y: "key",
        text: (row) => scale.told(row.value),
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
export function pairRows(cases, articles) {
  return {
    columns: ["case", "by", "according to", "probability", "standard error", "such expected to serve"],
    rows: sides(cases, articles).map(({ title, by, name, value, error, said }) => [
      title,
      day(by),
      name,
      significant(value, 3),
      significant(error, 2),
      significant(said.expected_men, 3),
    ]),
  };
}
