// The levers that an outlook may be asked with, each off at first, each with its claims.

import { h } from "./dom.js";
import { offeredTo, OPTIONS } from "./lever_options.js";
import { MEANS } from "./terms.js";
import { communityOf, levelNames, principalOf } from "./words.js";

const TITLES = { contagion: "Contagion", reprisal: "Reprisal and purge", incentive: "Incentive" };
const TEXTS = {
  contagion: (community) =>
    `Recent defections from one's own ${community} multiply the hazard, once for each doubling of what was expected.`,
  reprisal: () => "After a defection the doubtful are removed: the hazard of those alike falls.",
  incentive: () => "An offer of protection multiplies the hazard of those it is made to.",
};

/** Return fields for all levers: their `elements`, and `show`, which fills them; `changed` is told of new levers. */
export function leverFields({ study, marks, changed }) {
  const first = { incentive: firstOffer(study) };
  let levers = null;
  const parts = Object.keys(TITLES).map((name) => {
    const set = (option, value) => {
      const untouched = option === "on" && !levers[name].from;
      levers = { ...levers, [name]: { ...levers[name], ...(untouched ? first[name] : {}), [option]: value } };
      fill();
      changed(levers);
    };
    return [name, lever(name, { set, study, marks })];
  });
  const fill = () => parts.forEach(([name, part]) => part.fill(levers[name]));
  return {
    elements: [h("p", { class: "note" }, `Levers, each off at first. ${MEANS.hazard}`), ...parts.map(([, part]) => part.element)],
    show(given) {
      levers = given;
      fill();
    },
  };
}

/** Return what an offer is at first: from the middle of the study on, to the highest level of what matters most. */
function firstOffer(study) {
  const { periods } = study;
  const principal = principalOf(study);
  return {
    from: periods[Math.floor(periods.length / 2)].window.from,
    [offeredTo(principal.name)]: levelNames(principal).at(-1),
  };
}

function lever(name, { set, study, marks }) {
  const on = h("input", { type: "checkbox", id: `lever-${name}`, onchange: () => set("on", on.checked) });
  const options = OPTIONS[name](set, study);
  const labels = options.map(([, label]) => label);
  const body = h("div", { class: "options" }, labels);
  const title = h("legend", {}, h("label", {}, on, ` ${TITLES[name]}`));
  const text = h("p", { class: "note" }, TEXTS[name](communityOf(study).name), " ", marks(study.levers[name]?.claims ?? []));
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
export function leversBody({ contagion, reprisal, incentive }, study) {
  return {
    ...(contagion.on && { contagion: contagionBody(contagion, study) }),
    ...(reprisal.on && { reprisal: { factor: Number(reprisal.factor), months: Number(reprisal.months) } }),
    ...(incentive.on && { incentives: [offerBody(incentive, study)] }),
  };
}

function contagionBody({ source, ratio, months, weight, left, already }, study) {
  const drawn = study.levers.contagion && source !== "stated";
  return {
    ...(drawn ? { prior_set: source } : { ratio: Number(ratio) }),
    months: Number(months),
    services_weight: Number(weight),
    ...(left && { already: [{ [communityOf(study).name]: left, count: Number(already) }] }),
  };
}

function offerBody({ factor, from, months, ...to }, { attributes }) {
  const names = attributes.map(({ name }) => name).filter((name) => to[offeredTo(name)]);
  return {
    factor: Number(factor),
    from,
    ...(months && { months: Number(months) }),
    for: Object.fromEntries(names.map((name) => [name, [to[offeredTo(name)]]])),
  };
}
