// The page: what is asked stands in the address, is asked of the service, and is drawn.

import { client, isOvertaken, Problem } from "./api.js";
import { articlesView } from "./articles.js";
import { chooser } from "./chooser.js";
import { claimMarks, footnotes } from "./claims.js";
import { compareView } from "./compare.js";
import { $, h } from "./dom.js";
import { copy, save } from "./export.js";
import { day } from "./format.js";
import { mapView } from "./heatmap.js";
import { mark, unmark } from "./faults.js";
import { inStudy } from "./in_study.js";
import { notUnderstood } from "./not_understood.js";
import { notices, OtherStudy } from "./notices.js";
import { outlookView } from "./outlook.js";
import { profileView } from "./profile.js";
import { recipes } from "./recipes.js";
import { sourcesView } from "./sources.js";
import { keeper, MOST_PINS, VIEWS, written } from "./state.js";
import { prepareTerms, prepareWords, termsOf } from "./terms.js";
import { whatIfView } from "./what_if.js";
import { changed, levelsOf } from "./words.js";

const state = keeper();
const service = client();
const board = notices($("notice"), $("content"), {
  again: () => show(),
  newest: () => state.set({ version: null }),
  reload() {
    if (!state.get().version) state.answered(null);
    window.location.reload();
  },
  useKey(key) {
    service.useKey(key);
    show();
  },
});
const recipe = recipes($("commands"));
let parts = null;
let preparing = null;
let turn = 0;
let stayed = null;

/** Return what the page stands on, asked for once: the study and its words, the model, the claims. */
function prepared() {
  preparing ??= prepare().catch((error) => {
    preparing = null;
    throw error;
  });
  return preparing;
}

async function prepare() {
  const [served, model] = await Promise.all([studyServed(), service.ask("model", ofVersion("/v1/model"))]);
  const ledger = await service.ask("claims", ofVersion("/v1/claims")).then(
    (answer) => answer.claims,
    () => [],
  );
  const ids = (all) => all.map(({ id }) => id);
  const study = { ...served, claims: ids(ledger), rows: ids(model.fit.evidence?.rows ?? []) };
  const marks = claimMarks(ledger, study.articles, (claim) => state.set({ view: "sources", claim }));
  const choose = (profile) => state.set({ view: "profile", profile });
  const views = {
    profile: profileView($("view-profile"), {
      study,
      marks,
      choose: (name, level) => choose(changed(inStudy(state.get(), study).found.profile, name, level, study)),
    }),
    compare: compareView($("view-compare"), {
      study,
      remove: (at) => state.set({ pins: state.get().pins.toSpliced(at, 1) }),
      open: (at) => choose(state.get().pins[at]),
    }),
    map: mapView($("view-map"), {
      study,
      choose,
      pin,
      wander: (cell) => state.set({ cell }, { quietly: true, silently: true }),
      shaded: (shade) => state.set({ shade }),
    }),
    outlook: outlookView($("view-outlook"), {
      study,
      marks,
      understand,
      cancel: () => service.cancel("outlook"),
      changed: (supposed) => state.set(supposed, { quietly: true }),
    }),
    "what-if": whatIfView($("view-what-if"), {
      study,
      marks,
      changed: (supposed) => state.set({ supposed }, { quietly: true }),
    }),
    articles: articlesView($("view-articles"), { ledger, marks, study }),
    sources: sourcesView($("view-sources"), { study }),
  };
  const box = chooser($("chooser"), $("in-words"), {
    study,
    understand,
    onchange: (profile, how) =>
      state.set({ profile, view: state.get().view === "map" ? "profile" : state.get().view }, how),
  });
  parts = { study, model, ledger, views, box };
  prepareWords(study);
  prepareTerms(study, model);
  return parts;
}

/** Return the study of the version that answers, with its words. */
async function studyServed() {
  const [study, vocabulary] = await Promise.all([
    service.ask("study", ofVersion("/v1/study")),
    service.ask("vocabulary", ofVersion("/v1/vocabulary")),
  ]);
  return { ...study, ...vocabulary };
}

