// Making elements, without markup in strings.

const SVG = "http://www.w3.org/2000/svg";

/** Return the element of the page that has an id. */
export const $ = (id) => document.getElementById(id);

/** Return an element with attributes (functions become listeners; false and null are left out) and children. */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** Return an element of a drawing. */
export function s(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

/** Return a text as nodes, what stands between backticks as code. */
export function marked(text) {
  return text.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

/** Return a table with a caption, headed columns, and a head for each row. */
export function table(caption, columns, rows) {
  const head = h(
    "tr",
    {},
    columns.map((name) => (name ? h("th", { scope: "col" }, name) : h("td"))),
  );
  const body = rows.map(([first, ...rest]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, first),
      rest.map((value) => h("td", {}, value ?? "none")),
    ),
  );
  return h("table", {}, h("caption", {}, caption), h("thead", {}, head), h("tbody", {}, body));
}

/** Return a function that calls another once it has not been called for some milliseconds. */
export function calmly(milliseconds, action) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...given), milliseconds);
  };
}
