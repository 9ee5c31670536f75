// All cells at once, to wander in by pointer or by arrow keys.

import { calmly, h } from "./dom.js";
import { cellsPath, gathered } from "./cells.js";
import { figure } from "./figure.js";
import { capital, inWords, significant, whole } from "./format.js";
import { axesInWords, axesOf, drawnWith, neighbour, sameBut } from "./heatmap_axes.js";
import { colours, drawLegend, drawMap } from "./heatmap_drawing.js";
import { attributeOf, levelNames, profileName } from "./words.js";

const { d3 } = window;
const STEPS = { ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowUp: ["y", -1], ArrowDown: ["y", 1] };
const PATIENCE = 200;

/** Put the map into a place. `choose` and `pin` take the profile of a cell, `wander` its number, `shaded` a shade. */
export function mapView(place, { study, choose, wander, shaded, pin }) {
  const axes = axesOf(study);
  const names = study.attributes.map(({ name }) => name);
  const shades = shadesOf(study);
  const levels = Object.fromEntries(study.attributes.map((attribute) => [attribute.name, levelNames(attribute)]));
  const shade = h(
    "select",
    { id: "shade", onchange: () => (wander(at.index), shaded(shade.value)) },
    Object.entries(shades).map(([value, text]) => h("option", { value }, text)),
  );
  const readout = h("p", { class: "readout", "aria-live": "polite" });
  const actions = h(
    "p",
    { class: "go" },
    h("button", { type: "button", onclick: () => go() }, "Show this profile"),
    " ",
    h("button", { type: "button", class: "quiet", onclick: () => pin(at.profile) }, "Pin it"),
  );
  const drawn = figure({
    name: "map",
    title: `All ${whole(study.attributes.reduce((count, each) => count * each.levels.length, 1))} cells`,
    note: `${axesInWords(axes, levels)} Arrow keys move, Enter shows the profile.`,
  });
  drawn.drawing.setAttribute("tabindex", "0");
  drawn.drawing.setAttribute("role", "application");
  drawn.drawing.setAttribute("aria-roledescription", "map of cells");
  drawn.drawing.setAttribute("aria-label", "Map of all cells: arrow keys move, Enter shows the profile");
  drawn.drawing.classList.add("wander");
  drawn.element.classList.add("wide");
  const fixed = fixedLists(axes.fixed, study, (name, level) => {
    point(sameBut(cells.rows, at, { [name]: level }));
    drawn.redraw();
  });
  drawn.drawing.before(
    h(
      "div",
      { class: "beside" },
      h("p", { class: "go" }, h("label", { for: "shade" }, "Shade by "), shade),
      readout,
      actions,
    ),
  );
  drawn.element.querySelector("figcaption").append(...fixed.elements);
  place.replaceChildren(h("div", { class: "figures" }, drawn.element));

  let cells = null;
  let at = null;
  let frame = null;

  const point = (row, tell = true) => {
    at = row;
    readout.replaceChildren(...said(at, cells.probability, study));
    fixed.show(at.profile);
    frame?.mark(at);
    if (tell) remember(at.index);
  };
  const remember = calmly(PATIENCE, wander);
  const go = () => {
    wander(at.index);
    choose(at.profile);
  };
  const touched = (event) => {
    const row = frame?.under(event);
    if (row) point(row);
    return row;
  };
  drawn.drawing.addEventListener("click", touched);
  drawn.drawing.addEventListener("dblclick", (event) => touched(event) && go());
  drawn.drawing.addEventListener("keydown", (event) => {
    if (!cells) return;
    if (event.key === "Enter") go();
    const [axis, step] = STEPS[event.key] ?? [];
    if (!axis) return;
    event.preventDefault();
    point(neighbour(cells, axes, at, axis, step));
  });

  async function show({ ask, terms, cell, shade: by, source }) {
    const answer = await ask("cells", cellsPath(terms));
    cells = gathered(answer);
    shade.value = Object.hasOwn(shades, by) ? by : "median";
    point(cells.rows[cell] ?? riskiest(cells), false);
    drawn.show({
      source: source(answer),
      role: "part",
      label: `${shades[shade.value]}.`,
      draw(width) {
        const colour = colours(cells.rows, shade.value);
        frame = drawMap(width, drawnWith(cells.rows, axes, at), { levels, axes, shade: shade.value, colour });
        frame.mark(at);
        return [frame.svg, drawLegend(width, colour, shade.value)];
      },
      columns: [...names, "median", "90 % from", "90 % to", "share of all"],
      rows: cells.rows.map((row) => [
        ...names.map((name) => row.profile[name]),
        ...["median", "lower", "upper", "corps_share"].map((name) => significant(row[name], 3)),
      ]),
    });
    return { spoken: "The map of all cells is drawn.", model: answer.model, recipe: { path: cellsPath(terms) } };
  }

  return { show, redraw: drawn.redraw };
}

const shadesOf = ({ everyone }) => ({
  median: "risk (median)",
  lower: "lower end of the 90 % interval",
  upper: "upper end of the 90 % interval",
  corps_share: `share of all ${everyone}`,
});

/** Return lists for attributes of which one level at a time is drawn: their `elements`, and `show`, which sets them. */
function fixedLists(names, study, pick) {
  const lists = names.map((name) => {
    const options = levelNames(attributeOf(study, name)).map((level) => h("option", { value: level }, level));
    const select = h("select", { id: `fixed-${name}`, onchange: () => pick(name, select.value) }, options);
    return [name, select];
  });
  return {
    elements: lists.map(([name, select]) =>
      h("p", { class: "go" }, h("label", { for: select.id }, `${capital(name)} `), select),
    ),
    show: (profile) => lists.forEach(([name, select]) => (select.value = profile[name])),
  };
}

const riskiest = ({ rows }) => d3.greatest(rows, (row) => row.median * row.corps_share);

function said(row, wanted, study) {
  const { middle, bounds } = inWords(row);
  return [
    h("strong", {}, profileName(row.profile, study)),
    ": ",
    middle,
    ` (${Math.round(100 * wanted)} % equal-tailed interval: ${bounds}); `,
    `${significant(100 * row.corps_share)} % of all ${study.everyone}.`,
  ];
}
