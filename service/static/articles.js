// The view of the two articles: cases that happened weighed between them, and what became of their claims.

import { h, marked } from "./dom.js";
import { Problem } from "./api.js";
import { ARTICLES, pairs, pairRows } from "./article_chart.js";
import { byTopic, claimTables, tally } from "./article_claims.js";
import { figure } from "./figure.js";
import { day, probability, profileName, significant } from "./format.js";

const PRESET = [
  {
    title: "An Alawite brigadier of Air Force Intelligence",
    profile: { sect: "alawite", rank: "brigadier", unit: "Air Force Intelligence" },
    by: "2012-08-02",
    rests:
      "The case that Stratfor wrote about the day after. It was no forecast: weighed is what the sentences of each " +
      "article say of such men in general. Row E03 of the evidence counts Alawite officers named in the press, of whom he " +
      "may be one: the posterior may have seen him.",
    claims: ["K07", "K12", "S01", "S02", "S05", "S06"],
  },
  {
    title: "A Sunni brigadier of the Republican Guard",
    profile: { sect: "sunni", rank: "brigadier", unit: "Republican Guard" },
    by: "2012-07-31",
    rests:
      "One left in July 2012; the end of the month is taken. The surprise is above all that such a man served: " +
      "al-Kattan has the elite units drawn from Alawites alone.",
    claims: ["K05", "K17", "S06", "S08"],
  },
];
const CORE = { profile: { rank: "general", proximity: "core" } };
const DAY = 86_400_000;

/** Put the view of the two articles into a place; the ledger is that of the version being served. */
export function articlesView(place, { ledger, marks, study }) {
  const hero = h("div", { class: "hero articles-hero" });
  const refused = h("p", { class: "note", role: "status" });
  const chart = figure({
    name: "articles",
    title: "How probable each article made it",
    note:
      "Probability that 325,000 men would yield at least one such case by the day stated, before any evidence; bars: two " +
      "Monte Carlo standard errors either way. The posterior has seen a case that its evidence holds, and says nothing " +
      "of the articles.",
  });
  const cards = h("section", { class: "wide cases" });
  const claims = h("section", { class: "wide" });
  chart.element.classList.add("wide");
  place.replaceChildren(hero, refused, h("div", { class: "figures" }, chart.element, cards, claims));
  const topics = byTopic(ledger);
  const weights = h("ul", {});

  async function show({ ask, profile, terms, source }) {
    hero.replaceChildren(...heroOf(topics, weights));
    claims.replaceChildren(...claimTables(topics));
    const cases = casesOf(profile, terms);
    const core = { ...CORE, by: lastDay(study.window.to) };
    const body = {
      cases: [...cases, core].map((each) => ({ profile: each.profile, by: each.by })),
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
    const weighed = cases.map((each, at) => ({ ...each, ...answer.surprises[at] }));
    const none = silence(answer.surprises.at(-1));
    cards.replaceChildren(...[...weighed.map(happened), none].map((each) => card(each, marks)));
    weights.replaceChildren(
      ...[...weighed.slice(0, PRESET.length), none].map((each) => h("li", {}, `${each.title}: ${each.in_words}.`)),
    );
    chart.show({
      source: source(answer),
      draw: (width) => pairs(width, weighed),
      ...pairRows(weighed),
      label: weighed.map((each) => `${each.title}: ${each.in_words}`).join(". "),
    });
    return { spoken: weighed.map((each) => `${each.title}: ${each.in_words}.`).join(" "), model: answer.model, recipe };
  }

  return { show };
}

/** Return the cases to weigh: two that happened, and the profile chosen, up to the end of the window. */
function casesOf(profile, terms) {
  if (!Object.keys(profile).length) return PRESET;
  const rests = "The profile chosen above, had one such man left between the first day of the study and the window's end.";
  const chosen = { title: profileName(profile), profile, by: lastDay(terms.window.to), rests, claims: [] };
  return [...PRESET, chosen];
}

/** Return the last day of a window, which ends before the day that it states. */
const lastDay = (to) => new Date(Date.parse(to) - DAY).toISOString().slice(0, 10);

function heroOf(topics, weights) {
  const silent = topics.get("contagion").every(({ probability: each }) => each?.prior === each?.posterior);
  const ids = topics.get("contagion").map((claim) => claim.id);
  const honest =
    "Nothing in the bundled evidence is about contagion itself, only about who left: no row resolves it, and the claims " +
    `that speak of it (${ids.join(", ") || "none listed"}) stand where their prior put them.`;
  return [
    h(
      "div",
      {},
      h("p", { class: "who" }, "Which of the two does the evidence support on contagion into the core?"),
      h("p", { class: "headline" }, silent ? "On contagion itself, neither" : "See their claims below"),
      h("p", { class: "reading" }, silent ? honest : "The evidence moved claims that speak of contagion."),
    ),
    h(
      "div",
      {},
      h("p", {}, "By who left, and who did not:"),
      weights,
      h("p", {}, "By their claims on the core and on elite units:"),
      h(
        "ul",
        {},
        [...ARTICLES].map(([source, name]) => h("li", {}, tally(name, source, topics))),
      ),
    ),
  ];
}

/** Return a case that happened, with how many such men either article expects. */
function happened({ rests, priors, ...rest }) {
  const men = ([source, name]) =>
    `${name} expects ${significant(priors.find((each) => each.prior_set === source).expected_men)}`;
  return { ...rest, rests: `Such men among 325,000: ${[...ARTICLES].map(men).join(", ")}. ${rests}` };
}

/** Return what can be said of what did not happen: that no general of the core left. */
function silence({ by, priors }) {
  const none = new Map(priors.map((each) => [each.prior_set, { p: 1 - each.probability, e: each.monte_carlo_error }]));
  const [kattan, stratfor] = [...ARTICLES.keys()].map((name) => none.get(name));
  const factor = kattan.p / stratfor.p;
  const margin = Math.exp(2 * Math.hypot(kattan.e / kattan.p, stratfor.e / stratfor.p));
  const [value, lower, upper] = [factor, factor / margin, factor * margin].map((each) => significant(each, 3));
  return {
    title: "No general of the core",
    by,
    in_words: `al-Kattan made this ${value} times as probable as Stratfor (Monte Carlo: ${lower} to ${upper})`,
    rests:
      `Both held it likely: ${probability(kattan.p)} and ${probability(stratfor.p)}. Cases that happened speak for whoever ` +
      "expected more of them, and were chosen because they happened; this is the counterweight, and it weighs little. " +
      "That none left is what al-Kattan reports; rows E05 and E06 leave room for up to three brigadiers and generals " +
      "until July 2014.",
    claims: ["K02", "K03", "K11", "S09"],
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
