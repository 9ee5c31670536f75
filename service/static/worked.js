// Three questions to begin with, made of the profiles that the study names.

import { h } from "./dom.js";
import { written } from "./state.js";
import { profileName } from "./words.js";

const COUNT = 100;

/** Return questions for a page that nothing was asked of yet: of one, of two, and of a force, each a link to its answer. */
export function worked({ profiles, ...study }, state) {
  const named = Object.values(profiles);
  const one = named[Math.floor((named.length - 1) / 4)];
  const [first, last] = [named[0], named.at(-1)];
  const say = (profile) => profileName(profile, study);
  const link = (text, changes) => h("li", {}, h("a", { href: `#${written({ ...state, ...changes })}` }, text));
  if (!named.length) return [];
  return [
    h("p", { class: "note" }, "To begin with:"),
    h(
      "ul",
      {},
      link(`${say(one)}: how likely to defect?`, { view: "profile", profile: one }),
      named.length > 1 && link(`${say(first)}, or ${say(last)}: which is the riskier?`, { view: "compare", pins: [first, last] }),
      link(`${COUNT} × ${say(one)}: how many leave, by when?`, {
        view: "outlook",
        force: { kind: "listed", heads: null, groups: [{ ...one, count: COUNT }] },
      }),
    ),
  ];
}

