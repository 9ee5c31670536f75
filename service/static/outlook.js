// The view of a force: how many would leave, when, who, what is left to fight with, and what moves would change.

import { calmly, h } from "./dom.js";
import { figure } from "./figure.js";
import { day, interval, probability, significant, whole } from "./format.js";
import { cellsPath, gathered } from "./cells.js";
import { forceField, kindsOf } from "./force.js";
import { movesBody } from "./move_options.js";
import { moveFields } from "./moves.js";
import { changedBy, decisiveOf, heroOf } from "./outlook_words.js";
import { atLeast, byAttribute, decisive, exceedance, fan, who } from "./outlook_charts.js";
import { strengthView } from "./strength.js";
import { waiting } from "./waiting.js";
import { attributeOf, levelsMeant, selectionName } from "./words.js";

const NOW = ["posterior", "as supposed"];
const PATIENCE = 300;
const WITHOUT = ["prior", "without the moves"];

/** Put the outlook into a place. `changed` is told of a new force or new moves, `understand` asks what a text says. */
export function outlookView(place, { study, marks, understand, cancel, changed }) {
  const supposed = {};
  const tell = calmly(PATIENCE, () => changed({ ...supposed }));
  const force = forceField({
    study,
    understand,
    changed: (next) => tell(Object.assign(supposed, { force: next })),
  });
  const moves = moveFields({ study, marks, changed: (next) => tell(Object.assign(supposed, { moves: next })) });
  const pending = waiting({ cancel, again: () => changed({ ...supposed }) });
  const widened = widenedField(study, (next) => tell(Object.assign(supposed, { widened: next })));
  const form = h(
    "form",
    { class: "suppositions", autocomplete: "off", onsubmit: (event) => event.preventDefault() },
    force.element,
    moves.element,
  );
  const [chance, number] = [h("div", { class: "said" }), h("div", { class: "said" })];
  const hero = h("div", { class: "hero outlook-hero" }, h("div", {}, chance, widened.element), number);
  const strength = strengthView({ study, legend: [NOW, WITHOUT] });
  const figures = Object.fromEntries(
    [
      [
        "fan",
        {
          title: "How many, by when",
          note: "Defections up to each day: median, 50 % and 90 % equal-tailed intervals.",
        },
      ],
      [
        "decisive",
        {
          title: "A decisive defection, by when",
        },
      ],
      [
        "at-least",
        {
          title: "At least so many in the window",
          note: "Probability that the number of defections is at least that on the axis (scale of logarithms).",
        },
      ],
      [
        "who",
        {
          title: "Who leaves",
          note: "Number of defections from each level: median (at the right), 50 % and 90 % equal-tailed intervals.",
        },
      ],
    ].map(([name, options]) => [
      name,
      figure({ name: `outlook-${name}`, legend: name === "who" ? [] : [NOW, WITHOUT], ...options }),
    ]),
  );
  for (const name of ["fan", "who"]) figures[name].element.classList.add("wide");
  const changes = h("section", { class: "wide changed", hidden: true });
  place.replaceChildren(
    h(
      "div",
      { class: "supposed" },
      form,
      h(
        "div",
        { class: "foreseen" },
        hero,
        changes,
        h(
          "div",
          { class: "figures" },
          strength.element,
          Object.values(figures).map((each) => each.element),
        ),
      ),
      pending.element,
    ),
  );

  let last = {};

  async function show({ ask, force: wanted, moves: made, widened: isWidened, terms, source }) {
    Object.assign(supposed, { force: wanted, moves: made, widened: isWidened });
    force.show(wanted);
    moves.show(made);
    widened.show(isWidened);
    const groups = await groupsOf(wanted, terms, { ask, study });
    const body = {
      force: groups,
      moves: movesBody(made, study),
      strength: {},
      ...(isWidened && { decisive_widened: true }),
      ...terms,
    };
    const answer = await pending.during(ask("outlook", "/v1/outlooks", body));
    if (!answer) return { ...last, spoken: "Cancelled." };
    const without = answer.moves?.without;
    const given = { now: answer, without, start: answer.window.from };
    const about = source(answer);
    const [first, second] = heroOf(answer, study);
    chance.replaceChildren(...first);
    number.replaceChildren(...second);
    changes.hidden = !answer.moves;
    changes.replaceChildren(...(answer.moves ? changedBy(answer.moves, { marks, study }) : []));
    place.classList.toggle("compared", Boolean(answer.moves));
    strength.show(answer, about);
    figures.fan.show({ source: about, draw: (width) => fan(width, given), ...fanRows(answer), label: answer.in_words });
    figures.decisive.element.hidden = !answer.decisive.possible;
    figures.decisive.show({
      source: about,
      draw: (width) => decisive(width, given),
      note: `Probability that at least one of these has left: ${decisiveOf(answer, study)}.`,
      label: `Probability ${probability(answer.decisive.probability)} by ${day(answer.window.to)}.`,
      columns: ["by", "probability"],
      rows: answer.over_time.map((point) => [day(point.until), probability(point.decisive_probability)]),
    });
    figures["at-least"].show({
      source: about,
      draw: (width) => atLeast(width, given),
      label: answer.at_least
        .filter((each) => each.possible)
        .map((each) => `${whole(each.count)}: ${probability(each.probability)}`)
        .join("; "),
      columns: ["at least", "probability"],
      rows: exceedance(answer).map((point) => [whole(point.count), probability(point.probability)]),
    });
    figures.who.show({
      source: about,
      draw: (width) => who(width, answer),
      ...whoRows(answer),
      label: "Median numbers by level of each attribute.",
    });
    last = { model: answer.model, recipe: { path: "/v1/outlooks", body } };
    return { ...last, spoken: `${answer.in_words}.` };
  }

  return { show };
}

