// Taking a figure away: its numbers as CSV, its drawing as PNG.

const PAINTED = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "font-variant-numeric",
  "text-anchor",
  "visibility",
];
const SCALE = 2;
const EDGE = 16;

/** Return rows as CSV (RFC 4180), each with the same further columns: what the numbers are of, and who answered. */
export function csv(columns, rows, more = {}) {
  const cell = (value) => {
    const text = String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const values = Object.values(more);
  const whole = [[...columns, ...Object.keys(more)], ...rows.map((row) => [...row, ...values])];
  return whole.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** Hand a file to the reader. */
export function save(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * Return drawings, one below the other under a title and above a source line, as the blob of a PNG.
 *
 * They are painted as they look now: a picture knows nothing of the page's style sheet, so every property is written out.
 */
export async function png(drawings, { title, source }) {
  const style = getComputedStyle(document.documentElement);
  const [paper, ink] = ["--paper", "--ink"].map((name) => style.getPropertyValue(name));
  const sizes = drawings.map((drawing) => drawing.getBoundingClientRect());
  const pictures = await Promise.all(drawings.map((drawing, index) => picture(drawing, sizes[index])));
  const canvas = document.createElement("canvas");
  const width = Math.max(360, ...sizes.map((size) => size.width)) + 2 * EDGE;
  const height = sizes.reduce((sum, size) => sum + size.height, 0) + 2 * EDGE + 56;
  Object.assign(canvas, { width: Math.ceil(width * SCALE), height: Math.ceil(height * SCALE) });
  const brush = canvas.getContext("2d");
  brush.scale(SCALE, SCALE);
  brush.fillStyle = paper;
  brush.fillRect(0, 0, width, height);
  write(brush, title, { y: EDGE + 14, font: `600 15px ${style.getPropertyValue("--serif")}`, ink, width });
  let y = EDGE + 28;
  pictures.forEach((image, index) => {
    brush.drawImage(image, EDGE, y, sizes[index].width, sizes[index].height);
    y += sizes[index].height;
  });
  write(brush, source, { y: y + 20, font: `11px ${style.getPropertyValue("--sans")}`, ink, width });
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function write(brush, text, { y, font, ink, width }) {
  Object.assign(brush, { font, fillStyle: ink });
  brush.fillText(text, EDGE, y, width - 2 * EDGE);
}

async function picture(drawing, size) {
  const copy = drawing.cloneNode(true);
  const originals = [drawing, ...drawing.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, index) => {
    const computed = getComputedStyle(originals[index]);
    for (const name of PAINTED) element.setAttribute(name, computed.getPropertyValue(name));
    element.removeAttribute("style");
  });
  copy.querySelectorAll("style").forEach((style) => style.remove());
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", size.width * SCALE);
  copy.setAttribute("height", size.height * SCALE);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

/** Put a text on the clipboard; also where the browser has none for pages that came without TLS. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}
