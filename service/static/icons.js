// A natural frequency as a crowd: so many of a hundred, a thousand or ten thousand, filled.

import { s } from "./dom.js";
import { whole } from "./format.js";

const CROWDS = { 100: [20, 5], 1000: [50, 20], 10000: [125, 80] };
const WIDTH = 500;
const BIG = 60;

/** Return whether a crowd of this size can be drawn so that one in it is seen. */
export const canBeDrawn = (denominator) => denominator in CROWDS;

/**
 * Return a crowd: of `denominator` those up to `lower` strongest, then up to `count`, then, faintest, up to `upper`.
 */
export function crowd({ count, lower, upper, denominator }) {
  const [columns, rows] = CROWDS[denominator];
  const step = WIDTH / columns;
  const mark = step * (columns > BIG ? 0.8 : 0.74);
  const atLeast = Math.min(Math.round(lower), count);
  const upTo = Math.min(Math.max(Math.round(upper), count), denominator);
  const runs = [
    ["var(--crowd)", upTo, denominator],
    ["var(--crowd-upper)", count, upTo],
    ["var(--crowd-mean)", atLeast, count],
    ["var(--posterior)", 0, atLeast],
  ];
  const figures = runs.map(([fill, from, to]) =>
    s("path", { fill, d: people({ from, to, columns, rows, step, mark }) }),
  );
  const few =
    columns > BIG && count < 10
      ? [
          s("circle", {
            class: "few",
            cx: (Math.floor(columns / 2) + count / 2) * step,
            cy: (Math.floor(rows / 2) + 0.5) * step,
            r: 12 + 2 * count,
          }),
        ]
      : [];
  return s(
    "svg",
    {
      class: "crowd",
      viewBox: `0 0 ${WIDTH} ${rows * step}`,
      width: WIDTH,
      height: rows * step,
      role: "img",
      "aria-label": `Of ${whole(denominator)}: ${whole(atLeast)} at least, ${whole(count)} on average, ${whole(upTo)} at most, by the 90 % interval`,
    },
    figures,
    few,
  );
}

function people({ from, to, columns, rows, step, mark }) {
  let path = "";
  // In a large crowd the few begin in its midst, where they are found.
  const start = columns > BIG ? Math.floor(rows / 2) * columns + Math.floor(columns / 2) : 0;
  for (let at = from; at < to; at++) {
    const index = (at + start) % (columns * rows);
    const [x, y] = [
      (index % columns) * step + (step - mark) / 2,
      Math.floor(index / columns) * step + (step - mark) / 2,
    ];
    path += columns > 20 ? `M${x.toFixed(2)} ${y.toFixed(2)}h${mark}v${mark}h-${mark}z` : person(x, y, mark);
  }
  return path;
}

/** A head above shoulders. */
function person(x, y, size) {
  const [middle, head] = [x + size / 2, size * 0.21];
  const [left, right, shoulders, foot] = [x + size * 0.16, x + size * 0.84, y + size * 0.62, y + size];
  return (
    `M${middle - head} ${y + head}a${head} ${head} 0 1 1 ${2 * head} 0a${head} ${head} 0 1 1 ${-2 * head} 0z` +
    `M${left} ${foot}V${shoulders + size * 0.1}Q${left} ${shoulders - size * 0.1} ${middle} ${shoulders - size * 0.1}` +
    `Q${right} ${shoulders - size * 0.1} ${right} ${shoulders + size * 0.1}V${foot}z`
  );
}
