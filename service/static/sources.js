// The view of the sources: each article, its claims in its words, what each made of the prior, and the evidence of it.

import { Problem } from "./api.js";
import { cited, hangingOn } from "./claims.js";
import { h } from "./dom.js";
import { capital, day, probability, significant, times, whole } from "./format.js";
import { selectionName } from "./words.js";

const BASES = {
  figure: "the author’s figure",
  wording: "the author’s words",
  inferred: "inferred from the author’s words",
  compiler: "the compiler’s judgement",
};
const MONTH = { month: "long", year: "numeric", timeZone: "UTC" };
const DATES = { 4: { year: "numeric", timeZone: "UTC" }, 7: MONTH, 10: { day: "numeric", ...MONTH } };

/** Put the view of the sources into a place: the ledger, the priors and the rows are those of the version that answers. */
export function sourcesView(place, { study }) {
  const none = h("p", { class: "hint", role: "status" });
  const parts = h("div");
  place.replaceChildren(none, parts);
  let drawn = null;

  return {
    async show({ ask, claim, terms: { version } }) {
      const { fit, model, claims } = await known(ask, version);
      if (drawn !== model.version) parts.replaceChildren(...drawing({ fit, claims, study }));
      drawn = model.version;
      const found = parts.querySelector(`[data-entry="${CSS.escape(claim ?? "")}"]`);
      none.textContent = !claim || found ? "" : `No claim is called ${claim} here.`;
      if (found) {
        found.open = true;
        found.scrollIntoView();
        found.querySelector("summary").focus({ preventScroll: true });
      }
      const spoken = found?.querySelector("summary").textContent ?? "The sources.";
      return { spoken, model, recipe: { path: "/v1/claims" } };
    },
  };
}

/** Return what is known of a version, or of the current one: its model, its fit and its ledger of claims. */
export async function known(ask, version) {
  const of = (path) => (version ? `${path}?${new URLSearchParams({ version })}` : path);
  const [{ fit, model }, { claims }] = await Promise.all([
    ask("fit", of("/v1/model")),
    ask("ledger", of("/v1/claims")).catch(withoutClaims),
  ]);
  return { fit, model, claims };
}

/** Return an empty ledger for a version that was published without one. */
function withoutClaims(error) {
  if (error instanceof Problem && error.status === 404) return { claims: [] };
  throw error;
}

function drawing({ fit, claims, study }) {
  const rows = fit.evidence?.rows ?? [];
  const priors = new Map((fit.priors ?? []).map((prior) => [prior.quantity, prior]));
  const of = ({ name }) => claims.filter(({ source }) => source === name);
  const written = (article) => part(article, of(article).map((claim) => entry(claim, article, { rows, priors })));
  return [...study.articles.map(written), evidence(rows, study)];
}

/** Return a date as far as it is known: a year, a month or a day. */
const dated = (date) => new Date(date).toLocaleDateString("en-GB", DATES[date.length] ?? DATES[10]);

const linked = (href, text) => (href ? h("a", { href, rel: "noreferrer" }, text) : text);

function part(article, claims) {
  const { author, title, published, date, link, stands, summary, says } = article;
  return h(
    "section",
    { class: "source", "data-article": article.name },
    h("h2", {}, linked(link, title)),
    h("p", { class: "note" }, [author, published === author ? null : published, dated(date), stands].filter(Boolean).join(" · ")),
    h("p", { class: "reading" }, summary ?? says),
    claims.length ? claims : h("p", { class: "note" }, "No claim of it is listed."),
  );
}

