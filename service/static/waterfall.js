// From all the forces to the profile, attribute by attribute: a waterfall with the claims behind each step.

import { h } from "./dom.js";
import { capital, interval, times } from "./format.js";
import { labelRoom, plot, ROOMY } from "./charts.js";
import { figure } from "./figure.js";

const { Plot, d3 } = window;
const ROW = 46;
const TOP = 8;

/** Return a view of contributions: its `element`, and `show`, which takes those of an assessment. */
export function waterfall(marks, { everyone }) {
  const claims = h("ol", { class: "behind", "aria-label": "Claims behind each step" });
  const drawn = figure({
    name: "contributions",
    title: "What makes the difference",
    note:
      `What each attribute multiplies or divides the hazard by, against all ${everyone}, whose log hazards are averaged ` +
      "(exact Shapley values, medians). " +
      "Whiskers: 90 % equal-tailed intervals. Behind each step stand claims: point at one, or move to it by keyboard, for " +
      "its words. The line below a claim is the evidence's verdict: solid, supported; dashed, strengthened or weakened; " +
      "double, contradicted; dotted, untouched or not testable.",
    legend: [
      ["raises", "raises"],
      ["lowers", "lowers"],
    ],
  });
  drawn.drawing.after(claims);
  drawn.element.classList.add("wide", "with-claims");
  return {
    element: drawn.element,
    show(contributions, source) {
      const steps = stepsOf(contributions);
      claims.replaceChildren(
        ...contributions.map(({ attribute, value, claims: ids }) =>
          h("li", {}, h("span", { class: "of" }, named(attribute, value)), " ", marks(ids)),
        ),
      );
      drawn.show({
        source,
        label: `${steps
          .slice(0, -1)
          .map((step) => `${step.name} ${times(Math.exp(step.size))}`)
          .join(", ")}; together ${times(Math.exp(steps.at(-1).size))}.`,
        draw: (width) => draw(width, steps),
        columns: ["attribute", "value", `hazard against all ${everyone}`, "90 % from", "90 % to", "claims"],
        rows: contributions.map(({ attribute, value, log_hazard: log, claims: ids }) => [
          attribute,
          value ?? "unknown",
          times(Math.exp(log.median)),
          times(Math.exp(interval(log, 0.9).lower)),
          times(Math.exp(interval(log, 0.9).upper)),
          ids.join(" "),
        ]),
      });
    },
  };
}

const named = (attribute, value) => `${capital(attribute)}: ${value ?? "unknown"}`;

function stepsOf(contributions) {
  let at = 0;
  const steps = contributions.map(({ attribute, value, log_hazard: log }) => {
    const { lower, upper } = interval(log, 0.9);
    const step = {
      name: named(attribute, value),
      from: at,
      to: at + log.median,
      size: log.median,
      lower: at + lower,
      upper: at + upper,
    };
    at = step.to;
    return step;
  });
  return [...steps, { name: "Together", from: 0, to: at, size: at, whole: true }];
}

function draw(width, steps) {
  const parts = steps.filter((step) => !step.whole);
  // At least twice and half, so that nothing changed looks like nothing.
  const ends = [-0.7, 0.7, ...steps.flatMap((step) => [step.to, step.lower ?? 0, step.upper ?? 0])];
  const domain = d3.extent(ends);
  const colour = (step) => (step.size > 0 ? "var(--raises)" : "var(--lowers)");
  const labelled = width > ROOMY;
  // Beyond the whisker on the side where it points, so that no label lies on a line.
  const beside = (sign) => steps.filter((step) => (step.size >= 0 ? 1 : -1) === sign);
  const label = (sign) =>
    Plot.text(beside(sign), {
      x: (step) => (sign > 0 ? Math.max(step.to, step.upper ?? step.to) : Math.min(step.to, step.lower ?? step.to)),
      y: "name",
      text: (step) => times(Math.exp(step.size)),
      dx: 7 * sign,
      textAnchor: sign > 0 ? "start" : "end",
      fontWeight: 600,
      fontSize: 14,
      stroke: "var(--paper)",
      strokeWidth: 5,
      fill: "var(--ink)",
    });
  return plot(width, {
    height: steps.length * ROW + TOP + 36,
    marginTop: TOP,
    marginBottom: 36,
    marginLeft: labelled ? labelRoom(steps.map((step) => step.name), width, 170) : 12,
    marginRight: 12,
    x: { domain, inset: 62, label: null },
    y: { domain: steps.map((step) => step.name), axis: null, paddingInner: 0.5, paddingOuter: 0.25 },
    marks: [
      Plot.gridX({ ticks: ticks(domain) }),
      Plot.axisX({
        ticks: ticks(domain),
        tickFormat: (log) => times(Math.round(Math.exp(Math.abs(log))) ** Math.sign(log || 1)),
        label: null,
      }),
      labelled
        ? Plot.axisY({ label: null, tickSize: 0 })
        : Plot.text(steps, { y: "name", text: "name", frameAnchor: "left", dy: -16, textAnchor: "start" }),
      Plot.barX(steps, {
        x1: "from",
        x2: "to",
        y: "name",
        fill: (step) => (step.whole ? "var(--ink)" : colour(step)),
        fillOpacity: (step) => (step.whole ? 0.75 : 0.85),
        insetTop: labelled ? 0 : 4,
      }),
      Plot.link(parts, { x1: "lower", x2: "upper", y1: "name", y2: "name", stroke: "var(--ink)", strokeWidth: 1.5 }),
      Plot.ruleX([0], { stroke: "var(--ink)" }),
      label(1),
      label(-1),
    ],
  });
}

/** Return logarithms of 1, 10, 100 and so on on either side, or of 1, 2, 5 where the range is small. */
function ticks([from, to]) {
  const wide = to - from > 7;
  const steps = wide ? [1, 10, 100, 1_000, 10_000, 100_000] : [1, 2, 5, 10, 20, 50];
  const logs = steps.flatMap((step) => [Math.log(step), -Math.log(step)]);
  return [...new Set(logs.filter((log) => log >= from - 0.5 && log <= to + 0.5))].sort(d3.ascending);
}
