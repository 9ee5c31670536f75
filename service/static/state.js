// What is being asked, kept in the address of the page and nowhere else.

export const VIEWS = ["profile", "compare", "map", "outlook", "what-if", "articles", "sources"];
export const MOST_PINS = 8;
const MOVES = {
  watch: {},
  purge: {},
  punish: { months: "6" },
  confine: {},
  militias: {},
  allies: {},
  deaths: {},
  intake: {},
  offers: {},
  contagion: { source: "", ratio: "1.2", months: "3", weight: "1", left: "", already: "1" },
};
/** What is supposed where nothing is. */
export const AS_IT_IS = Object.freeze({ claims: [], rows: [], weights: {}, bounds: {} });
const NAMES = new Set(
  ["view", "profile", "from", "to", "version", "pin", "cell", "shade", "claim", "force", "group"].concat(
    ["without", "without-row", "weight", "bound", "decisive"],
    Object.keys(MOVES),
  ),
);

/** Return the state of a page that was opened without one. */
function initial() {
  return {
    view: "profile",
    profile: {},
    window: {},
    version: null,
    pins: [],
    cell: null,
    shade: "median",
    claim: null,
    supposed: AS_IT_IS,
    force: { kind: "all", heads: null, groups: [] },
    widened: false,
    moves: Object.fromEntries(Object.entries(MOVES).map(([name, options]) => [name, { on: false, ...options }])),
  };
}

/** Return a state as the part of an address after the hash sign. */
export function written(state) {
  const query = new URLSearchParams({ view: state.view });
  if (packed(state.profile)) query.set("profile", packed(state.profile));
  if (state.window.from) query.set("from", state.window.from);
  if (state.window.to) query.set("to", state.window.to);
  if (state.version) query.set("version", state.version);
  for (const pin of state.pins) query.append("pin", packed(pin));
  if (state.view === "map" && state.cell != null) query.set("cell", state.cell);
  if (state.view === "map" && state.shade !== "median") query.set("shade", state.shade);
  if (state.view === "sources" && state.claim) query.set("claim", state.claim);
  writeSupposed(query, state.supposed);
  const { kind, heads, groups } = state.force;
  if (kind !== "all" || heads != null) query.set("force", heads == null ? kind : `${kind}:${heads}`);
  for (const { count, ...profile } of groups) query.append("group", `${count}*${packed(profile)}`);
  if (state.widened) query.set("decisive", "widened");
  for (const [name, { on, ...options }] of Object.entries(state.moves)) if (on) query.set(name, packed(options));
  // What parts names and words may stand in an address as it is, and reads better so.
  return query.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/** Return the state that the part of an address after the hash sign says; what it does not say is as at first. */
export function read(text) {
  const query = new URLSearchParams(text.replace(/^#/, ""));
  const state = initial();
  state.claim = query.get("claim");
  if (state.claim) state.view = "sources";
  if (VIEWS.includes(query.get("view"))) state.view = query.get("view");
  // What is no part of a state is taken for an attribute: "name=level" asks what "profile=name:level" asks. A level has
  // no colon: a move of another name has.
  const attributes = [...query].filter(([name, value]) => value && !value.includes(":") && !NAMES.has(name));
  state.profile = { ...Object.fromEntries(attributes), ...unpacked(query.get("profile")) };
  for (const name of ["from", "to"]) if (isDay(query.get(name))) state.window[name] = query.get(name);
  state.version = query.get("version");
  state.pins = query.getAll("pin").slice(0, MOST_PINS).map(unpacked);
  if (/^\d{1,5}$/.test(query.get("cell") ?? "")) state.cell = Number(query.get("cell"));
  if (query.get("shade")) state.shade = query.get("shade");
  state.supposed = readSupposed(query);
  readForce(query, state.force);
  state.widened = query.get("decisive") === "widened";
  for (const name of Object.keys(MOVES))
    if (query.get(name) != null) Object.assign(state.moves[name], unpacked(query.get(name)), { on: true });
  return state;
}

function readForce(query, force) {
  const [, kind, heads] = /^(all|listed|class:\w+)(?::(\d{1,7}))?$/.exec(query.get("force") ?? "") ?? [];
  if (kind) Object.assign(force, { kind, heads: heads == null ? null : Number(heads) });
  force.groups = query.getAll("group").flatMap((text) => {
    const [, count, profile] = /^(\d{1,7})\*(.*)$/.exec(text) ?? [];
    return count ? [{ ...unpacked(profile), count: Number(count) }] : [];
  });
}

function writeSupposed(query, { claims, rows, weights, bounds }) {
  if (claims.length) query.set("without", claims.join(","));
  if (rows.length) query.set("without-row", rows.join(","));
  if (packed(weights)) query.set("weight", packed(weights));
  const ranges = Object.entries(bounds).map(([row, { low, high }]) => [row, `${low ?? ""}..${high ?? ""}`]);
  if (ranges.length) query.set("bound", packed(Object.fromEntries(ranges)));
}

function readSupposed(query) {
  const list = (name) => (query.get(name) ?? "").split(",").filter(Boolean);
  const number = (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : null);
  const weights = Object.entries(unpacked(query.get("weight"))).map(([name, text]) => [name, number(text)]);
  const bounds = Object.entries(unpacked(query.get("bound"))).map(([row, text]) => {
    const sides = text.split("..").map(number);
    const named = ["low", "high"].map((side, at) => [side, sides[at]]);
    return [row, Object.fromEntries(named.filter(([, value]) => value != null))];
  });
  return {
    claims: list("without"),
    rows: list("without-row"),
    weights: Object.fromEntries(weights.filter(([, weight]) => weight != null)),
    bounds: Object.fromEntries(bounds.filter(([, pair]) => Object.keys(pair).length)),
  };
}

const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text ?? "");

/** Return named values as one text: "name:value,other:value". */
export function packed(values) {
  return Object.entries(values)
    .filter(([, value]) => value !== "" && value != null)
    .map(([name, value]) => `${name}:${value}`)
    .join(",");
}

/** Return the named values of such a text. */
function unpacked(text) {
  return Object.fromEntries(
    (text ?? "")
      .split(",")
      .filter((pair) => pair.includes(":"))
      .map((pair) => pair.split(/:(.*)/s, 2)),
  );
}

/**
 * Return a keeper of the state: `get`, `set` (into the address), `watch`, called after each change but silent ones, and
 * `answered`, which has the address name the version that answered, so that whoever opens it later is shown the same.
 */
export function keeper(target = window) {
  let state = read(target.location.hash);
  const watchers = [];
  const tell = () => watchers.forEach((watcher) => watcher(state));
  const reread = () => {
    if (target.location.hash.slice(1) === written(state)) return;
    state = read(target.location.hash);
    tell();
  };
  target.addEventListener("popstate", reread);
  target.addEventListener("hashchange", reread);
  return {
    get: () => state,
    set(changes, { quietly = false, silently = false } = {}) {
      const before = written(state);
      state = { ...state, ...changes };
      const address = written(state);
      // Typing and wandering replace the entry, so that Back leads to the last question and not to the last letter.
      if (address !== before) target.history[quietly ? "replaceState" : "pushState"](null, "", `#${address}`);
      if (!silently) tell();
    },
    answered: (version) => target.history.replaceState(null, "", `#${written({ ...state, version })}`),
    watch: (watcher) => watchers.push(watcher),
  };
}
