"use strict";
for (const part of document.querySelectorAll(".try")) part.hidden = false;
for (const box of document.querySelectorAll("details.try")) {
  const [body, button, answer] = ["textarea", "button", "pre"].map((name) => box.querySelector(name));
  button.addEventListener("click", async () => {
    const headers = { "Content-Type": "application/json" };
    const key = document.getElementById("key")?.value;
    if (key) headers.Authorization = `Bearer ${key}`;
    button.disabled = true;
    answer.textContent = await asked(box.dataset.path, { method: "POST", headers, body: body.value });
    answer.hidden = button.disabled = false;
    button.focus();
  });
}

async function asked(path, question) {
  try {
    const response = await fetch(path, question);
    return `${response.status} ${response.statusText}\n${laidOut(await response.text())}`;
  } catch {
    return "The service does not answer: see whether it still runs.";
  }
}

function laidOut(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
