// All cells at once, to wander in by pointer or by arrow keys.

import { calmly, h } from "./dom.js";
import { cellsPath, gathered } from "./cells.js";
import { figure } from "./figure.js";
import { capital, scaleOf, significant, whole } from "./format.js";
import { axesInWords, axesOf, drawnWith, neighbour, sameBut } from "./heatmap_axes.js";
import { colours, drawLegend, drawMap } from "./heatmap_drawing.js";
import { called, levelNames, principalOf, profileName } from "./words.js";

const { d3 } = window;
const STEPS = { ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowUp: ["y", -1], ArrowDown: ["y", 1] };
const PATIENCE = 200;

/** Put the map into a place. `choose` and `pin` take the profile of a cell, `wander` its number, `shaded` a shade. */
export function mapView(place, { study, choose, wander, shaded, pin }) {
  let axes = axesOf(study, Infinity);
  const names = study.attributes.map(({ name }) => name);
  const shades = shadesOf(study);
  const levels = Object.fromEntries(study.attributes.map((attribute) => [attribute.name, levelNames(attribute)]));
  const shade = h(
    "select",
    { id: "shade", onchange: () => (wander(at.index), shaded(shade.value)) },
    Object.entries(shades).map(([value, text]) => h("option", { value }, text)),
  );
  const readout = h("p", { class: "readout", "aria-live": "polite" });
  const ranks = h("div", { class: "ranks" });
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
    note: "",
  });
  drawn.drawing.setAttribute("tabindex", "0");
  drawn.drawing.setAttribute("role", "application");
  drawn.drawing.setAttribute("aria-roledescription", "map of cells");
  drawn.drawing.setAttribute("aria-label", "Map of all cells: arrow keys move, Enter shows the profile");
  drawn.drawing.classList.add("wander");
  drawn.element.classList.add("wide");
  const fixed = fixedLists(study, (name, level) => {
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
  drawn.drawing.after(ranks);
  drawn.element.querySelector("figcaption").append(...fixed.elements);
  place.replaceChildren(h("div", { class: "figures" }, drawn.element));

  let cells = null;
  let at = null;
  let frame = null;

  const point = (row, tell = true) => {
    at = row;
    readout.replaceChildren(...said(at, cells, study));
    fixed.show(at.profile, axes.fixed);
    ranks.replaceChildren(...beside(at, { cells, study, point }));
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
    cells.scale = scaleOf(cells.rows.map((row) => row.median));
    shade.value = Object.hasOwn(shades, by) ? by : "median";
    point(cells.rows[cell] ?? riskiest(cells), false);
    drawn.show({
      source: source(answer),
      role: "part",
      label: `${shades[shade.value]}.`,
      draw(width) {
        axes = axesOf(study, width);
        fixed.show(at.profile, axes.fixed);
        drawn.note(`${axesInWords(axes, levels)} Touch a cell, or move by arrow keys; Enter shows the profile.`);
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
function fixedLists(study, pick) {
  const lists = study.attributes.map(({ name, levels }) => {
    const options = levels.map((level) => h("option", { value: level.name }, level.name));
    const select = h("select", { id: `fixed-${name}`, onchange: () => pick(name, select.value) }, options);
    return { name, select, line: h("p", { class: "go" }, h("label", { for: select.id }, `${capital(name)} `), select) };
  });
  return {
    elements: lists.map(({ line }) => line),
    show: (profile, fixed) =>
      lists.forEach(({ name, select, line }) => {
        select.value = profile[name];
        line.hidden = !fixed.includes(name);
      }),
  };
}

/** Return the cells that differ from one in what matters most, as a list to choose from: a bar each on one scale. */
function beside(at, { cells, study, point }) {
  const { name, levels } = principalOf(study);
  const rows = levels.map((level) => sameBut(cells.rows, at, { [name]: level.name })).toReversed();
  const most = d3.max(rows, (row) => row.median);
  return [
    h("h3", {}, `By ${name}, else equal`),
    ...rows.map((row) => {
      const share = h("span", { class: "share" });
      share.style.width = `${(100 * row.median) / most}%`;
      return h(
        "button",
        { type: "button", "aria-pressed": String(row === at), onclick: () => point(row) },
        h("span", {}, called({ levels }, row.profile[name])),
        h("span", { class: "bar" }, share),
        h("span", {}, cells.scale.told(row.median)),
      );
    }),
  ];
}

const riskiest = ({ rows }) => d3.greatest(rows, (row) => row.median * row.corps_share);

function said(row, { probability: wanted, scale }, study) {
  return [
    h("strong", {}, profileName(row.profile, study)),
    ": ",
    `median ${scale.told(row.median)}`,
    ` (${Math.round(100 * wanted)} % equal-tailed interval: ${scale.between(row.lower, row.upper)}); `,
    `${significant(100 * row.corps_share)} % of all ${study.everyone}.`,
  ];
}
