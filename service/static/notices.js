// What stands above the answer when there is none: loading, no model, no key, an error, no connection.

import { h, marked } from "./dom.js";
import { Problem, Unreachable } from "./api.js";
import { markFaults, unmarkAll } from "./faults.js";

const USUAL_WAIT = 5;

/** An answer is of another study than the one that the page was made for. */
export class OtherStudy extends Error {}

const isGone = (error) => error.status === 404 && error.errors.some(({ pointer }) => pointer === "/version");

/** Return what shows states in a place; `again` and `newest` ask anew, `reload` begins anew, `useKey` takes a key. */
export function notices(place, main, { again, newest, reload, useKey }) {
  let timer = null;

  const put = (kind, title, ...content) => {
    place.replaceChildren(h("section", { class: "notice", "data-kind": kind }, h("h2", {}, title), content));
    main.classList.toggle("stale", kind !== "loading");
  };
  const clear = () => {
    clearTimeout(timer);
    place.replaceChildren();
    unmarkAll();
    main.classList.remove("stale", "refused");
    main.removeAttribute("aria-busy");
  };
  const retry = () => h("button", { type: "button", onclick: again }, "Try again");

  function failed(error) {
    clearTimeout(timer);
    main.removeAttribute("aria-busy");
    if (error instanceof Unreachable) {
      put(
        "offline",
        navigator.onLine ? "The service cannot be reached" : "You are offline",
        h(
          "p",
          {},
          "What stands below, if anything, is the last answer. It is asked again as soon as there is a connection. ",
        ),
        retry(),
      );
      timer = setTimeout(again, USUAL_WAIT * 1000);
    } else if (error instanceof OtherStudy) {
      put(
        "other-study",
        "Another study is being served by now",
        h("p", {}, "What stands below, if anything, is of the one before. Its words are not those of the new one. "),
        h("button", { type: "button", onclick: reload }, "Load the page again"),
      );
    } else if (error instanceof Problem && [401, 403].includes(error.status)) {
      askForKey(error);
    } else if (error instanceof Problem && error.status === 503) {
      put(
        "no-model",
        "No answer yet",
        h("p", {}, marked(error.detail)),
        h("p", { class: "note" }, "This page asks again by itself. "),
        retry(),
      );
      timer = setTimeout(again, (error.retryAfter ?? USUAL_WAIT) * 1000);
    } else if (error instanceof Problem && isGone(error)) {
      const [{ nearest }] = error.errors;
      put(
        "gone",
        "The version that answered is no longer kept",
        h("p", {}, `These may be asked: ${nearest.join(", ")}. Another may give other numbers. `),
        h("button", { type: "button", onclick: newest }, "Ask the newest"),
      );
    } else if (error instanceof Problem && error.errors.length) {
      unmarkAll();
      const rest = markFaults(error.errors);
      main.classList.add("refused");
      const told = rest.length ? h("ul", {}, rest) : h("p", {}, "What is wrong stands at its field.");
      put("error", "This cannot be answered as it is asked", told);
    } else if (error instanceof Problem) {
      put("error", "There is no answer", h("p", {}, marked(error.detail || error.message)), retry());
    } else {
      put(
        "error",
        "This page failed",
        h("p", {}, "It was not your question. Load it again; if it fails again, tell the operator."),
        retry(),
      );
      console.error(error);
    }
  }

  function askForKey(error) {
    const input = h("input", { id: "key", type: "password", autocomplete: "off", required: true, pattern: "[!-~]+" });
    const submit = (event) => {
      event.preventDefault();
      useKey(input.value.trim());
    };
    put(
      "key",
      "A key is needed",
      h("p", {}, error.detail),
      h(
        "form",
        { onsubmit: submit },
        h("label", { for: "key" }, "Key "),
        input,
        " ",
        h("button", {}, "Use it"),
        h("p", { class: "note" }, "Kept until this tab is closed, sent to this service only."),
      ),
    );
    input.focus();
  }

  return {
    failed,
    clear,
    loading() {
      main.setAttribute("aria-busy", "true");
      if (!place.childElementCount && !main.querySelector("section:not([hidden]) svg"))
        place.replaceChildren(h("p", { class: "loading" }, "Asking…"));
    },
  };
}
