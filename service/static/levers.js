// The levers that an outlook may be asked with, each off at first, each with its claims.

import { h } from "./dom.js";
import { OPTIONS } from "./lever_options.js";
import { ATTRIBUTES } from "./words.js";

const TEXTS = {
  contagion: "Recent defections from one's own sect multiply the hazard, once for each doubling of what was expected.",
  reprisal: "After a defection the regime removes the doubtful: the hazard of those alike falls.",
  incentive: "An offer of protection multiplies the hazard of those it is made to.",
};
const TITLES = { contagion: "Contagion", reprisal: "Reprisal and purge", incentive: "Incentive" };

/** Return fields for all levers: their `elements`, and `show`, which fills them; `changed` is told of new levers. */
export function leverFields({ vocabulary, marks, changed }) {
  const first = { incentive: firstOffer(vocabulary) };
  let levers = null;
  const parts = Object.keys(TITLES).map((name) => {
    const set = (option, value) => {
      const untouched = option === "on" && !levers[name].from;
      levers = { ...levers, [name]: { ...levers[name], ...(untouched ? first[name] : {}), [option]: value } };
      fill();
      changed(levers);
    };
    return [name, lever(name, { set, vocabulary, marks })];
  });
  const fill = () => parts.forEach(([name, part]) => part.fill(levers[name]));
  return {
    elements: parts.map(([, part]) => part.element),
    show(given) {
      levers = given;
      fill();
    },
  };
}

/** Return what an offer is at first: from the middle of the study on, to the highest rank. */
function firstOffer({ attributes, study: { periods } }) {
  const { levels } = attributes.find((each) => each.name === "rank");
  return { from: periods[Math.floor(periods.length / 2)].window.from, rank: levels.at(-1).name };
}

function lever(name, { set, vocabulary, marks }) {
  const on = h("input", { type: "checkbox", id: `lever-${name}`, onchange: () => set("on", on.checked) });
  const options = OPTIONS[name](set, vocabulary);
  const labels = options.map(([, label]) => label);
  const body = h("div", { class: "options" }, labels);
  const title = h("legend", {}, h("label", {}, on, ` ${TITLES[name]}`));
  const text = h("p", { class: "note" }, TEXTS[name], " ", marks(vocabulary.study.levers[name]));
  return {
    element: h("fieldset", { class: "lever", "data-lever": name }, title, text, body),
    fill(values) {
      on.checked = values.on;
      body.hidden = !values.on;
      for (const [option, , write] of options) write(values[option] ?? "", values);
    },
  };
}

/** Return the levers that are on, as the service takes them. */
export function leversBody(levers) {
  const body = {};
  const { contagion, reprisal, incentive } = levers;
  if (contagion.on) {
    const ratio = contagion.source === "stated" ? { ratio: Number(contagion.ratio) } : { prior_set: contagion.source };
    const already = contagion.sect ? { already: [{ sect: contagion.sect, count: Number(contagion.already) }] } : {};
    body.contagion = {
      ...ratio,
      months: Number(contagion.months),
      intelligence_weight: Number(contagion.weight),
      ...already,
    };
  }
  if (reprisal.on) body.reprisal = { factor: Number(reprisal.factor), months: Number(reprisal.months) };
  if (incentive.on) {
    const to = Object.fromEntries(
      ATTRIBUTES.filter((name) => incentive[name]).map((name) => [name, [incentive[name]]]),
    );
    body.incentives = [
      {
        factor: Number(incentive.factor),
        from: incentive.from,
        ...(incentive.months ? { months: Number(incentive.months) } : {}),
        for: to,
      },
    ];
  }
  return body;
}
