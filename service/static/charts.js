// The drawings of one profile over risk and over time: number line, density, hazard. Plot does the drawing.

import { day, interval, scaleOf, significant, whole } from "./format.js";

const { Plot, d3 } = window;
export const ROOMY = 520;
const LETTER = 6.5;

/** Return the room that labels take at the left of a drawing: at least so much, and less than half of it. */
export const labelRoom = (labels, width, least) =>
  Math.min(0.45 * width, Math.max(least, LETTER * d3.max(labels, (label) => label.length) + 16));

/** Return a drawing of Plot's with what all share. */
export const plot = (width, options) => Plot.plot({ className: "plot", width, marginBottom: 44, ...options });

/** Return the powers of ten that hold some risks, at least two of them. */
function decades(risks) {
  const least = Math.max(-7, Math.floor(Math.log10(Math.max(1e-7, d3.min(risks)))));
  const most = Math.min(0, Math.ceil(Math.log10(Math.max(1e-7, d3.max(risks)))));
  return [Math.min(least, most - 2, -2), most];
}

/** Return an axis of risks on the scale of their logarithms to ten, all of one number of people, as many as have room. */
export function riskAxis([from, to], width) {
  const all = d3.range(Math.ceil(from), Math.floor(to) + 1);
  const { denominator } = scaleOf([10 ** all[0]]);
  const unit = `in ${whole(denominator)}`;
  const every = Math.ceil(((LETTER * unit.length + 14) * (to - from)) / width);
  const ticks = all.filter((power) => (all.at(-1) - power) % every === 0);
  const tickFormat = (power) => (power === 0 ? "all" : `${significant(denominator * 10 ** power)}\n${unit}`);
  return Plot.axisX({ ticks, tickFormat, label: null, tickSize: 4 });
}

/** Return an axis of days, with as many ticks as have room. */
export const timeAxis = (width) => Plot.axisX({ ticks: width > ROOMY ? 9 : 5, label: null });

export const log10 = (risk) => Math.log10(Math.max(risk, 1e-9));

/** Return marks of an interval on a line: 90 % thin, 50 % thick, the median a dot. */
export function strips(entries, { scale = log10, ...channels }) {
  const ends = (wanted) => ({
    x1: (entry) => scale(interval(entry, wanted).lower),
    x2: (entry) => scale(interval(entry, wanted).upper),
  });
  return [
    Plot.link(entries, { ...ends(0.9), ...both(channels), strokeWidth: 2 }),
    Plot.link(entries, { ...ends(0.5), ...both(channels), strokeWidth: 6, strokeLinecap: "butt" }),
    Plot.dot(entries, { x: (entry) => scale(entry.median), ...channels, r: 5, fill: "var(--paper)", strokeWidth: 2.5 }),
  ];
}

const both = ({ y, ...rest }) => ({ y1: y, y2: y, ...rest });

/** Draw where profiles stand on a line of risks. `entries` have `name`, `median`, `intervals` and `colour`. */
export function numberLine(width, entries) {
  const domain = decades(entries.flatMap((entry) => [interval(entry, 0.9).lower, interval(entry, 0.9).upper]));
  const longest = 7 * d3.max(entries, (entry) => entry.name.length) + 16;
  const roomy = width > ROOMY && longest < 0.45 * width;
  const marginLeft = roomy ? Math.max(110, longest) : 36;
  const labels = roomy
    ? Plot.axisY({ label: null, tickSize: 0 })
    : Plot.text(entries, { y: "name", text: "name", frameAnchor: "left", dx: -34, dy: -15, textAnchor: "start" });
  return plot(width, {
    height: entries.length * 44 + 52,
    marginLeft,
    marginRight: 24,
    marginTop: 12,
    x: { domain, inset: 4 },
    y: { domain: entries.map((entry) => entry.name), axis: null },
    marks: [
      Plot.gridX({ ticks: d3.range(domain[0], domain[1] + 1) }),
      riskAxis(domain, width - marginLeft),
      labels,
      ...strips(entries, { y: "name", stroke: "colour" }),
    ],
  });
}

/** Return the numbers of such a line. */
export const numberLineRows = (entries) => ({
  columns: ["", "mean", "median", "50 % from", "50 % to", "90 % from", "90 % to"],
  rows: entries.map((entry) => [
    entry.name,
    entry.mean,
    entry.median,
    ...[0.5, 0.9].flatMap((wanted) => [interval(entry, wanted).lower, interval(entry, wanted).upper]),
  ]),
});

