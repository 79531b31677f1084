"use strict";
// The page works without this: it filters, opens what a link names, and copies commands.

const entries = [...document.querySelectorAll("nav li")];
const filter = document.getElementById("filter");

filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/);
  for (const entry of entries) {
    const operation = document.getElementById(entry.firstChild.hash.slice(1));
    const text = operation.firstChild.textContent.toLowerCase();
    const hidden = !words.every((word) => text.includes(word));
    entry.hidden = operation.hidden = hidden;
  }
});

function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.scrollIntoView();
  }
}
addEventListener("hashchange", openTarget);
openTarget();

for (const block of document.querySelectorAll("pre.copy")) {
  const text = block.textContent;
  const button = document.createElement("button");
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  });
  block.append(button);
}
