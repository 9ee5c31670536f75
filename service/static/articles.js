// The view of the two articles: the study's cases weighed between them, and what became of their claims.

import { h, marked } from "./dom.js";
import { Problem } from "./api.js";
import { pairs, pairRows } from "./article_chart.js";
import { byTopic, claimTables, on, tally } from "./article_claims.js";
import { figure } from "./figure.js";
import { day, probability, significant, whole } from "./format.js";
import { profileName } from "./words.js";

const DAY = 86_400_000;

/** Put the view of the two articles into a place; the ledger is that of the version being served. */
export function articlesView(place, { ledger, marks, vocabulary }) {
  const hero = h("div", { class: "hero articles-hero" });
  const refused = h("p", { class: "note", role: "status" });
  const chart = figure({ name: "articles", title: "How probable each article made it" });
  const cards = h("section", { class: "wide cases" });
  const claims = h("section", { class: "wide" });
  chart.element.classList.add("wide");
  place.replaceChildren(hero, refused, h("div", { class: "figures" }, chart.element, cards, claims));
  const { study } = vocabulary;
  const { articles } = study;
  const [left, stayed] = [true, false].map((happened) => study.cases.filter((each) => each.happened === happened));
  const topics = byTopic(ledger, study.topics);
  const weights = h("ul", {});

  async function show({ ask, profile, terms, source }) {
    hero.replaceChildren(...heroOf(topics, articles, weights));
    claims.replaceChildren(...claimTables(topics, articles));
    const cases = [...left, ...chosen(profile, terms, vocabulary), ...stayed];
    const body = {
      cases: cases.map((each) => ({ profile: each.profile, by: each.by })),
      ...(terms.priors ? { priors: terms.priors } : {}),
    };
    const recipe = { path: "/v1/surprises", body };
    const answer = await ask("surprises", "/v1/surprises", body).catch((error) => {
      if (error instanceof Problem && error.status === 409) return { refusal: error.detail };
      throw error;
    });
    chart.element.hidden = cards.hidden = Boolean(answer.refusal);
    weights.replaceChildren();
    refused.replaceChildren(...(answer.refusal ? marked(answer.refusal) : []));
    if (answer.refusal) return { spoken: answer.refusal, recipe };
    const all = cases.map((each, at) => ({ ...each, ...answer.surprises[at] }));
    const weighed = all.filter((each) => each.happened);
    const told = all.map((each) => (each.happened ? happened(each, articles, answer.corps) : silence(each, articles)));
    cards.replaceChildren(...told.map((each) => card(each, marks)));
    weights.replaceChildren(
      ...told
        .filter((_, at) => study.cases.includes(cases[at]))
        .map((each) => h("li", {}, `${each.title}: ${each.in_words}.`)),
    );
    chart.show({
      source: source(answer),
      draw: (width) => pairs(width, weighed, articles),
      ...pairRows(weighed, articles),
      note:
        `Probability that ${whole(answer.corps)} men would yield at least one such case by the day stated, before any ` +
        "evidence; bars: two Monte Carlo standard errors either way. The posterior has seen a case that its evidence " +
        "holds, and says nothing of the articles.",
      label: weighed.map((each) => `${each.title}: ${each.in_words}`).join(". "),
    });
    return { spoken: weighed.map((each) => `${each.title}: ${each.in_words}.`).join(" "), model: answer.model, recipe };
  }

  return { show };
}

/** Return the profile chosen, if any, as a case that happened up to the end of the window. */
function chosen(profile, terms, vocabulary) {
  if (!Object.keys(profile).length) return [];
  const rests = "The profile chosen above, had one such man left between the first day of the study and the window's end.";
  const title = profileName(profile, vocabulary);
  return [{ title, profile, by: lastDay(terms.window.to), happened: true, rests, claims: [] }];
}

/** Return the last day of a window, which ends before the day that it states. */
const lastDay = (to) => new Date(Date.parse(to) - DAY).toISOString().slice(0, 10);

/** Return what is said first: of the first topic whether the evidence resolves it, of the others how claims fared. */
function heroOf(topics, articles, weights) {
  const [[first, claims], ...others] = topics;
  const silent = claims.every(({ probability: each }) => each?.prior === each?.posterior);
  const ids = claims.map((claim) => claim.id);
  const honest =
    `Nothing in the bundled evidence is about ${first} itself, only about who left: no row resolves it, and the claims ` +
    `that speak of it (${ids.join(", ") || "none listed"}) stand where their prior put them.`;
  return [
    h(
      "div",
      {},
      h("p", { class: "who" }, `Which of the two does the evidence support on ${first}?`),
      h("p", { class: "headline" }, silent ? `On ${first} itself, neither` : "See their claims below"),
      h("p", { class: "reading" }, silent ? honest : `The evidence moved claims that speak of ${first}.`),
    ),
    h(
      "div",
      {},
      h("p", {}, "By who left, and who did not:"),
      weights,
      h("p", {}, `By their claims ${on(others.map(([topic]) => topic))}:`),
      h(
        "ul",
        {},
        articles.map((article) => h("li", {}, tally(article, others.flatMap(([, about]) => about)))),
      ),
    ),
  ];
}

/** Return a case that happened, with how many such men either article expects. */
function happened({ rests, priors, ...rest }, articles, corps) {
  const men = ({ name, called }) =>
    `${called} expects ${significant(priors.find((each) => each.prior_set === name).expected_men)}`;
  return { ...rest, rests: `Such men among ${whole(corps)}: ${articles.map(men).join(", ")}. ${rests}` };
}

/** Return a case that did not happen, with how probable either of two articles made that. */
function silence({ rests, priors, ...rest }, articles) {
  const none = new Map(priors.map((each) => [each.prior_set, { p: 1 - each.probability, e: each.monte_carlo_error }]));
  const [one, other] = articles.map(({ name, called }) => ({ called, ...none.get(name) }));
  const factor = one.p / other.p;
  const margin = Math.exp(2 * Math.hypot(one.e / one.p, other.e / other.p));
  const [value, lower, upper] = [factor, factor / margin, factor * margin].map((each) => significant(each, 3));
  return {
    ...rest,
    in_words: `${one.called} made this ${value} times as probable as ${other.called} (Monte Carlo: ${lower} to ${upper})`,
    rests:
      `Its probability: ${probability(one.p)} by ${one.called}, ${probability(other.p)} by ${other.called}. ` + rests,
  };
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