/** Draw the posterior density of a risk against its prior, over the logarithm of the risk. */
export function density(width, { posterior, prior }) {
  const points = ({ log10_risk: grid, density: heights }) => grid.map((x, index) => ({ x, y: heights[index] }));
  const whole = [points(posterior), points(prior)];
  const top = d3.max(whole.flat(), (point) => point.y);
  const domain = shownRange(whole, top);
  const [after, before] = whole.map((curve) => curve.filter(({ x }) => x >= domain[0] && x <= domain[1]));
  const bars = [
    { ...posterior, y: -0.07 * top, colour: "var(--posterior)" },
    { ...prior, y: -0.16 * top, colour: "var(--prior)" },
  ];
  return plot(width, {
    height: Math.max(230, Math.min(300, width * 0.5)),
    marginLeft: 16,
    marginRight: 24,
    x: { domain },
    y: { domain: [-0.22 * top, top * 1.04], axis: null },
    marks: [
      Plot.gridX({ ticks: d3.range(Math.ceil(domain[0]), Math.floor(domain[1]) + 1) }),
      riskAxis(domain, width),
      Plot.areaY(before, { x: "x", y: "y", fill: "var(--prior)", fillOpacity: 0.12 }),
      Plot.lineY(before, { x: "x", y: "y", stroke: "var(--prior)", strokeWidth: 2, strokeDasharray: "5 4" }),
      Plot.areaY(after, { x: "x", y: "y", fill: "var(--posterior)", fillOpacity: 0.22 }),
      Plot.lineY(after, { x: "x", y: "y", stroke: "var(--posterior)", strokeWidth: 2.5 }),
      Plot.ruleY([0]),
      ...strips(bars, { y: "y", stroke: "colour" }),
    ],
  });
}

/** Return the range of logarithms in which either curve is seen to stand off the ground. */
function shownRange(curves, top) {
  const seen = curves
    .flat()
    .filter((point) => point.y > 0.01 * top)
    .map((point) => point.x);
  return [Math.max(-8, d3.min(seen)), Math.min(0, d3.max(seen))];
}

/** Return among how many people defections a month are told, so that there is at least about one. */
export function menOf(periods) {
  const most = d3.max(periods, (period) => period.posterior.median);
  return [1e3, 1e4, 1e5, 1e6, 1e7].find((men) => men * most >= 0.5) ?? 1e7;
}

/** Draw the hazard by period, posterior and prior, with their 90 % bands, as defections a month among so many. */
export function hazard(width, periods, men) {
  const rows = (which) =>
    periods.map((period) => {
      const { lower, upper } = interval(period[which], 0.9);
      const [x1, x2] = [new Date(period.from), new Date(period.to)];
      return { x1, x2, middle: men * period[which].median, lower: men * Math.max(lower, 1e-12), upper: men * upper };
    });
  const [after, before] = [rows("posterior"), rows("prior")];
  const values = [...after, ...before].flatMap((row) => [row.lower, row.upper]);
  const ticks = powersOfTen(d3.extent(values));
  const colour = (name) => `var(--${name})`;
  const band = (data, name, opacity) =>
    Plot.rect(data, { x1: "x1", x2: "x2", y1: "lower", y2: "upper", fill: colour(name), fillOpacity: opacity });
  const middle = (data, name, more) =>
    Plot.link(data, {
      x1: "x1",
      x2: "x2",
      y1: "middle",
      y2: "middle",
      stroke: colour(name),
      strokeWidth: 2.5,
      ...more,
    });
  return plot(width, {
    height: Math.max(230, Math.min(300, width * 0.5)),
    marginLeft: 58,
    marginRight: 24,
    marginTop: 16,
    x: { type: "utc", domain: [after[0].x1, after.at(-1).x2], label: null },
    y: { type: "log", domain: [d3.min(values), d3.max(values)], nice: true, label: null },
    marks: [
      Plot.gridY({ ticks }),
      Plot.axisY({ ticks, tickFormat: (value) => significant(value, 1), label: null }),
      timeAxis(width),
      band(before, "prior", 0.12),
      Plot.rect(before, {
        x1: "x1",
        x2: "x2",
        y1: "lower",
        y2: "upper",
        stroke: colour("prior"),
        strokeDasharray: "2 3",
        strokeOpacity: 0.7,
      }),
      band(after, "posterior", 0.25),
      middle(before, "prior", { strokeDasharray: "5 4" }),
      middle(after, "posterior"),
    ],
  });
}

/** Return the powers of ten about some numbers, with twice and five times each where there would be few. */
function powersOfTen([least, most]) {
  const [from, to] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  const steps = to - from > 2 ? [1] : [1, 2, 5];
  const every = to - from > 6 ? 2 : 1;
  return d3.range(from, to + 1, every).flatMap((power) => steps.map((step) => step * 10 ** power));
}

/** Return columns and rows of what the density shows. */
export function densityRows({ posterior, prior }) {
  const row = (name, { median, intervals }) => [
    name,
    significant(median, 3),
    ...intervals.flatMap(({ lower, upper }) => [significant(lower, 3), significant(upper, 3)]),
  ];
  const columns = [
    "",
    "median",
    ...posterior.intervals.flatMap(({ probability }) => ["from", "to"].map((end) => `${100 * probability} % ${end}`)),
  ];
  return { columns, rows: [row("posterior", posterior), row("prior", prior)] };
}

/** Return columns and rows of what the hazard shows. */
export function hazardRows(periods, men) {
  const numbers = (summary) =>
    [summary.median, interval(summary, 0.9).lower, interval(summary, 0.9).upper].map((value) =>
      significant(men * value, 3),
    );
  return {
    columns: ["from", "to", "posterior median", "90 % from", "90 % to", "prior median", "90 % from", "90 % to"],
    rows: periods.map((period) => [
      day(period.from),
      day(period.to),
      ...numbers(period.posterior),
      ...numbers(period.prior),
    ]),
  };
}
