// Keys: an element with data-key="v" is pressed by that key, ←/→ walk along tabs, "?" shows them all.
const typing = (element) =>
  element.matches?.("input, textarea, select, [contenteditable]") ?? false;
const visible = (element) => element.offsetParent !== null || element.closest(".dropdown-menu");

function elementsByKey() {
  const found = new Map();
  document.querySelectorAll("[data-key]").forEach((element) => {
    const { key } = element.dataset;
    if (visible(element) && !found.has(key)) found.set(key, element);
  });
  return found;
}

function showKeys() {
  const dialog = document.getElementById("keys");
  const list = dialog.querySelector(".keys-here");
  list.replaceChildren();
  for (const [key, element] of elementsByKey()) {
    const term = document.createElement("dt");
    const sign = document.createElement("kbd");
    sign.textContent = key.toUpperCase();
    term.append(sign);
    const meaning = document.createElement("dd");
    meaning.textContent = element.dataset.keyLabel ?? element.textContent.trim();
    list.append(term, meaning);
  }
  dialog.showModal();
}

function walk(tab, step) {
  const tabs = [...tab.closest("[data-tabs]").querySelectorAll(".nav-link")];
  tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length].focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open], .offcanvas.show")) return;
  const tab = event.target.closest?.("[data-tabs] .nav-link");
  const steps = { ArrowLeft: -1, ArrowRight: 1 };
  if (tab && steps[event.key]) {
    event.preventDefault();
    walk(tab, steps[event.key]);
  } else if (event.key === "?") {
    event.preventDefault();
    showKeys();
  } else {
    const element = elementsByKey().get(event.key.toLowerCase());
    if (!element) return;
    event.preventDefault();
    element.click();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-show-keys]")) showKeys();
});
