// Numbers and dates as people say them.

const DENOMINATORS = [100, 1_000, 10_000, 100_000, 1_000_000];
const EXACT = 0.1;
const DAY = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };

/** Return a number with commas between thousands. */
export const whole = (number) => Math.round(number).toLocaleString("en-GB");

/** Return a number to so many significant digits, never as a power of ten unless tiny. */
export function significant(number, digits = 2) {
  if (number === 0 || !Number.isFinite(number)) return String(number);
  if (Math.abs(number) >= 100) return whole(Number(number.toPrecision(digits)));
  if (Math.abs(number) < 1e-6) return number.toExponential(digits - 1);
  return String(Number(number.toPrecision(digits)));
}

/**
 * Return how risks that stand side by side are told: as counts of the smallest number of people of whom the least is one,
 * to two digits, or one where a Monte Carlo standard error is over a tenth. The twin of `Scale` in model/risk/words.py.
 */
export function scaleOf(expected, errors = []) {
  const least = Math.min(...expected);
  const denominator = DENOMINATORS.find((each) => least * each >= 1) ?? DENOMINATORS.at(-1);
  const coarse = errors.some((error, at) => error >= EXACT * expected[at] && expected[at] * denominator >= 1);
  const digits = coarse ? 1 : 2;
  const unit = `in ${whole(denominator)}`;
  const most = denominator - Math.floor(denominator / 10 ** digits);
  const rounded = (risk) => Number((risk * denominator).toPrecision(digits));
  const count = (risk) => {
    const number = rounded(risk);
    if (number < 1) return "fewer than 1";
    return number < denominator ? number.toLocaleString("en-GB") : `more than ${whole(most)}`;
  };
  const told = (risk) => `${count(risk)} ${unit}`;
  const unlessVague = (word, text) => (text.includes(" than ") ? text : `${word} ${text}`);
  return {
    denominator,
    told,
    about: (risk) => unlessVague("about", told(risk)),
    half: (median) => `half of the draws say ${unlessVague("fewer than", told(median))}`,
    between: (lower, upper) => `${[...new Set([lower, upper].map(count))].join(" to ")} ${unit}`,
  };
}

/** Return the scale of some risks, each with its mean and the Monte Carlo standard error of that. */
export const scaleBeside = (risks) =>
  scaleOf(
    risks.map(({ mean }) => mean),
    risks.map(({ monte_carlo_error: error }) => error),
  );

/** Return the Monte Carlo standard error of an expected share, as a part of it. */
export const blur = ({ mean, monte_carlo_error: error }) => `${significant((100 * error) / mean, 1)} %`;

/** Return a ratio as a multiplication or a division. */
export function times(ratio) {
  if (Number(Math.max(ratio, 1 / ratio).toPrecision(2)) === 1) return "× 1";
  return ratio >= 1 ? `× ${significant(ratio)}` : `÷ ${significant(1 / ratio)}`;
}

/** Return a probability found from draws, which can show neither nought nor one. */
export function probability(value) {
  if (value >= 0.9995) return "> 0.999";
  if (value < 0.0005) return "< 0.001";
  return value >= 0.1 && value < 0.995 ? value.toFixed(2) : value.toFixed(3);
}

/** Return a day, given as 2012-07-01, as people write it. */
export const day = (text) => (text == null ? "after the window" : new Date(text).toLocaleDateString("en-GB", DAY));

/** Return the interval of a probability from a summary. */
export const interval = (summary, wanted) => summary.intervals.find((each) => each.probability === wanted);

/** Return the median and the 90 % interval of a summary, and the mean where it has one. */
export const ninety = (summary) => ({ mean: summary.mean, median: summary.median, ...interval(summary, 0.9) });

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
