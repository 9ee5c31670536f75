// The question of the view as commands to paste: curl, Python, R.

import { h } from "./dom.js";
import { copy } from "./export.js";

const LANGUAGES = { curl, Python: python, R: rLanguage };
const VARIABLE = "DEFECTION_RISK_KEY";

/** Return a shell command that asks a question, safe to paste whatever it holds. */
function curl({ address, body, key }) {
  const parts = [`curl -s ${quoted(address)}`];
  if (key) parts.push(`-H "Authorization: Bearer $${VARIABLE}"`);
  if (body) parts.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`);
  return parts.join(" \\\n  ");
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** Return a Python program, standard library only. */
function python({ address, body, key }) {
  const headers = [
    ...(body ? ['"Content-Type": "application/json"'] : []),
    ...(key ? [`"Authorization": "Bearer " + os.environ["${VARIABLE}"]`] : []),
  ];
  return [
    `import json${key ? ", os" : ""}, urllib.request`,
    "",
    ...(body ? [`question = json.loads(${JSON.stringify(JSON.stringify(body))})`] : []),
    `request = urllib.request.Request(`,
    `    ${JSON.stringify(address)},`,
    ...(body ? ["    data=json.dumps(question).encode(),"] : []),
    `    headers={${headers.join(", ")}},`,
    ")",
    "with urllib.request.urlopen(request) as response:",
    "    answer = json.load(response)",
    "print(json.dumps(answer, indent=2))",
  ].join("\n");
}

/** Return an R program that uses httr2. */
function rLanguage({ address, body, key }) {
  const steps = [
    `request(${JSON.stringify(address)})`,
    ...(key ? [`req_auth_bearer_token(Sys.getenv("${VARIABLE}"))`] : []),
    ...(body ? [`req_body_raw(r"---(${JSON.stringify(body)})---", "application/json")`] : []),
    "req_perform()",
    "resp_body_json()",
  ];
  return `library(httr2)\n\nanswer <- ${steps.join(" |>\n  ")}\nstr(answer)`;
}

/** Return a panel that shows one question in every language; `show` gives it another. */
export function recipes(place) {
  const blocks = Object.entries(LANGUAGES).map(([name, writes]) => {
    const code = h("code");
    const said = h("span", { role: "status" });
    const button = h(
      "button",
      {
        type: "button",
        "aria-label": `Copy the ${name} command`,
        async onclick() {
          await copy(code.textContent);
          said.textContent = "Copied.";
          setTimeout(() => (said.textContent = ""), 3000);
        },
      },
      "Copy",
    );
    const pre = h("pre", { tabindex: "0", role: "region", "aria-label": `${name} command` }, code);
    place.append(h("section", { "data-language": name }, h("h3", {}, name, " ", button, " ", said), pre));
    return { code, writes };
  });
  return {
    show({ path, body, key, model: { version, priors } }) {
      const address = new URL(path, window.location.origin);
      if (!body) address.searchParams.set("version", version);
      const question = { address: address.href, body: body && { ...body, version }, key };
      for (const { code, writes } of blocks)
        code.textContent = `# version ${version}, prior set ${priors}\n${writes(question)}`;
    },
  };
}