/** Ask, and see that it is the study of this page that answers. */
async function ask(...given) {
  const answer = await service.ask(...given);
  if (answer.model.study !== parts.study.name) throw new OtherStudy();
  return answer;
}

/** Return what an error means: words may be refused because another study, which has not got them, is served by now. */
async function meant(error) {
  if (!parts || !(error instanceof Problem) || error.status !== 422) return error;
  const now = await service.ask("study", ofVersion("/v1/study")).catch(() => parts.study);
  return now.digest === parts.study.digest ? error : new OtherStudy();
}

/** Return what a text says of a profile; null where a later text took its place, or the service would not say. */
async function understand(text) {
  const { version } = state.get();
  try {
    return await ask("reading", "/v1/readings", { text, ...(version ? { version } : {}) });
  } catch (error) {
    if (!isOvertaken(error)) board.failed(await meant(error));
    return null;
  }
}

/** Return what numbers come from: a line for a picture, columns for a table. */
function sourceOf({ model: { version, priors } }, about, { from, to }) {
  const { title } = parts.study;
  const first = about && `${about}. `;
  return {
    line:
      `${first}${title}; defection-risk ${version}, prior set ${priors}; ${day(from)} to ${day(to)}; ` +
      "intervals equal-tailed.",
    columns: { profile: about, "window from": from, "window to": to, "prior set": priors, version },
  };
}

/** Return a path that asks for what is known of the version that the state names. */
function ofVersion(path) {
  const { version } = state.get();
  return version ? `${path}?${new URLSearchParams({ version })}` : path;
}

/** Say that a newer version of the same prior set answers by now, where one does, and offer both. */
async function sayNewer({ version, priors, study }) {
  const place = $("newer");
  if (!state.get().version || stayed === version) return place.replaceChildren();
  const { model, priors_available: sets } = await service.ask("newest", "/v1/model");
  const newest = model.study === study ? (sets.find((each) => each.priors === priors) ?? model) : model;
  if (newest.version === version) return place.replaceChildren();
  const button = (text, onclick) => h("button", { type: "button", class: "quiet", onclick }, text);
  place.replaceChildren(
    `As answered by ${version}; ${newest.version > version ? "a newer one exists" : "another is current"}. `,
    button("Stay with it", () => {
      stayed = version;
      place.replaceChildren();
    }),
    " ",
    button("Ask the newest", () => state.set({ version: newest.priors === model.priors ? null : newest.priors })),
  );
}

/** Ask for what the state says and draw it; whoever asks later wins. */
async function show() {
  const mine = ++turn;
  performance.mark("asked");
  board.loading();
  frame(state.get());
  try {
    const { study, views } = await prepared();
    if (mine !== turn) return;
    const { found: now, out } = inStudy(state.get(), study);
    const terms = termsOf(now, study);
    frame(now);
    fill(now, terms);
    if (out.length) {
      await refuse(now, out, mine);
      return;
    }
    const answered = await views[now.view].show({
      ...now,
      terms,
      ask: asking(mine),
      source: (answer, about = "") => sourceOf(answer, about, terms.window),
    });
    if (mine !== turn) return;
    board.clear();
    finish(answered);
  } catch (error) {
    if (mine !== turn || isOvertaken(error)) return;
    const told = await meant(error);
    if (mine === turn) board.failed(told);
  }
}

/** Say which words were not understood in place of an answer: no number stands below words that it is not about. */
async function refuse(now, out, mine) {
  $(`view-${now.view}`).hidden = true;
  const text = out.filter(({ of }) => of === "profile").map(({ word }) => word).join(", ");
  const found = text ? await understand(text) : null;
  if (mine !== turn) return;
  const nearest = new Map(found?.not_understood.map((each) => [each.word, each.nearest]));
  const { profile, pins, force, moves, supposed } = now;
  const take = async (word) => {
    const meant = await understand(word);
    if (meant) state.set({ profile: { ...profile, ...meant.profile } });
  };
  const leave = () => state.set({ profile, pins, force, moves, supposed });
  $("understood").replaceChildren(...notUnderstood(out, { study: parts.study, nearest, take, leave }));
  board.clear();
  finish({ spoken: $("understood").textContent, subject: "Not understood" });
}

