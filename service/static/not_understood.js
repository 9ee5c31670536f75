// Words that were not understood: which, what is nearest, and what to do about it.

import { h } from "./dom.js";
import { WRITTEN } from "./in_study.js";
import { attributeOf } from "./words.js";

/**
 * Return what says which words were not understood, as nodes. `nearest` tells of each what comes nearest, or nothing;
 * `take` takes that instead, `leave` goes on without the words.
 */
export function notUnderstood(out, { study, nearest, take, leave }) {
  const told = out.flatMap((each) => {
    const near = nearest.get(each.word);
    return [
      `${complaint(each, study)} `,
      near ? h("button", { type: "button", class: "quiet", onclick: () => take(near) }, `Take “${near}”`) : "",
      " ",
    ];
  });
  return [...told, h("button", { type: "button", class: "quiet", onclick: leave }, "Leave it out")];
}

function complaint({ name, word }, study) {
  if (name === WRITTEN) return `“${word}” is not a word of the vocabulary.`;
  if (name === "unit" && study.units) return `“${word}” is no unit that is known here.`;
  return attributeOf(study, name)
    ? `“${word}” is no ${name} that is known here.`
    : `“${name} ${word}” was not understood.`;
}
