// The view of the articles: the study's cases weighed between them, and what became of their claims.

import { h, marked } from "./dom.js";
import { Problem } from "./api.js";
import { pairs, pairRows } from "./article_chart.js";
import { byTopic, on, tally } from "./article_claims.js";
import { figure } from "./figure.js";
import { day, probability, significant } from "./format.js";
import { profileName } from "./words.js";

const DAY = 86_400_000;
const WEIGHING = "/v1/surprises";

/** Return whether there is anything by which the articles of a study can be weighed. */
export const canBeWeighed = ({ cases, topics }) => cases.length > 0 || Object.keys(topics).length > 0;

/** Put the view of the articles into a place; the ledger is that of the version being served. */
export function articlesView(place, { ledger, marks, study }) {
  const hero = h("div", { class: "hero articles-hero" });
  const refused = h("p", { class: "note", role: "status" });
  const chart = figure({ name: "articles", title: "How probable each article made it" });
  const cards = h("section", { class: "wide cases" });
  chart.element.classList.add("wide");
  place.replaceChildren(hero, refused, h("div", { class: "figures" }, chart.element, cards));
  const { articles } = study;
  const [left, stayed] = [true, false].map((happened) => study.cases.filter((each) => each.happened === happened));
  const topics = byTopic(ledger, study.topics);
  const weights = h("ul", {});

  async function show({ ask, profile, terms, source }) {
    hero.replaceChildren(...heroOf(topics, study, { weights, marks }));
    const cases = [...left, ...chosen(profile, terms, study), ...stayed];
    const body = {
      cases: cases.map((each) => ({ profile: each.profile, by: each.by })),
      ...(terms.version ? { version: terms.version } : {}),
    };
    const answer = cases.length ? await weighing(ask, body) : {};
    const recipe = cases.length ? { path: WEIGHING, body } : null;
    chart.element.hidden = cards.hidden = !answer.surprises;
    weights.replaceChildren();
    refused.replaceChildren(...marked(answer.refusal ?? ""));
    if (!answer.surprises) return { spoken: answer.refusal ?? hero.textContent, recipe: null };
    const all = cases.map((each, at) => ({ ...each, ...answer.surprises[at] }));
    const weighed = all.filter((each) => each.happened);
    const told = all.map((each) => (each.happened ? happened(each, study) : silence(each, articles)));
    cards.replaceChildren(...told.map((each) => card(each, marks)));
    weights.replaceChildren(
      ...told
        .filter((_, at) => study.cases.includes(cases[at]))
        .map((each) => h("li", {}, `${each.title}: ${each.in_words}.`)),
    );
    chart.element.hidden = !weighed.length;
    if (weighed.length)
      chart.show({
        source: source(answer),
        draw: (width) => pairs(width, weighed, articles),
        ...pairRows(weighed, articles),
        note:
          `Probability that all ${study.everyone} would yield at least one such case by the day ` +
          "stated, before any evidence; bars: two Monte Carlo standard errors either way. The posterior has seen a case " +
          "that its evidence holds, and says nothing of the articles.",
        label: weighed.map((each) => `${each.title}: ${each.in_words}`).join(". "),
      });
    return { spoken: told.map((each) => `${each.title}: ${each.in_words}.`).join(" "), model: answer.model, recipe };
  }

  return { show };
}

/** Return how cases are weighed, or why the version that answers cannot do so. */
async function weighing(ask, body) {
  try {
    return await ask("surprises", WEIGHING, body);
  } catch (error) {
    if (error instanceof Problem && error.status === 409) return { refusal: error.detail };
    throw error;
  }
}

/** Return the profile chosen, if any, as a case that happened up to the end of the window. */
function chosen(profile, terms, study) {
  if (!Object.keys(profile).length) return [];
  const rests = "The profile chosen above, had one such left between the first day of the study and the window's end.";
  const title = profileName(profile, study);
  return [{ title, profile, by: lastDay(terms.window.to), happened: true, rests, claims: [] }];
}

