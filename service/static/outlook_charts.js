// The drawings of an outlook: a fan over time, the probability of a decisive defection, of at least so many, and who.

import { capital, interval, significant, whole } from "./format.js";
import { labelRoom, plot, ROOMY, strips, timeAxis } from "./charts.js";

const { Plot, d3 } = window;
export const short = d3.format(".2~s");
const LEAST = 0.001;
export const when = (text) => new Date(text);

const frame = (width) => ({
  height: Math.max(240, Math.min(320, width * 0.5)),
  marginLeft: 58,
  marginRight: 24,
  marginTop: 14,
});

/** Return the points of a scenario with its beginning, where nobody has left yet. */
function path({ over_time: points }, start) {
  const none = {
    until: start,
    median: 0,
    decisive_probability: 0,
    intervals: points[0].intervals.map((each) => ({ ...each, lower: 0, upper: 0 })),
  };
  return [none, ...points];
}

/** Draw how many have left by each day: bands of 50 % and 90 %, the median, and the median without moves. */
export function fan(width, { start, now, without }) {
  const points = path(now, start);
  const x = (point) => when(point.until);
  const band = (wanted, opacity) =>
    Plot.areaY(points, {
      x,
      y1: (point) => interval(point, wanted).lower,
      y2: (point) => interval(point, wanted).upper,
      fill: "var(--posterior)",
      fillOpacity: opacity,
    });
  const before = without ? path(without, start) : [];
  return plot(width, {
    ...frame(width),
    x: { type: "utc", label: null },
    y: { label: null, nice: true, zero: true },
    marks: [
      Plot.gridY({ ticks: 5 }),
      Plot.axisY({ ticks: 5, tickFormat: short, label: null }),
      timeAxis(width),
      band(0.9, 0.16),
      band(0.5, 0.26),
      Plot.lineY(points, { x, y: "median", stroke: "var(--posterior)", strokeWidth: 2.5 }),
      before.length
        ? [0.9].map((wanted) =>
            ["lower", "upper"].map((end) =>
              Plot.lineY(before, {
                x,
                y: (point) => interval(point, wanted)[end],
                stroke: "var(--prior)",
                strokeDasharray: "2 4",
              }),
            ),
          )
        : null,
      before.length
        ? Plot.lineY(before, { x, y: "median", stroke: "var(--prior)", strokeWidth: 2, strokeDasharray: "5 4" })
        : null,
      Plot.ruleY([0]),
    ],
  });
}

/** Draw the probability that a decisive defection has come by each day. */
export function decisive(width, { start, now, without }) {
  const x = (point) => when(point.until);
  const most = d3.max([...now.over_time, ...(without?.over_time ?? [])], (point) => point.decisive_probability);
  const line = (scenario, more) =>
    Plot.lineY(path(scenario, start), { x, y: "decisive_probability", strokeWidth: 2.5, ...more });
  return plot(width, {
    ...frame(width),
    x: { type: "utc", label: null },
    y: { label: null, nice: true, domain: [0, Math.max(most, LEAST)] },
    marks: [
      Plot.gridY({ ticks: 5 }),
      Plot.axisY({ ticks: 5, tickFormat: (value) => significant(value, 2), label: null }),
      timeAxis(width),
      Plot.areaY(path(now, start), { x, y: "decisive_probability", fill: "var(--posterior)", fillOpacity: 0.12 }),
      line(now, { stroke: "var(--posterior)" }),
      without ? line(without, { stroke: "var(--prior)", strokeDasharray: "5 4" }) : null,
      Plot.ruleY([0]),
    ],
  });
}

/** Return points of the probability of at least so many, from the quantiles and the numbers that were asked about. */
export function exceedance({ defections, at_least: asked }) {
  const points = [
    ...defections.quantiles.map(({ probability, count }) => ({ count, probability: 1 - probability })),
    ...asked.map(({ probability, count }) => ({ count, probability })),
  ].filter((point) => point.count > 0);
  return d3.sort(
    points,
    (point) => point.count,
    (point) => -point.probability,
  );
}

/** Draw the probability of at least so many defections. */
export function atLeast(width, { now, without }) {
  const points = exceedance(now);
  const before = without ? exceedance(without) : [];
  const marks = (data, colour, more) => [
    Plot.lineY(data, { x: "count", y: "probability", stroke: colour, strokeWidth: 2.5, curve: "monotone-x", ...more }),
  ];
  return plot(width, {
    ...frame(width),
    x: { type: "log", label: null, domain: d3.extent([...points, ...before], (point) => point.count) },
    y: { domain: [0, 1], label: null },
    marks: [
      Plot.gridY({ ticks: 5 }),
      Plot.axisY({ ticks: 5, label: null }),
      Plot.axisX({ ticks: width > ROOMY ? 6 : 4, tickFormat: short, label: null }),
      ...marks(points, "var(--posterior)"),
      Plot.dot(points, { x: "count", y: "probability", fill: "var(--posterior)", r: 3 }),
      ...marks(before, "var(--prior)", { strokeDasharray: "5 4", strokeWidth: 2 }),
      Plot.ruleY([0]),
    ],
  });
}

/** Return who leaves, as rows: attribute, level, and the distribution of the number. */
export const byAttribute = ({ by_attribute: groups }) =>
  Object.entries(groups).flatMap(([attribute, levels]) =>
    Object.entries(levels).map(([level, count]) => ({ key: `${attribute}|${level}`, attribute, level, ...count })),
  );

/** Draw who leaves, level by level. */
export function who(width, scenario) {
  const rows = byAttribute(scenario);
  const groups = d3.groups(rows, (row) => row.attribute);
  const domain = groups.flatMap(([attribute, group]) => [`${attribute}|`, ...group.map((row) => row.key)]);
  const roomy = width > ROOMY;
  const marginLeft = labelRoom(rows.map((row) => row.level), width, roomy ? 150 : 84);
  const most = Math.max(1, Math.ceil(Math.log10(d3.max(rows, (row) => interval(row, 0.9).upper) + 1)));
  // One more than the number, so that nobody has a place on a scale of logarithms.
  const scale = (count) => Math.log10(count + 1);
  const ticks = d3.range(0, most + 1);
  return plot(width, {
    height: domain.length * 24 + 44,
    marginTop: 4,
    marginLeft,
    marginRight: roomy ? 90 : 68,
    x: { domain: [0, most], label: null },
    y: { domain, label: null },
    marks: [
      Plot.gridX({ ticks: [0, ...ticks.slice(1).map((power) => scale(10 ** power))].filter((tick) => tick <= most) }),
      Plot.axisX({
        ticks: [0, ...ticks.map((power) => scale(10 ** power))].filter((tick) => tick <= most),
        tickFormat: (value) => (value === 0 ? "0" : short(Math.round(10 ** value - 1))),
        label: null,
      }),
      Plot.axisY({ tickFormat: (key) => key.split("|")[1], tickSize: 0, label: null }),
      Plot.text(groups, {
        y: ([attribute]) => `${attribute}|`,
        text: ([attribute]) => capital(attribute),
        frameAnchor: "left",
        textAnchor: "start",
        dx: 2 - marginLeft,
        fontWeight: 600,
      }),
      ...strips(rows, { y: "key", stroke: "var(--posterior)", scale }),
      Plot.text(rows, {
        y: "key",
        text: (row) => whole(row.median),
        frameAnchor: "right",
        textAnchor: "start",
        dx: 12,
      }),
    ],
  });
}
