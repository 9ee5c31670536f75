// All 576 cells at once, to wander in by pointer or by arrow keys.

import { calmly, h, s } from "./dom.js";
import { cellsPath, gathered } from "./cells.js";
import { plot, riskAxis, ROOMY } from "./charts.js";
import { figure } from "./figure.js";
import { capital, inWords, profileName, significant } from "./format.js";
import { ATTRIBUTES } from "./words.js";

const { Plot, d3 } = window;
const SHADES = { median: "risk (median)", lower: "lower end of the 90 % interval", upper: "upper end of the 90 % interval", corps_share: "share of the corps" };
const STEPS = { ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowUp: ["y", -1], ArrowDown: ["y", 1] };
const LEGEND = 48;
const PATIENCE = 200;

/** Put the map into a place. `choose` takes the profile of a cell, `wander` and `shaded` the number of a cell and a shade. */
export function mapView(place, { choose, wander, shaded, pin }) {
  const shade = h("select", { id: "shade", onchange: () => (wander(at), shaded(shade.value)) },
    Object.entries(SHADES).map(([value, text]) => h("option", { value }, text)));
  const readout = h("p", { class: "readout", "aria-live": "polite" });
  const actions = h("p", { class: "go" },
    h("button", { type: "button", onclick: () => go() }, "Show this profile"), " ",
    h("button", { type: "button", class: "quiet", onclick: () => pin(profileOf(at)) }, "Pin it"));
  const drawn = figure({ name: "map", title: "All 576 cells",
    note: "Within each block, columns go from outside the core of the regime to its midst, rows from generals down to conscripts. Arrow keys move, Enter shows the profile." });
  drawn.drawing.setAttribute("tabindex", "0");
  drawn.drawing.setAttribute("role", "application");
  drawn.drawing.setAttribute("aria-roledescription", "map of cells");
  drawn.drawing.setAttribute("aria-label", "Map of all cells: arrow keys move, Enter shows the profile");
  drawn.drawing.classList.add("wander");
  drawn.element.classList.add("wide");
  drawn.drawing.before(h("div", { class: "beside" }, h("p", { class: "go" }, h("label", { for: "shade" }, "Shade by "), shade), readout, actions));
  place.replaceChildren(h("div", { class: "figures" }, drawn.element));

  let cells = null;
  let at = 0;
  let frame = null;

  const profileOf = (index) => Object.fromEntries(ATTRIBUTES.map((name) => [name, cells.rows[index][name]]));
  const point = (index, tell = true) => {
    at = index;
    readout.replaceChildren(...said(cells.rows[index], cells.probability));
    frame?.mark(index);
    if (tell) remember(index);
  };
  const remember = calmly(PATIENCE, wander);
  const go = () => {
    wander(at);
    choose(profileOf(at));
  };
  const touched = (event) => {
    const index = frame?.under(event);
    if (index != null) point(index);
    return index;
  };
  drawn.drawing.addEventListener("click", touched);
  drawn.drawing.addEventListener("dblclick", (event) => touched(event) != null && go());
  drawn.drawing.addEventListener("keydown", (event) => {
    if (!cells) return;
    if (event.key === "Enter") go();
    const [axis, step] = STEPS[event.key] ?? [];
    if (!axis) return;
    event.preventDefault();
    point(neighbour(cells, at, axis, step));
  });

  async function show({ ask, terms, cell, shade: by, source }) {
    const answer = await ask("cells", cellsPath(terms));
    cells = gathered(answer);
    shade.value = by in SHADES ? by : "median";
    drawn.show({
      source: source(answer), role: "part",
      label: `${SHADES[shade.value]}.`,
      draw(width) {
        frame = drawMap(width, cells, shade.value);
        frame.mark(at);
        return [frame.svg, drawLegend(width, frame.colour, shade.value)];
      },
      columns: [...ATTRIBUTES, "median", "90 % from", "90 % to", "share of corps"],
      rows: cells.rows.map((row) => [...ATTRIBUTES.map((name) => row[name]), ...["median", "lower", "upper", "corps_share"].map((name) => significant(row[name], 3))]),
    });
    point(cell != null && cell < cells.rows.length ? cell : riskiest(cells), false);
    return { spoken: "The map of all cells is drawn.", model: answer.model, recipe: { path: cellsPath(terms) } };
  }

  return { show, redraw: drawn.redraw };
}

const riskiest = ({ rows }) => d3.maxIndex(rows, (row) => row.median * row.corps_share);

function said(row, wanted) {
  const { middle, bounds } = inWords(row);
  return [h("strong", {}, profileName(row)), ": ", middle, ` (${Math.round(100 * wanted)} % equal-tailed interval: ${bounds}); `,
    `${significant(100 * row.corps_share)} % of the corps.`];
}

