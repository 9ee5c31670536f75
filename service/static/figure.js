// A figure: a drawing with a name for those who hear it, a table for those who would rather read, ways to take it away.

import { h, table } from "./dom.js";
import { csv, png, save } from "./export.js";

/**
 * Return a figure: its `element`, and `show`, which draws.
 *
 * `show` takes `draw` (from a width in pixels to one or more drawings), `label` (what the drawing says, in words),
 * `columns` and `rows` of its numbers, and `source`: a `line` for the picture, `columns` for the numbers. It is drawn
 * anew when its width changes.
 */
export function figure({ name, title, note, legend = [], level = "h2" }) {
  const drawing = h("div", { class: "drawing" });
  const remark = h("p", { class: "note" }, note ?? "");
  const details = h("details", { class: "numbers" }, h("summary", {}, "Table"));
  let shown = null;
  let drawnAt = 0;

  const redraw = () => {
    const width = Math.floor(drawing.clientWidth);
    if (!shown || width < 40) return;
    drawnAt = width;
    const drawings = [shown.draw(width)].flat().filter(Boolean);
    drawings.forEach((each, index) => named(each, index === 0 ? `${title}. ${shown.label}` : null, shown.role));
    drawing.replaceChildren(...drawings);
  };
  const fill = () => {
    if (!shown || !details.open) return;
    details.replaceChildren(
      details.firstChild,
      h(
        "div",
        { class: "scroller", tabindex: "0", role: "region", "aria-label": `Table: ${title}` },
        table(title, shown.columns, shown.rows),
      ),
    );
  };
  details.addEventListener("toggle", fill);
  new ResizeObserver(() => Math.abs(Math.floor(drawing.clientWidth) - drawnAt) > 2 && redraw()).observe(drawing);

  const button = (text, act) =>
    h("button", { type: "button", class: "quiet", "aria-label": `${text}: ${title}`, onclick: act }, text);
  const tools = h(
    "div",
    { class: "tools" },
    details,
    button("CSV", () => {
      if (shown) save(`${name}.csv`, new Blob([csv(shown.columns, shown.rows, shown.source?.columns)], { type: "text/csv" }));
    }),
    button(
      "PNG",
      async () =>
        shown &&
        save(`${name}.png`, await png([...drawing.querySelectorAll("svg")], { title, source: shown.source?.line ?? "" })),
    ),
  );
  const keys = legend.map(([kind, text]) => h("span", { class: `key ${kind}` }, text));
  const caption = h(
    "figcaption",
    {},
    h(level, {}, title),
    keys.length ? h("p", { class: "legend" }, keys) : null,
    remark,
  );
  return {
    element: h("figure", { class: "figure", "data-figure": name }, caption, drawing, tools),
    drawing,
    show(given) {
      shown = given;
      if (given.note != null) remark.replaceChildren(given.note);
      redraw();
      fill();
    },
    redraw,
    note: (text) => remark.replaceChildren(text),
  };
}

function named(drawing, label, role = "img") {
  // Plot names its parts, which may only be done to what has a role.
  for (const part of drawing.querySelectorAll("[aria-label]")) {
    part.dataset.mark = part.getAttribute("aria-label");
    part.removeAttribute("aria-label");
  }
  if (label && role === "img") {
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", label);
  } else {
    drawing.setAttribute("aria-hidden", "true");
  }
}