/** Return the last day of a window, which ends before the day that it states. */
const lastDay = (to) => new Date(Date.parse(to) - DAY).toISOString().slice(0, 10);

/** Return what is said first: of the first topic whether the evidence resolves it, of the others how claims fared. */
function heroOf(topics, { articles, cases }, { weights, marks }) {
  const [first, ...others] = topics;
  const fared = others.flatMap(([, claims]) => claims);
  return [
    h("div", {}, first ? resolved(first, articles, marks) : h("p", { class: "headline" }, "What speaks for which article")),
    h(
      "div",
      {},
      cases.length ? [h("p", {}, "By who left, and who did not:"), weights] : [],
      others.length
        ? [
            h("p", {}, `By their claims ${on(others.map(([topic]) => topic))}:`),
            h(
              "ul",
              {},
              articles.map((article) => h("li", {}, tally(article, fared, marks))),
            ),
          ]
        : [],
    ),
  ];
}

/** Return whether the evidence resolves a topic, in words. */
function resolved([topic, claims], articles, marks) {
  const silent = claims.every(({ probability: each }) => each?.prior === each?.posterior);
  const honest =
    `Nothing in the evidence is about ${topic} itself: no row resolves it, and the claims that speak of it stand ` +
    "where their prior put them. ";
  const [asked, none] =
    articles.length === 1
      ? [`Does the evidence support ${articles[0].called} on ${topic}?`, "it says nothing"]
      : [`Which of the articles does the evidence support on ${topic}?`, articles.length === 2 ? "neither" : "none"];
  return [
    h("p", { class: "who" }, asked),
    h("p", { class: "headline" }, silent ? `On ${topic} itself, ${none}` : "See the claims below"),
    h("p", { class: "reading" }, silent ? honest : `The evidence moved claims that speak of ${topic}. `, marks(claims.map(({ id }) => id))),
  ];
}

/** Return a case that happened, with how many such people each article expects. */
function happened({ rests, priors, ...rest }, { articles, everyone }) {
  const expected = ({ name, called }) =>
    `${called} expects ${significant(priors.find((each) => each.prior_set === name).expected_men)}`;
  return { ...rest, rests: `Such among all ${everyone}: ${articles.map(expected).join(", ")}. ${rests}` };
}

/** Return a case that did not happen, with how probable each article made that. */
function silence({ rests, priors, ...rest }, articles) {
  const none = new Map(priors.map((each) => [each.prior_set, { p: 1 - each.probability, e: each.monte_carlo_error }]));
  const said = articles.map(({ name, called }) => ({ called, ...none.get(name) }));
  const [most, ...fewer] = said.toSorted((one, other) => other.p - one.p);
  const listed = said.map(({ called, p }) => `${probability(p)} by ${called}`).join(", ");
  return {
    ...rest,
    in_words: fewer.length ? factor(most, fewer.at(-1)) : `${most.called} gave this probability ${probability(most.p)}`,
    rests: `Its probability: ${listed}. ${rests}`,
  };
}

/** Return how many times as probable one made something as another. */
function factor(one, other) {
  const value = one.p / other.p;
  const margin = Math.exp(2 * Math.hypot(one.e / one.p, other.e / other.p));
  const [middle, lower, upper] = [value, value / margin, value * margin].map((each) => significant(each));
  return `${one.called} made this ${middle} times as probable as ${other.called} (Monte Carlo: ${lower} to ${upper})`;
}

function card({ title, by, rests, claims, in_words: words }, marks) {
  return h(
    "article",
    { class: "case" },
    h("h3", {}, `${title}, by ${day(by)}`),
    h("p", { class: "reading strong" }, `${words}.`),
    h("p", {}, rests),
    claims.length ? h("p", {}, "Claims that speak of it: ", marks(claims)) : null,
  );
}
