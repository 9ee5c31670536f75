// All cells of the forces as the service gives them, and as rows.

const { d3 } = window;

/** Return the path that asks for all cells. */
export function cellsPath({ window: { from, to }, version }) {
  return `/v1/cells?${new URLSearchParams({ from, to, ...(version ? { version } : {}) })}`;
}

/** Return the cells as rows, each with its profile, and the levels of every attribute. */
export function gathered({ order, levels, cells }) {
  const rows = d3.cross(...order.map((name) => levels[name]), (...profile) => profile).map((words, index) => ({
    index,
    profile: Object.fromEntries(order.map((name, at) => [name, words[at]])),
    median: cells.median[index],
    lower: cells.lower[index],
    upper: cells.upper[index],
    corps_share: cells.corps_share[index],
  }));
  return { rows, levels, probability: cells.probability };
}