/** Return what has more be counted as decisive, where the study says who: its `element`, and `show`, which fills it. */
function widenedField(study, changed) {
  const others = study.decisive_widened.map((each) => selectionName(each, study)).join(", or ");
  const input = h("input", { type: "checkbox", id: "decisive-widened", onchange: () => changed(input.checked) });
  return {
    element: h("label", { class: "widened", hidden: !others }, input, ` Count besides: ${others}`),
    show(is) {
      input.checked = is;
    },
  };
}

/** Return the groups of a force: all as they are made up, a class of service level by level, or those listed. */
async function groupsOf(force, terms, { ask, study }) {
  if (force.kind === "listed" && force.groups.length) return force.groups;
  const kind = kindsOf(study).get(force.kind);
  const heads = force.heads ?? kind.heads;
  if (!kind.of) return [{ count: heads }];
  const [[name, words]] = Object.entries(kind.of);
  const shares = await sharesOf(name, terms, ask);
  const levels = levelsMeant(attributeOf(study, name), words);
  const total = levels.reduce((sum, level) => sum + shares.get(level), 0);
  const count = (level) => Math.max(1, Math.round((heads * shares.get(level)) / total));
  return levels.map((level) => ({ [name]: level, count: count(level) }));
}

/** Return the share of each level of an attribute in the forces. */
async function sharesOf(name, terms, ask) {
  const { rows } = gathered(await ask("shares", cellsPath(terms)));
  const shares = new Map();
  for (const { profile, corps_share: share } of rows)
    shares.set(profile[name], (shares.get(profile[name]) ?? 0) + share);
  return shares;
}

function fanRows({ over_time: points }) {
  return {
    columns: ["by", "mean", "median", "50 % from", "50 % to", "90 % from", "90 % to"],
    rows: points.map((point) => [
      day(point.until),
      whole(point.mean),
      whole(point.median),
      ...[0.5, 0.9].flatMap((wanted) => [interval(point, wanted).lower, interval(point, wanted).upper].map(whole)),
    ]),
  };
}

function whoRows(answer) {
  return {
    columns: ["attribute", "level", "mean", "median", "90 % from", "90 % to"],
    rows: byAttribute(answer).map((row) => [
      row.attribute,
      row.level,
      significant(row.mean, 3),
      whole(row.median),
      whole(interval(row, 0.9).lower),
      whole(interval(row, 0.9).upper),
    ]),
  };
}
