// All cells of the armed forces as the service gives them, and as rows.

import { ATTRIBUTES } from "./words.js";

const { d3 } = window;

/** Return the path that asks for all cells. */
export function cellsPath({ window: { from, to }, priors }) {
  return `/v1/cells?${new URLSearchParams({ from, to, ...(priors ? { priors } : {}) })}`;
}

/** Return the cells as rows, and the levels of every attribute, ranks from the highest down. */
export function gathered({ order, levels, cells }) {
  const names = Object.fromEntries(ATTRIBUTES.map((name) => [name, levels[name] ?? levels[order.indexOf(name)]]));
  const combinations = d3.cross(d3.cross(names.sect, names.rank), d3.cross(names.eliteness, names.proximity));
  const rows = combinations.map(([[sect, rank], [eliteness, proximity]], index) => ({
    index,
    sect,
    rank,
    eliteness,
    proximity,
    median: cells.median[index],
    lower: cells.lower[index],
    upper: cells.upper[index],
    corps_share: cells.corps_share[index],
  }));
  return { rows, names, probability: cells.probability };
}
