// Numbers and dates as people say them.

const DENOMINATORS = [100, 1_000, 10_000, 100_000, 1_000_000];
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

/** Return a risk as a count, to two digits, out of the smallest denominator at which it is not nothing. */
export function frequency(risk, denominator = denominatorOf(risk)) {
  const told = Number((risk * denominator).toPrecision(2));
  const most = whole(0.99 * denominator);
  const words = told < 1 ? "fewer than 1" : told < denominator ? told.toLocaleString("en-GB") : `more than ${most}`;
  return { count: Math.round(risk * denominator), denominator, words };
}

/** Return a risk as a frequency of its own: "2 in 100". */
export function oneFrequency(risk) {
  const { denominator, words } = frequency(risk);
  return `${words} in ${whole(denominator)}`;
}

/** Return the smallest denominator at which a risk is not nothing, as the service chooses it. */
function denominatorOf(risk) {
  return DENOMINATORS.find((each) => risk * each >= 1) ?? DENOMINATORS.at(-1);
}

/** Return a risk and its interval in words, as the service says it, without whom it is about; without a mean, by its median. */
export function inWords({ mean, median, lower, upper }) {
  const { denominator, words } = frequency(mean ?? median);
  const bounds = [...new Set([lower, upper].map((each) => frequency(each, denominator).words))].join(" to ");
  const half = frequency(median, denominator).words;
  return {
    middle: `${words.includes("than") ? words : `about ${words}`} in ${whole(denominator)}`,
    half: `half of the draws say ${half.includes("than") ? half : `fewer than ${half}`}`,
    bounds,
  };
}

/** Return a share as a tick on a scale of risks: "1 in 1,000". */
export const oneIn = (share, between = " ") => (share >= 1 ? "all" : `1${between}in ${whole(1 / share)}`);

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
