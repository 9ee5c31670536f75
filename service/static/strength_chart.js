// The drawing of strength over time: deployable and reliable men side by side, all who serve thin behind both.

import { interval } from "./format.js";
import { plot, ROOMY } from "./charts.js";
import { short, when } from "./outlook_charts.js";

const { Plot } = window;
const KINDS = { deployable: "Deployable", reliable: "Reliable" };

/** Draw men over time, with the moves and, where there are any, without. */
export function strengthOverTime(width, { now, without }) {
  const beside = width > ROOMY;
  const facet = beside ? { fx: "kind" } : { fy: "kind" };
  const [after, before] = [now, without].map((each) => (each ? points(each) : []));
  const ends = { x: "on", y1: "lower", y2: "upper", ...facet };
  const line = (data, y, more) => Plot.lineY(data, { x: "on", y, ...facet, ...more });
  const old = { stroke: "var(--prior)", strokeDasharray: "5 4" };
  return plot(width, {
    height: beside ? 300 : 480,
    margin: 24,
    marginLeft: 58,
    x: { type: "utc", label: null },
    y: { label: null, nice: true, zero: true },
    fx: { label: null, padding: 0.08 },
    fy: { axis: null, padding: 0.14 },
    marks: [
      Plot.gridY({ ticks: 5 }),
      Plot.axisY({ ticks: 5, tickFormat: short, label: null }),
      Plot.axisX({ ticks: beside ? 5 : 4, label: null }),
      beside ? null : Plot.text(Object.values(KINDS), { fy: (kind) => kind, text: (kind) => kind, frameAnchor: "top", dy: -14 }),
      Plot.areaY(before, { ...ends, fill: "var(--prior)", fillOpacity: 0.1 }),
      Plot.areaY(after, { ...ends, fill: "var(--posterior)", fillOpacity: 0.18 }),
      line(before, "serving", { ...old, strokeWidth: 1 }),
      line(after, "serving", { stroke: "var(--posterior)", strokeWidth: 1 }),
      line(before, "median", { ...old, strokeWidth: 2 }),
      line(after, "median", { stroke: "var(--posterior)", strokeWidth: 2.5 }),
      Plot.ruleY([0]),
    ],
  });
}

function points({ over_time: months }) {
  return Object.entries(KINDS).flatMap(([name, kind]) =>
    months.map((point) => {
      const { lower, upper } = interval(point[name], 0.9);
      return { kind, on: when(point.until), serving: point.serving.median, median: point[name].median, lower, upper };
    }),
  );
}