/** Return the cell one step away: across sects and proximity, or down through eliteness and rank. */
function neighbour({ rows, names }, at, axis, step) {
  const [major, minor] = axis === "x" ? ["sect", "proximity"] : ["eliteness", "rank"];
  const down = axis === "y" ? [...names.rank].reverse() : names.proximity;
  const line = d3.cross(names[major], down);
  const here = line.findIndex(([one, other]) => one === rows[at][major] && other === rows[at][minor]);
  const [one, other] = line[Math.max(0, Math.min(line.length - 1, here + step))];
  const wanted = { ...rows[at], [major]: one, [minor]: other };
  return rows.find((row) => ATTRIBUTES.every((name) => row[name] === wanted[name])).index;
}

function colours(values, shade) {
  const style = getComputedStyle(document.documentElement);
  const ramp = [0, 1, 2, 3, 4].map((step) => style.getPropertyValue(`--ramp-${step}`).trim());
  const floor = shade === "corps_share" ? -6 : -5;
  const domain = [Math.max(floor, Math.floor(Math.log10(d3.max([d3.min(values), 1e-9])))), Math.min(0, Math.ceil(Math.log10(d3.max(values))))];
  const paint = d3.scaleSequential(domain, d3.interpolateRgbBasis(ramp)).clamp(true);
  return { domain, of: (value) => paint(Math.log10(Math.max(value, 1e-9))) };
}

function drawMap(width, { rows, names }, shade) {
  const roomy = width > ROOMY;
  const colour = colours(rows.map((row) => row[shade]), shade);
  const size = Math.min(26, Math.floor((width - (roomy ? 190 : 66)) / 26));
  const svg = plot(Math.min(width, size * 26 + (roomy ? 190 : 66)), {
    height: size * (roomy ? 25.2 : 30) + (roomy ? 118 : 80), marginLeft: roomy ? 90 : 62, marginRight: roomy ? 84 : 4, marginTop: roomy ? 28 : 62, marginBottom: roomy ? 78 : 6,
    fx: { domain: names.sect, label: null, padding: 0.06, axis: null }, fy: { domain: names.eliteness, label: null, padding: 0.05, axis: null },
    x: { domain: names.proximity, axis: null, padding: 0 }, y: { domain: [...names.rank].reverse(), axis: null, padding: 0 },
    marks: [
      Plot.axisFx({ anchor: "top", label: null, tickFormat: capital, fontWeight: 600, fontSize: roomy ? 13 : 11, tickRotate: roomy ? 0 : -50, textAnchor: roomy ? "middle" : "start" }),
      roomy ? Plot.axisFy({ anchor: "right", label: null, tickFormat: (name) => `${name}\nunits`, fontWeight: 600, fontSize: 13 }) : null,
      Plot.axisY({ anchor: "left", label: null, tickSize: 0, fontSize: roomy ? 12 : 11 }),
      roomy ? Plot.axisX({ anchor: "bottom", label: null, tickSize: 0, tickRotate: -90, fontSize: 11 }) : null,
      Plot.cell(rows, { fx: "sect", fy: "eliteness", x: "proximity", y: "rank", fill: (row) => colour.of(row[shade]), inset: 0.5 }),
    ],
  });
  return { svg, colour, ...pointing(svg, rows, names) };
}

/** Return what marks a cell in a drawing, and what finds the cell under a pointer. */
function pointing(svg, rows, names) {
  const scale = Object.fromEntries(["fx", "fy", "x", "y"].map((name) => [name, svg.scale(name)]));
  const [offsetX, offsetY] = [scale.x.range?.[0] ?? 0, scale.y.range?.[0] ?? 0];
  const corner = (row) => [scale.fx.apply(row.sect) + scale.x.apply(row.proximity) - offsetX, scale.fy.apply(row.eliteness) + scale.y.apply(row.rank) - offsetY];
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
      const [x, y] = [(event.clientX - box.left) * (svg.viewBox.baseVal.width / box.width), (event.clientY - box.top) * (svg.viewBox.baseVal.height / box.height)];
      return rows.find((row) => {
        const [left, top] = corner(row);
        return x >= left && x < left + wide && y >= top && y < top + high;
      })?.index;
    },
  };
}

function drawLegend(width, { domain: [from, to], of }, shade) {
  const parts = d3.range(from, to, (to - from) / 80);
  const across = Math.min(width, 460);
  const axis = shade === "corps_share"
    ? Plot.axisX({ ticks: d3.range(from, to + 1), tickFormat: (power) => `${significant(100 * 10 ** power)} %`, label: null })
    : riskAxis([from, to], across - 56);
  return plot(across, {
    height: LEGEND + 14, marginTop: 6, marginBottom: 40, marginLeft: 26, marginRight: 30, x: { domain: [from, to] }, y: { axis: null },
    marks: [
      Plot.rect(parts, { x1: (power) => power, x2: (power) => power + (to - from) / 80 + 0.005, y1: 0, y2: 1, fill: (power) => of(10 ** power), shapeRendering: "crispEdges" }),
      axis,
    ],
  });
}
