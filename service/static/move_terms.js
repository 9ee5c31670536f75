// The moves that an outlook may suppose: how each is called, and its numbers.

import { communityOf } from "./words.js";

const SHARE = { min: 0, max: 1 };
const RATIO = { min: 0, max: 100 };
const MEN = { min: 0, max: 1_000_000 };

/** The moves in the order of the page, under what they are of. */
export const GROUPS = {
  "What the regime does": ["watch", "purge", "punish", "confine", "militias", "allies"],
  "What wears the force, and fills it": ["deaths", "intake"],
  "What others do": ["offers"],
  "What spreads": ["contagion"],
};

export const TITLES = {
  watch: "Watch",
  purge: "Purge and replace",
  punish: "Punish",
  confine: "Confine to barracks",
  militias: "Militias",
  allies: "Allies",
  deaths: "Deaths",
  intake: "Intake",
  offers: "Offers",
  contagion: "Contagion",
};

const UNSAID = {
  watch: "A share of those who set out to leave is stopped before they are gone.",
  purge: "Men are removed month by month, and others may come in their places.",
  punish: "After a defection the hazard of those alike is multiplied.",
  confine: "Men of a high predicted risk are kept in, where they leave less readily and do not fight.",
  militias: "Men who are not of the army fight beside it.",
  allies: "Men come from abroad, who do not leave.",
  deaths: "Some fall, month by month.",
  intake: "Men are called up, month by month.",
  offers: "An offer multiplies the hazard of those it is made to.",
};

/** By move, its numbers: what each is called, its limits, and with what a reader begins where the study has no interval. */
export const NUMBERS = {
  watch: { share: { text: "Share stopped", limits: SHARE, start: () => "0.3" } },
  purge: { rate: { text: "Share removed a month", limits: SHARE, start: () => "0.01" } },
  punish: { factor: { text: "Hazard of those alike ×", limits: RATIO, start: () => "0.5" } },
  confine: { factor: { text: "Hazard of those kept in ×", limits: RATIO, start: () => "0.5" } },
  militias: {
    men: { text: "Men", limits: MEN, start: tenth },
    factor: { text: "Hazard, of that in the army ×", limits: RATIO, start: () => "0.5" },
  },
  allies: { men: { text: "Men", limits: MEN, start: tenth } },
  deaths: { rate: { text: "Share a month", limits: SHARE, start: () => "0.004" } },
  intake: { men: { text: "Men a month", limits: MEN, start: ({ heads }) => String(Math.ceil(heads.all / 200)) } },
  offers: { factor: { text: "Hazard ×", limits: RATIO, start: () => "2" } },
};

/** Return a tenth of those who serve. */
function tenth({ heads }) {
  return String(Math.ceil(heads.all / 10));
}

/** Return what a move is: in the study's sentence where it has one. */
export function saysOf(name, study) {
  if (name !== "contagion") return study.moves[name]?.says ?? UNSAID[name];
  const { name: community } = communityOf(study);
  return `Recent defections from one’s own ${community} multiply the hazard, once for each doubling of what was expected.`;
}

/** Return the interval that the study has of a number; undefined where it has none. */
export const elicited = (name, number, study) => study.moves[name]?.numbers[number];

/** Return a number as it is asked: as typed, else empty where it is drawn, else what a reader begins with. */
export const asked = (name, number, values, study) =>
  values[number] || (elicited(name, number, study) ? "" : NUMBERS[name][number].start(study));

/** Return how a prior set is called: as its article, or as all of them together. */
export const setName = ({ articles }, name) => articles.find((each) => each.name === name)?.called ?? "all together";