/** Return what asks as long as nothing was asked after it: neither a late question nor a late answer counts. */
function asking(mine) {
  const stop = () => {
    if (mine !== turn) throw new DOMException("overtaken", "AbortError");
  };
  return async (...given) => {
    stop();
    const answer = await ask(...given);
    stop();
    return answer;
  };
}

/** Show the right view, whatever the answer will be. */
function frame(now) {
  for (const name of VIEWS) $(`view-${name}`).hidden = name !== now.view;
  for (const link of document.querySelectorAll("[data-view]")) {
    link.href = `#${written({ ...now, view: link.dataset.view })}`;
    if (link.dataset.view === now.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  $("question").hidden = !parts || now.view === "sources";
  $("chooser").hidden = now.view === "outlook" || now.view === "map";
  $("in-words").hidden = $("pin").hidden = $("chooser").hidden;
  $("pin-count").hidden = !now.pins.length;
  $("pin-count").textContent = `(${now.pins.length})`;
}

function fill(now, terms) {
  parts.box.show(state.get().profile);
  $("understood").replaceChildren();
  for (const name of ["from", "to"]) if (document.activeElement !== $(name)) $(name).value = terms.window[name];
  $("pin").disabled = now.pins.length >= MOST_PINS;
}

function finish({ spoken, recipe: question, model, subject }) {
  if (model) {
    $("version").textContent = `Version ${model.version}, prior set ${model.priors}`;
    $("priors").value = model.priors;
    $("report").href = `/report/${model.version}`;
    state.answered(model.version);
    sayNewer(model).catch(() => $("newer").replaceChildren());
  }
  $("spoken").textContent = spoken;
  const view = document.querySelector("[aria-current]").firstChild.textContent.trim();
  document.title = `${subject ?? view}: ${document.querySelector("h1").textContent}`;
  $("recipe").hidden = !question;
  if (question) recipe.show({ ...question, model, key: service.hasKey() });
  $("footnotes").replaceChildren(...footnotes($(`view-${state.get().view}`), parts.ledger, parts.study.articles));
  requestAnimationFrame(() =>
    setTimeout(() => {
      performance.mark("drawn");
      performance.measure("answer", "asked", "drawn");
    }),
  );
}

function pin(profile) {
  const { pins } = state.get();
  const text = (each) => JSON.stringify(levelsOf(each, parts.study));
  const there = pins.some((each) => text(each) === text(profile));
  if (!there && pins.length < MOST_PINS) state.set({ pins: [...pins, profile] });
  $("spoken").textContent = there ? "Already pinned." : "Pinned.";
}

function listen() {
  $("more").open = matchMedia("(min-width: 46rem)").matches;
  $("question").addEventListener("submit", (event) => event.preventDefault());
  for (const name of ["from", "to"])
    $(name).addEventListener("change", () => {
      if (!$(name).checkValidity()) mark($(name), $(name).validationMessage);
      else {
        unmark($(name));
        state.set({ window: { ...state.get().window, [name]: $(name).value } });
      }
    });
  $("whole-window").addEventListener("click", () => state.set({ window: {} }));
  $("priors").addEventListener("change", () => state.set({ version: $("priors").value }));
  $("pin").addEventListener("click", () => parts && pin(inStudy(state.get(), parts.study).found.profile));
  $("share").addEventListener("click", async () => {
    await copy(window.location.href);
    $("spoken").textContent = "Link copied.";
    $("share").textContent = "Copied";
    setTimeout(() => ($("share").textContent = "Copy link"), 2000);
  });
  // The report carries styles that this page's policy forbids, so that it is handed over as a file, not shown from here.
  $("report").addEventListener("click", (event) => {
    if (!service.hasKey()) return;
    event.preventDefault();
    service.file($("report").getAttribute("href")).then((report) => save("defection-risk-report.html", report), board.failed);
  });
  // The address holds the state, so that no link within the page may lead there.
  $("skip").addEventListener("click", (event) => (event.preventDefault(), $("content").focus()));
  window.addEventListener("online", show);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => parts?.views.map.redraw());
}

listen();
state.watch(show);
show();
