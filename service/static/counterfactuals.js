// One attribute changed: how the risk would differ, for every other level of every attribute.

import { h } from "./dom.js";
import { capital, interval, probability, times } from "./format.js";
import { labelRoom, plot, ROOMY, strips } from "./charts.js";
import { figure } from "./figure.js";

const { Plot, d3 } = window;
const ROW = 24;

/** Return a view of counterfactuals: its `element`, and `show`; `choose` takes an attribute and a level to go to. */
export function counterfactuals(choose) {
  const drawn = figure({
    name: "one-attribute-changed",
    title: "One attribute changed",
    note:
      "Ratio of the risk with one attribute at another level to the risk as it is: median, 50 % and 90 % equal-tailed " +
      "intervals; " +
      "at the right, the probability that the risk is then higher.",
  });
  const go = h("p", { class: "go" });
  drawn.drawing.after(go);
  drawn.element.classList.add("wide");
  return {
    element: drawn.element,
    show(changes, source) {
      const rows = changes.map((change) => ({
        ...change,
        key: `${change.attribute}|${change.to}`,
        ...change.risk_ratio,
      }));
      go.replaceChildren(chooser(changes, choose));
      drawn.show({
        source,
        label: `${rows.length} changes, from ${said(d3.least(rows, median))} to ${said(d3.greatest(rows, median))}.`,
        draw: (width) => draw(width, rows),
        columns: ["attribute", "now", "then", "risk ratio", "90 % from", "90 % to", "probability riskier"],
        rows: rows.map((row) => [
          row.attribute,
          row.from ?? "unknown",
          row.to,
          times(row.median),
          times(interval(row, 0.9).lower),
          times(interval(row, 0.9).upper),
          probability(row.probability_riskier),
        ]),
      });
    },
  };
}

const median = (row) => row.median;
const said = (row) => `${row.attribute} ${row.to} ${times(row.median)}`;

function chooser(changes, choose) {
  const options = d3
    .groups(changes, (change) => change.attribute)
    .map(([attribute, group]) =>
      h(
        "optgroup",
        { label: capital(attribute) },
        group.map(({ to }) => h("option", { value: `${attribute}|${to}` }, to)),
      ),
    );
  const select = h("select", { id: "go-to" }, options);
  return h(
    "label",
    { for: "go-to" },
    "Go to one of them ",
    select,
    " ",
    h("button", { type: "button", class: "quiet", onclick: () => choose(...select.value.split("|")) }, "Show"),
  );
}

function draw(width, rows) {
  const groups = d3.groups(rows, (row) => row.attribute);
  const domain = groups.flatMap(([attribute, group]) => [`${attribute}|`, ...group.map((row) => row.key)]);
  const roomy = width > ROOMY;
  const marginLeft = labelRoom(rows.map((row) => row.to), width, roomy ? 170 : 84);
  const heads = groups.map(([attribute, [{ from }]]) => ({
    key: `${attribute}|`,
    text: `${capital(attribute)}, now ${from ?? "unknown"}`,
  }));
  const logs = rows.flatMap((row) => [interval(row, 0.9).lower, interval(row, 0.9).upper]).map(Math.log10);
  const [from, to] = [Math.max(-5, d3.min([-0.5, ...logs])), Math.min(5, d3.max([0.5, ...logs]))];
  const ticks = d3.range(Math.ceil(from), Math.floor(to) + 1);
  const scale = (ratio) => Math.max(from, Math.min(to, Math.log10(ratio)));
  return plot(width, {
    height: domain.length * ROW + 44,
    marginTop: 4,
    marginBottom: 40,
    marginLeft,
    marginRight: roomy ? 84 : 62,
    x: { domain: [from, to], label: null },
    y: { domain, label: null },
    marks: [
      Plot.gridX({ ticks }),
      Plot.axisX({ ticks, tickFormat: (power) => times(10 ** power), label: null }),
      Plot.axisY({ tickFormat: (key) => key.split("|")[1], tickSize: 0, label: null }),
      Plot.text(heads, {
        y: "key",
        text: "text",
        frameAnchor: "left",
        textAnchor: "start",
        dx: 2 - marginLeft,
        fontWeight: 600,
        fontSize: 13,
        dy: 3,
      }),
      Plot.ruleX([0], { stroke: "var(--ink)" }),
      ...strips(rows, { y: "key", stroke: "var(--posterior)", scale }),
      Plot.text(rows, {
        y: "key",
        text: (row) => probability(row.probability_riskier),
        frameAnchor: "right",
        textAnchor: "start",
        dx: 10,
      }),
    ],
  });
}
