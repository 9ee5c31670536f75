// Which attribute of the cells is drawn along which axis of the map, and what stands where on it.

import { communityOf, principalOf } from "./words.js";

const { d3 } = window;
const MOST_DOWN = 60;
const LEAST_SIZE = 24;
const MARGINS = 84;

/**
 * Return the names of the attributes along the axes: `x` and `y` of the cells in a block, `fx` and `fy` of the blocks,
 * null where there is none. Of those `fixed`, for which a drawing of a width has no room, one level at a time is drawn,
 * so that every cell can be touched.
 */
export function axesOf(study, width) {
  const [community, principal] = [communityOf(study), principalOf(study)];
  const room = (one, other, most) => one.levels.length * other.levels.length <= most;
  const rows = principal === community ? null : principal;
  const others = study.attributes.filter((each) => each !== community && each !== rows);
  const across = Math.floor((width - MARGINS) / LEAST_SIZE);
  const inner = others.findLast((each) => room(community, each, across));
  const outer = others.find((each) => each !== inner && room(rows, each, MOST_DOWN));
  const [fx, x] = inner ? [community, inner] : [null, community];
  const name = (attribute) => attribute?.name ?? null;
  const fixed = others.filter((each) => each !== inner && each !== outer);
  return { fx: name(fx), x: name(x), fy: name(outer), y: name(rows), fixed: fixed.map(name) };
}

/** Return the levels along each axis, from the left and from the top; of those in rows the last stands at the top. */
export function alongAxes({ fx, x, fy, y }, levels) {
  const along = (name) => (name == null ? [""] : levels[name]);
  return { fx: along(fx), x: along(x), fy: along(fy), y: along(y).toReversed() };
}

/** Return where on an axis a cell stands. */
export const placeOn = (name, { profile }) => (name == null ? "" : profile[name]);

/** Return the rows that are drawn beside one: those that agree with it in what is fixed. */
export const drawnWith = (rows, { fixed }, { profile }) =>
  rows.filter((row) => fixed.every((name) => row.profile[name] === profile[name]));

/** Return the cell so many steps away from one: across blocks and their columns, or down blocks and their rows. */
export function neighbour({ rows, levels }, axes, here, axis, step) {
  const [major, minor] = axis === "x" ? [axes.fx, axes.x] : [axes.fy, axes.y];
  const along = alongAxes(axes, levels);
  const line = d3.cross(along[`f${axis}`], along[axis]);
  const at = line.findIndex(([one, other]) => one === placeOn(major, here) && other === placeOn(minor, here));
  const [one, other] = line[Math.max(0, Math.min(line.length - 1, at + step))];
  return sameBut(rows, here, { ...(major && { [major]: one }), ...(minor && { [minor]: other }) });
}

/** Return the row of the profile of another, at some other levels. */
export function sameBut(rows, { profile }, levels) {
  const wanted = Object.entries({ ...profile, ...levels });
  return rows.find((row) => wanted.every(([name, level]) => row.profile[name] === level));
}

/** Return in words what is drawn along the axes. */
export function axesInWords(axes, levels) {
  const along = alongAxes(axes, levels);
  const said = (outer, inner, words) =>
    `${outer == null ? "" : `${outer}, and within each `}${inner} from ${words[0]} to ${words.at(-1)}.`;
  return `Across: ${said(axes.fx, axes.x, along.x)}${axes.y == null ? "" : ` Down: ${said(axes.fy, axes.y, along.y)}`}`;
}
