// The drawing of all cells: blocks of sect by eliteness, in each proximity by rank, and a legend.

import { s } from "./dom.js";
import { plot, riskAxis, ROOMY } from "./charts.js";
import { capital, significant } from "./format.js";

const { Plot, d3 } = window;
const LEGEND = 48;

function colours(values, shade) {
  const style = getComputedStyle(document.documentElement);
  const ramp = [0, 1, 2, 3, 4].map((step) => style.getPropertyValue(`--ramp-${step}`).trim());
  const floor = shade === "corps_share" ? -6 : -5;
  const domain = [
    Math.max(floor, Math.floor(Math.log10(d3.max([d3.min(values), 1e-9])))),
    Math.min(0, Math.ceil(Math.log10(d3.max(values)))),
  ];
  const paint = d3.scaleSequential(domain, d3.interpolateRgbBasis(ramp)).clamp(true);
  return { domain, of: (value) => paint(Math.log10(Math.max(value, 1e-9))) };
}

/** Draw the cells shaded by one of their numbers; `mark` moves the mark, `under` finds the cell under a pointer. */
export function drawMap(width, { rows, names }, shade) {
  const roomy = width > ROOMY;
  const colour = colours(
    rows.map((row) => row[shade]),
    shade,
  );
  const size = Math.min(26, Math.floor((width - (roomy ? 190 : 66)) / 26));
  const svg = plot(Math.min(width, size * 26 + (roomy ? 190 : 66)), {
    height: size * (roomy ? 25.2 : 30) + (roomy ? 118 : 80),
    marginLeft: roomy ? 90 : 62,
    marginRight: roomy ? 84 : 4,
    marginTop: roomy ? 28 : 62,
    marginBottom: roomy ? 78 : 6,
    fx: { domain: names.sect, label: null, padding: 0.06, axis: null },
    fy: { domain: names.eliteness, label: null, padding: 0.05, axis: null },
    x: { domain: names.proximity, axis: null, padding: 0 },
    y: { domain: [...names.rank].reverse(), axis: null, padding: 0 },
    marks: [
      Plot.axisFx({
        anchor: "top",
        label: null,
        tickFormat: capital,
        fontWeight: 600,
        fontSize: roomy ? 13 : 11,
        tickRotate: roomy ? 0 : -50,
        textAnchor: roomy ? "middle" : "start",
      }),
      roomy
        ? Plot.axisFy({
            anchor: "right",
            label: null,
            tickFormat: (name) => `${name}\nunits`,
            fontWeight: 600,
            fontSize: 13,
          })
        : null,
      Plot.axisY({ anchor: "left", label: null, tickSize: 0, fontSize: roomy ? 12 : 11 }),
      roomy ? Plot.axisX({ anchor: "bottom", label: null, tickSize: 0, tickRotate: -90, fontSize: 11 }) : null,
      Plot.cell(rows, {
        fx: "sect",
        fy: "eliteness",
        x: "proximity",
        y: "rank",
        fill: (row) => colour.of(row[shade]),
        inset: 0.5,
      }),
    ],
  });
  return { svg, colour, ...pointing(svg, rows, names) };
}

/** Return what marks a cell in a drawing, and what finds the cell under a pointer. */
function pointing(svg, rows, names) {
  const scale = Object.fromEntries(["fx", "fy", "x", "y"].map((name) => [name, svg.scale(name)]));
  const [offsetX, offsetY] = [scale.x.range?.[0] ?? 0, scale.y.range?.[0] ?? 0];
  const corner = (row) => [
    scale.fx.apply(row.sect) + scale.x.apply(row.proximity) - offsetX,
    scale.fy.apply(row.eliteness) + scale.y.apply(row.rank) - offsetY,
  ];
  const [wide, high] = [scale.x.bandwidth, scale.y.bandwidth];
  const mark = s("rect", { class: "cursor", width: wide + 2, height: high + 2, fill: "none", rx: 1 });
  svg.append(mark);
  return {
    mark(index) {
      const [x, y] = corner(rows[index]);
      mark.setAttribute("x", x - 1);
      mark.setAttribute("y", y - 1);
      mark.dataset.cell = index;
    },
    under(event) {
      const box = svg.getBoundingClientRect();
      const [x, y] = [
        (event.clientX - box.left) * (svg.viewBox.baseVal.width / box.width),
        (event.clientY - box.top) * (svg.viewBox.baseVal.height / box.height),
      ];
      return rows.find((row) => {
        const [left, top] = corner(row);
        return x >= left && x < left + wide && y >= top && y < top + high;
      })?.index;
    },
  };
}

/** Draw what the shades mean. */
export function drawLegend(width, { domain: [from, to], of }, shade) {
  const parts = d3.range(from, to, (to - from) / 80);
  const across = Math.min(width, 460);
  const axis =
    shade === "corps_share"
      ? Plot.axisX({
          ticks: d3.range(from, to + 1),
          tickFormat: (power) => `${significant(100 * 10 ** power)} %`,
          label: null,
        })
      : riskAxis([from, to], across - 56);
  return plot(across, {
    height: LEGEND + 14,
    marginTop: 6,
    marginBottom: 40,
    marginLeft: 26,
    marginRight: 30,
    x: { domain: [from, to] },
    y: { axis: null },
    marks: [
      Plot.rect(parts, {
        x1: (power) => power,
        x2: (power) => power + (to - from) / 80 + 0.005,
        y1: 0,
        y2: 1,
        fill: (power) => of(10 ** power),
        shapeRendering: "crispEdges",
      }),
      axis,
    ],
  });
}
