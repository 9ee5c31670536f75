// Asking the service: the latest question of a kind wins, refusals are problem documents, a key is sent if one is kept.

const KEY = "defection-risk-key";

/** A refusal: its status, title and detail, and after how many seconds to ask again, where it says so. */
export class Problem extends Error {
  constructor(status, { title, detail, errors = [] }, retryAfter) {
    super(title ?? `Status ${status}`);
    Object.assign(this, { status, detail: detail ?? "", errors, retryAfter });
  }
}

/** The service could not be reached at all. */
export class Unreachable extends Error {}

/** Return whether an error only says that a later question took the place of this one. */
export const isOvertaken = (error) => error.name === "AbortError";

/** Return a client of the service at whose address the page was found. */
export function client(storage = sessionStorage) {
  const asking = new Map();

  /** Ask, giving up an earlier question of the same kind; `body` makes it a POST. */
  async function ask(kind, path, body) {
    asking.get(kind)?.abort();
    const controller = new AbortController();
    asking.set(kind, controller);
    const response = await reached(path, options(body, storage.getItem(KEY), controller.signal));
    const content = await parsed(response);
    if (controller.signal.aborted) throw new DOMException("overtaken", "AbortError");
    if (!response.ok) throw refusal(response, content);
    return content;
  }

  /** Return a file of the service, fetched with the key, which a link cannot show. */
  async function file(path) {
    const response = await reached(path, options(undefined, storage.getItem(KEY)));
    if (!response.ok) throw refusal(response, await parsed(response));
    return response.blob();
  }

  return {
    ask,
    cancel: (kind) => asking.get(kind)?.abort(),
    file,
    hasKey: () => storage.getItem(KEY) != null,
    useKey: (key) => storage.setItem(KEY, key),
    dropKey: () => storage.removeItem(KEY),
  };
}

function options(body, key, signal) {
  const headers = { Accept: "application/json" };
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body === undefined) return { headers, signal };
  headers["Content-Type"] = "application/json";
  return { method: "POST", headers, signal, body: JSON.stringify(body) };
}

const refusal = ({ status, headers }, content) => new Problem(status, content, Number(headers.get("Retry-After")) || null);

async function reached(path, given) {
  try {
    return await fetch(path, { credentials: "same-origin", cache: "no-cache", ...given });
  } catch (error) {
    if (isOvertaken(error)) throw error;
    throw new Unreachable("The service cannot be reached.");
  }
}

async function parsed(response) {
  try {
    return await response.json();
  } catch (error) {
    if (isOvertaken(error)) throw error;
    return { title: `Status ${response.status}`, detail: "The answer was no JSON." };
  }
}
