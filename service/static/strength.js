// What is left to fight with: deployable and reliable men over time, where the heads went, and whether a unit breaks.

import { h, table } from "./dom.js";
import { figure } from "./figure.js";
import { day, interval, ninety, probability, significant, whole } from "./format.js";
import { differing } from "./outlook_words.js";
import { strengthOverTime } from "./strength_chart.js";
import { selectionName } from "./words.js";

/** What a ledger of heads adds up: those who come, those who go, those who are left. */
const ENTRIES = {
  start: "at the start",
  intake: "+ taken in",
  replaced: "+ put in the places of others",
  defected: "− defected",
  interdicted: "− stopped in the attempt",
  purged: "− purged",
  died: "− died",
  serving: "= serving at the end",
};

/** Return the part of an outlook that tells strength: its `element`, and `show`, which fills it. */
export function strengthView({ study, legend }) {
  const curves = figure({ name: "outlook-strength", title: "Left to fight with", legend });
  const told = h("div", { class: "left-told" });
  return {
    element: h("section", { class: "wide strength" }, curves.element, told),
    show(answer, source) {
      const { strength, moves } = answer;
      const without = moves?.without.strength;
      curves.show({ source, ...curvesOf(strength, without) });
      told.replaceChildren(
        h("ul", { class: "reading" }, wordsOf(strength, moves, study).map((each) => h("li", {}, each))),
        h(
          "div",
          { class: "scroller", tabindex: "0", role: "region", "aria-label": "Where the heads went" },
          ledger(strength, without),
        ),
      );
    },
  };
}

function curvesOf(strength, without) {
  const below = significant(strength.reliable_below);
  const men = ["serving", "deployable", "reliable", "short"];
  const end = strength.over_time.at(-1);
  return {
    draw: (width) => strengthOverTime(width, { now: strength, without }),
    note:
      "Men, median and 90 % equal-tailed interval. Deployable: not kept in barracks, militias and allies among them. " +
      `Reliable: deployable, and of a risk over the window, as fitted, below ${below}. Thin: all who serve in the army.`,
    label:
      `By ${day(end.until)}: deployable, median ${whole(end.deployable.median)}; ` +
      `reliable, median ${whole(end.reliable.median)}.`,
    columns: ["by", ...men.flatMap((name) => [name, "90 % from", "90 % to"])],
    rows: strength.over_time.map((point) => [
      day(point.until),
      ...men.flatMap((name) => {
        const { lower, upper } = interval(point[name], 0.9);
        return [point[name].median, lower, upper].map(whole);
      }),
    ]),
  };
}

/** Return what the curves come to at the end, whether a unit breaks, and what would make up for what is short. */
function wordsOf(strength, moves, study) {
  const [end, before] = [strength, moves?.without.strength].map((each) => each?.over_time.at(-1));
  const changed = (name) => (moves ? `; with the moves less without, ${differing(moves.changed[name], 3)}` : "");
  const { unit, militias, allies } = strength;
  const broken = `${significant(100 * unit.loses)} % of ${whole(unit.men)} ${selectionName(unit.of, study)}`;
  const unmoved = moves?.without.strength.unit.breaks;
  const alternative = unmoved ? `, without moves ${probability(unmoved.probability)}${changed("breaks")}` : "";
  return [
    [
      h("strong", {}, `Reliable at the end: ${range(end.reliable)}`),
      before ? `, without moves ${range(before.reliable)}` : "",
      `${changed("reliable")}.`,
    ],
    unit.possible &&
      `A unit breaks, losing ${broken} within some month, with probability ${probability(unit.breaks.probability)}${alternative}.`,
    end.militiamen_needed &&
      `Militiamen needed by the end to make up for the army’s men who are gone or kept in: ${range(end.militiamen_needed)}.`,
    end.made_up && `That they are made up for by the end has probability ${probability(end.made_up.probability)}.`,
    militias &&
      `Of ${significant(militias.joined, 3)} militiamen who join, ${significant(militias.serving, 3)} serve at the end.`,
    allies != null && `Allies: ${significant(allies, 3)} men.`,
  ].filter(Boolean);
}

function range(count) {
  const { median, lower, upper } = ninety(count);
  return `${significant(median, 3)} (90 %: ${significant(lower)} to ${significant(upper)})`;
}

/** Return the table of heads: expected numbers, with the moves, without, and the difference. */
function ledger({ ledger: now }, without) {
  const columns = ["expected heads", ...(without ? ["with the moves", "without", "difference"] : ["over the window"])];
  const signed = (value) => (Math.round(value) > 0 ? `+${whole(value)}` : whole(value).replace("-", "−"));
  const stirred = Object.entries(ENTRIES).filter(([name]) => now[name] || without?.ledger[name]);
  const rows = stirred.map(([name, text]) => [
    text,
    whole(now[name]),
    ...(without ? [whole(without.ledger[name]), signed(now[name] - without.ledger[name])] : []),
  ]);
  return table("Where the heads went: means of the army’s men, rounded", columns, rows);
}