function entry(claim, article, given) {
  const { prior, posterior, own_prior: own } = claim.probability ?? {};
  const moved = prior == null ? "" : `, ${probability(prior)} → ${probability(posterior)}`;
  const odds = claim.bayes_factor == null ? "" : `; its odds ${times(claim.bayes_factor)}`;
  const toldOfEvidence =
    prior == null
      ? `Not testable: ${claim.not_testable ?? "no quantity carries it"}.`
      : `Probability that it holds: ${probability(prior)} before, ${probability(posterior)} after${odds}. ` +
        `Verdict: ${claim.verdict}${hangingOn(claim) ? `, ${hangingOn(claim)}` : ""}. ` +
        `By the prior of its own article alone: ${probability(own)}.`;
  const behind = rowsBehind(claim, given.rows);
  return h(
    "details",
    {
      class: "claim-entry",
      "data-entry": claim.id,
    },
    h(
      "summary",
      {},
      h("strong", {}, claim.id),
      " ",
      h("q", {}, claim.quote),
      " ",
      h("span", { class: "note verdict", "data-verdict": claim.verdict }, `${claim.verdict ?? "no verdict"}${moved}`),
    ),
    h(
      "dl",
      { class: "told" },
      fact("Says", claim.says),
      fact("Prior it implies", implied(claim, given.priors)),
      fact("What the evidence did", toldOfEvidence),
      fact("Rows of evidence", behind.length ? behind.map(row) : "No row moves it."),
      fact("Article", linked(article.link, cited(article)), `, ${article.title}`),
    ),
  );
}

const fact = (name, ...content) => h("div", {}, h("dt", {}, name), h("dd", {}, content));

/** Return for each quantity that a claim bears on the interval that it amounts to, on whose authority. */
function implied({ links = {}, used = true }, priors) {
  const told = Object.entries(links).map(([quantity, { interval: bounds, basis, horizon }]) => {
    const prior = priors.get(quantity);
    const write = prior && prior.scale !== "hazard ratio" ? (share) => `${significant(100 * share)} %` : times;
    const [low, high] = bounds.map((bound) => write(bound));
    const what = capital(prior?.definition ?? quantity.replaceAll("_", " "));
    return h("p", {}, `${what}: ${low} to ${high} (90 % interval; ${BASES[basis] ?? basis}; of ${horizon}).`);
  });
  if (!told.length) return "None: it bears on no quantity of the model.";
  return used ? told : [told, h("p", {}, "The prior of this version does not rest on it.")];
}

/** Return the rows that move a claim, or on which its verdict hangs. */
function rowsBehind({ without = [], hangs_on: hangs = [] }, rows) {
  const named = new Set([...hangs, ...without.map(({ term }) => term)].flatMap((term) => term.split("'s bound at ")[0].split("+")));
  return rows.filter(({ id }) => named.has(id));
}

const row = ({ id, source, url, published_on: on, note }) =>
  h("p", {}, h("strong", {}, id), " ", linked(url, source), `${on ? `, known by ${day(on)}` : ""}. ${note}`);

function evidence(rows, study) {
  return h(
    "section",
    { class: "source" },
    h("h2", {}, "The evidence, row by row"),
    rows.length
      ? h(
          "ul",
          { class: "rows" },
          rows.map((each) => h("li", {}, row(each), h("p", { class: "note" }, counted(each, study)))),
        )
      : h("p", { class: "note" }, "This version lists no rows."),
  );
}

/** Return whom a row counts, how many of how many, and when. */
export function counted({ kind, population, attribute, total, count, window }, study) {
  const whom = selectionName(named({ ...population, ...attribute }, study), study);
  const shares = kind === "corps_composition" && total?.every((each) => each === 1);
  const write = (number) => (shares ? `${significant(100 * number)} %` : whole(number));
  const range = ([low, high]) => (low === high ? write(low) : `${write(low)} to ${write(high)}`);
  return `${capital(whom)}: ${range(count)}${total && !shares ? ` of ${range(total)}` : ""}, ${day(window.from)} to ${day(window.to)}.`;
}

/** Return a selection in which levels that have a name together are that name. */
function named(selection, { attributes }) {
  const together = (name, levels) => {
    const groups = Object.entries(attributes.find((each) => each.name === name)?.groups ?? {});
    const group = groups.find(([, each]) => String(each.levels) === String(levels));
    return group ? [group[0]] : levels;
  };
  return Object.fromEntries(Object.entries(selection).map(([name, levels]) => [name, together(name, levels)]));
}
