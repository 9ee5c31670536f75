// What is said while an answer takes its time: that it is asked, for how many seconds, and a way to give it up.

import { isOvertaken } from "./api.js";
import { h } from "./dom.js";

/**
 * Return a place that says so: its `element`, and `during`, which returns what a question is answered, or nothing where it
 * was given up. `cancel` gives the question up, `again` asks anew.
 */
export function waiting({ cancel, again }) {
  const said = h("span", { role: "status" });
  const seconds = h("span", { class: "seconds", "aria-hidden": "true" });
  const button = (text, onclick) => h("button", { type: "button", onclick }, text);
  const stop = button("Cancel", () => {
    stopped = true;
    cancel();
  });
  const anew = button("Ask again", again);
  const bar = h("progress", { "aria-label": "Asking" });
  const element = h("div", { class: "waiting", hidden: true }, bar, said, seconds, stop, anew);
  let stopped = false;
  let turn = 0;
  let timer = null;

  function begin() {
    const since = performance.now();
    const count = () => (seconds.textContent = `${Math.floor((performance.now() - since) / 1000)} s`);
    stopped = element.hidden = bar.hidden = seconds.hidden = stop.hidden = false;
    anew.hidden = true;
    said.textContent = "Asking…";
    clearInterval(timer);
    timer = setInterval(count, 1000);
    count();
  }

  function end() {
    clearInterval(timer);
    element.hidden = !stopped;
    anew.hidden = false;
    if (document.activeElement === stop) anew.focus();
    bar.hidden = seconds.hidden = stop.hidden = true;
    said.textContent = stopped ? "Cancelled. What stands here, if anything, answers the question before." : "";
  }

  async function during(answer) {
    const mine = ++turn;
    begin();
    try {
      return await answer;
    } catch (error) {
      if (stopped && isOvertaken(error)) return null;
      throw error;
    } finally {
      if (mine === turn) end();
    }
  }

  return { element, during };
}
