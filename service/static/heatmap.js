// All cells at once, to wander in by pointer or by arrow keys.

import { calmly, h } from "./dom.js";
import { cellsPath, gathered } from "./cells.js";
import { figure } from "./figure.js";
import { inWords, significant } from "./format.js";
import { drawLegend, drawMap } from "./heatmap_drawing.js";
import { ATTRIBUTES, profileName } from "./words.js";

const { d3 } = window;
const SHADES = {
  median: "risk (median)",
  lower: "lower end of the 90 % interval",
  upper: "upper end of the 90 % interval",
  corps_share: "share of the armed forces",
};
const STEPS = { ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowUp: ["y", -1], ArrowDown: ["y", 1] };
const PATIENCE = 200;

/** Put the map into a place. `choose` and `pin` take the profile of a cell, `wander` its number, `shaded` a shade. */
export function mapView(place, { vocabulary, choose, wander, shaded, pin }) {
  const [ranks, proximities] = ["rank", "proximity"].map((name) => levelNames(vocabulary, name));
  const shade = h(
    "select",
    { id: "shade", onchange: () => (wander(at), shaded(shade.value)) },
    Object.entries(SHADES).map(([value, text]) => h("option", { value }, text)),
  );
  const readout = h("p", { class: "readout", "aria-live": "polite" });
  const actions = h(
    "p",
    { class: "go" },
    h("button", { type: "button", onclick: () => go() }, "Show this profile"),
    " ",
    h("button", { type: "button", class: "quiet", onclick: () => pin(profileOf(at)) }, "Pin it"),
  );
  const drawn = figure({
    name: "map",
    title: `All ${vocabulary.attributes.reduce((count, { levels }) => count * levels.length, 1)} cells`,
    note:
      `Within each block, columns go from ${proximities[0]} to ${proximities.at(-1)}, rows from ${ranks.at(-1)} down to ` +
      `${ranks[0]}. Arrow keys move, Enter shows the profile.`,
  });
  drawn.drawing.setAttribute("tabindex", "0");
  drawn.drawing.setAttribute("role", "application");
  drawn.drawing.setAttribute("aria-roledescription", "map of cells");
  drawn.drawing.setAttribute("aria-label", "Map of all cells: arrow keys move, Enter shows the profile");
  drawn.drawing.classList.add("wander");
  drawn.element.classList.add("wide");
  drawn.drawing.before(
    h(
      "div",
      { class: "beside" },
      h("p", { class: "go" }, h("label", { for: "shade" }, "Shade by "), shade),
      readout,
      actions,
    ),
  );
  place.replaceChildren(h("div", { class: "figures" }, drawn.element));

  let cells = null;
  let at = 0;
  let frame = null;

  const profileOf = (index) => Object.fromEntries(ATTRIBUTES.map((name) => [name, cells.rows[index][name]]));
  const point = (index, tell = true) => {
    at = index;
    readout.replaceChildren(...said(cells.rows[index], cells.probability, vocabulary));
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
      source: source(answer),
      role: "part",
      label: `${SHADES[shade.value]}.`,
      draw(width) {
        frame = drawMap(width, cells, shade.value);
        frame.mark(at);
        return [frame.svg, drawLegend(width, frame.colour, shade.value)];
      },
      columns: [...ATTRIBUTES, "median", "90 % from", "90 % to", "share of the forces"],
      rows: cells.rows.map((row) => [
        ...ATTRIBUTES.map((name) => row[name]),
        ...["median", "lower", "upper", "corps_share"].map((name) => significant(row[name], 3)),
      ]),
    });
    point(cell != null && cell < cells.rows.length ? cell : riskiest(cells), false);
    return { spoken: "The map of all cells is drawn.", model: answer.model, recipe: { path: cellsPath(terms) } };
  }

  return { show, redraw: drawn.redraw };
}

const levelNames = ({ attributes }, name) =>
  attributes.find((each) => each.name === name).levels.map((level) => level.name);

const riskiest = ({ rows }) => d3.maxIndex(rows, (row) => row.median * row.corps_share);

function said(row, wanted, vocabulary) {
  const { middle, bounds } = inWords(row);
  return [
    h("strong", {}, profileName(row, vocabulary)),
    ": ",
    middle,
    ` (${Math.round(100 * wanted)} % equal-tailed interval: ${bounds}); `,
    `${significant(100 * row.corps_share)} % of the armed forces.`,
  ];
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
