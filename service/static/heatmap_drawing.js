// The drawing of all cells: blocks by two attributes, in each rows and columns by two others, and a legend.

import { s } from "./dom.js";
import { labelRoom, plot, riskAxis, ROOMY } from "./charts.js";
import { capital, significant } from "./format.js";
import { alongAxes, placeOn } from "./heatmap_axes.js";

const { Plot, d3 } = window;
const LEGEND = 48;
const [SIZE, LARGEST, SMALL] = [26, 72, 360];
const LETTER = 7;
const PADDED = { across: 1.08, down: 1.05 };
const AXES = ["fx", "fy", "x", "y"];

/** Return what paints the cells; every cell counts, drawn or not, so that a colour means the same throughout. */
export function colours(rows, shade) {
  const values = rows.map((row) => row[shade]);
  const style = getComputedStyle(document.documentElement);
  const ramp = [0, 1, 2, 3, 4].map((step) => style.getPropertyValue(`--ramp-${step}`).trim());
  const floor = shade === "corps_share" ? -6 : -5;
  const most = Math.min(0, Math.ceil(Math.log10(d3.max(values))));
  const least = Math.min(most - 1, Math.max(floor, Math.floor(Math.log10(d3.max([d3.min(values), 1e-9])))));
  const paint = d3.scaleSequential([least, most], d3.interpolateRgbBasis(ramp)).clamp(true);
  return { domain: [least, most], of: (value) => paint(Math.log10(Math.max(value, 1e-9))) };
}

/** Draw the cells shaded by one of their numbers; `mark` moves the mark, `under` finds the cell under a pointer. */
export function drawMap(width, rows, { levels, axes, shade, colour }) {
  const roomy = width > ROOMY;
  const along = alongAxes(axes, levels);
  const channels = Object.fromEntries(AXES.map((axis) => [axis, (row) => placeOn(axes[axis], row)]));
  const { size, high, turned, ...margins } = measures(width, { along, axes, roomy });
  const across = PADDED.across * along.fx.length * along.x.length;
  const down = PADDED.down * along.fy.length * along.y.length;
  const names = {
    anchor: "top",
    label: null,
    tickSize: 0,
    tickFormat: capital,
    fontWeight: 600,
    fontSize: roomy ? 13 : 11,
    tickRotate: turned ? -50 : 0,
    textAnchor: turned ? "start" : "middle",
  };
  const svg = plot(size * across + margins.marginLeft + margins.marginRight, {
    height: high * down + margins.marginTop + margins.marginBottom,
    ...margins,
    fx: { domain: along.fx, label: null, padding: 0.06, axis: null },
    fy: { domain: along.fy, label: null, padding: 0.05, axis: null },
    x: { domain: along.x, axis: null, padding: 0 },
    y: { domain: along.y, axis: null, padding: 0 },
    marks: [
      hasBlocks(axes) ? Plot.axisFx(names) : Plot.axisX(names),
      roomy ? Plot.axisFy({ anchor: "right", label: null, fontWeight: 600, fontSize: 13, lineWidth: 6 }) : null,
      Plot.axisY({ anchor: "left", label: null, tickSize: 0, fontSize: roomy ? 12 : 11 }),
      roomy && hasBlocks(axes)
        ? Plot.axisX({ anchor: "bottom", label: null, tickSize: 0, tickRotate: -90, fontSize: 11 })
        : null,
      Plot.cell(rows, { ...channels, fill: (row) => colour.of(row[shade]), inset: 0.5 }),
    ],
  });
  return { svg, ...pointing(svg, rows, channels) };
}

/** Return whether columns stand in blocks, which are named at the top; else the columns themselves are. */
const hasBlocks = ({ fx }) => fx != null;

/** Return the width and the height of a cell, the margins that names need, and whether those at the top have to be turned. */
function measures(width, { along, axes, roomy }) {
  const named = hasBlocks(axes) ? along.fx : along.x;
  const longest = (names) => LETTER * d3.max(names, (name) => name.length);
  const marginLeft = labelRoom(along.y, width, roomy ? 90 : 62);
  const marginRight = roomy ? 84 : 12;
  const [across, down] = [along.fx.length * along.x.length, along.fy.length * along.y.length];
  // A map of few cells has large ones; where there is little room they take all of its width.
  const largest = roomy ? Math.max(SIZE, Math.min(LARGEST, SMALL / across, SMALL / down)) : LARGEST;
  const size = Math.min(largest, Math.floor((width - marginLeft - marginRight) / (PADDED.across * across)));
  const turned = longest(named) > (size * across) / named.length;
  return {
    size,
    high: roomy ? size : Math.min(size, SIZE),
    turned,
    marginLeft,
    marginRight,
    marginTop: turned ? 16 + 0.77 * longest(named) : 28,
    marginBottom: roomy && hasBlocks(axes) ? 16 + longest(along.x) : 6,
  };
}

/** Return what marks a cell in a drawing, and what finds the cell under a pointer. */
function pointing(svg, rows, channels) {
  const scale = Object.fromEntries(AXES.map((name) => [name, svg.scale(name)]));
  const [offsetX, offsetY] = [scale.x.range?.[0] ?? 0, scale.y.range?.[0] ?? 0];
  const on = (axis, row) => scale[axis].apply(channels[axis](row));
  const corner = (row) => [on("fx", row) + on("x", row) - offsetX, on("fy", row) + on("y", row) - offsetY];
  const [wide, high] = [scale.x.bandwidth, scale.y.bandwidth];
  const mark = s("rect", { class: "cursor", width: wide + 2, height: high + 2, fill: "none", rx: 1 });
  svg.append(mark);
  return {
    mark(row) {
      const [x, y] = corner(row);
      mark.setAttribute("x", x - 1);
      mark.setAttribute("y", y - 1);
      mark.dataset.cell = row.index;
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
      });
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
