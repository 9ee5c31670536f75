// From the expected risk of all the forces to that of the profile, attribute by attribute, with the claims behind each.

import { h } from "./dom.js";
import { capital, interval, scaleBeside, times } from "./format.js";
import { labelRoom, log10, plot, riskAxis, ROOMY } from "./charts.js";
import { figure } from "./figure.js";

const { Plot, d3 } = window;
const ROW = 46;
const TOP = 8;

/** Return a view of contributions: its `element`, and `show`, which takes an assessment and that of all the forces. */
export function waterfall(marks, { everyone }) {
  const claims = h("ol", { class: "behind", "aria-label": "Claims behind each step" });
  const drawn = figure({
    name: "contributions",
    title: "What makes the difference",
    note:
      `From the expected risk of all ${everyone} to that of this profile: by what factor each attribute takes it there ` +
      "(exact Shapley values of its logarithm: the mean over all orders in which the attributes may become known). " +
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
    show(assessment, everybody, source) {
      const { contributions } = assessment;
      const steps = stepsOf(assessment, everybody, everyone);
      claims.replaceChildren(
        ...contributions.map(({ attribute, value, claims: ids }) =>
          h("li", {}, h("span", { class: "of" }, named(attribute, value)), " ", marks(ids)),
        ),
      );
      drawn.show({
        source,
        label: `${steps.map(({ name, text }) => `${name} ${text}`).join(", ")}.`,
        draw: (width) => draw(width, steps),
        columns: ["attribute", "value", "factor on the expected risk", "90 % from", "90 % to", "claims"],
        rows: contributions.map(({ attribute, value, factor, claims: ids }) => [
          attribute,
          value ?? "unknown",
          times(factor.ratio),
          times(interval(factor, 0.9).lower),
          times(interval(factor, 0.9).upper),
          ids.join(" "),
        ]),
      });
    },
  };
}

const named = (attribute, value) => `${capital(attribute)}: ${value ?? "unknown"}`;

/** Return where the risk stands at first, each step from there, and where it stands in the end; as logarithms to ten. */
function stepsOf({ contributions, risk }, everybody, everyone) {
  const scale = scaleBeside([risk, everybody.risk]);
  const end = (name, { mean }) => ({ name, text: scale.told(mean), size: 0, to: log10(mean), whole: true });
  const [first, last] = [end(`All ${everyone}`, everybody.risk), end("This profile", risk)];
  let at = first.to;
  const steps = contributions.map(({ attribute, value, factor }) => {
    const [size, lower, upper] = [factor.ratio, interval(factor, 0.9).lower, interval(factor, 0.9).upper].map(log10);
    const from = at;
    at = from + size;
    const name = named(attribute, value);
    return { name, text: times(factor.ratio), size, from, to: at, lower: from + lower, upper: from + upper };
  });
  return [first, ...steps, last];
}

function draw(width, steps) {
  const [parts, ends] = [steps.filter((step) => !step.whole), steps.filter((step) => step.whole)];
  const [least, most] = d3.extent(steps.flatMap((step) => [step.to, step.lower ?? step.to, step.upper ?? step.to]));
  const domain = [Math.floor(least), Math.max(Math.ceil(most), Math.floor(least) + 1)];
  const labelled = width > ROOMY;
  const marginLeft = labelled ? labelRoom(steps.map((step) => step.name), width, 170) : 12;
  // Beyond the whisker on the side where it points, so that no label lies on a line.
  const beside = (sign) => steps.filter((step) => (step.size >= 0 ? 1 : -1) === sign);
  const label = (sign) =>
    Plot.text(beside(sign), {
      x: (step) => (sign > 0 ? Math.max(step.to, step.upper ?? step.to) : Math.min(step.to, step.lower ?? step.to)),
      y: "name",
      text: "text",
      dx: 9 * sign,
      textAnchor: sign > 0 ? "start" : "end",
      fontWeight: 600,
      fontSize: 14,
      stroke: "var(--paper)",
      strokeWidth: 5,
      fill: "var(--ink)",
    });
  return plot(width, {
    height: steps.length * ROW + TOP + 44,
    marginTop: TOP,
    marginLeft,
    marginRight: 12,
    x: { domain, inset: 62, label: null },
    y: { domain: steps.map((step) => step.name), axis: null, paddingInner: 0.5, paddingOuter: 0.25 },
    marks: [
      Plot.gridX({ ticks: d3.range(domain[0], domain[1] + 1) }),
      riskAxis(domain, width - marginLeft - 136),
      labelled
        ? Plot.axisY({ label: null, tickSize: 0 })
        : Plot.text(steps, { y: "name", text: "name", frameAnchor: "left", dy: -16, textAnchor: "start" }),
      Plot.ruleX([ends[0].to], { stroke: "var(--ink)", strokeOpacity: 0.4 }),
      Plot.barX(parts, {
        x1: "from",
        x2: "to",
        y: "name",
        fill: (step) => (step.size > 0 ? "var(--raises)" : "var(--lowers)"),
        fillOpacity: 0.85,
        insetTop: labelled ? 0 : 4,
      }),
      Plot.link(parts, { x1: "lower", x2: "upper", y1: "name", y2: "name", stroke: "var(--ink)", strokeWidth: 1.5 }),
      Plot.dot(ends, { x: "to", y: "name", r: 6, fill: "var(--ink)" }),
      label(1),
      label(-1),
    ],
  });
}
