// The search box: Ctrl-K, "/" or the button opens it, arrows choose, Enter goes there, Escape closes.
const dialog = () => document.getElementById("search-dialog");
const box = () => document.querySelector("[data-search] [role=combobox]");
const options = () => [...document.querySelectorAll("#search-results [role=option]")];
let shownFor = null; // what the results in sight were found for

function open() {
  const frame = dialog();
  if (frame && !frame.open) {
    frame.showModal();
    box().dispatchEvent(new Event("suggest"));
  }
  box()?.focus();
  box()?.select();
}

function choose(option) {
  options().forEach((other, index) => {
    other.id ||= `search-option-${index}`;
    other.setAttribute("aria-selected", String(other === option));
  });
  if (option) box().setAttribute("aria-activedescendant", option.id);
  else box().removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = options();
  const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  choose(all[now < 0 && by < 0 ? all.length - 1 : (now + by + all.length) % all.length]);
}

function typed(event) {
  if (event.isComposing) return; // Enter and arrows belong to the input method
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (options().length) step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    const chosen = options().find((option) => option.getAttribute("aria-selected") === "true");
    // Who types and presses Enter at once must not land on what was found for half the word.
    if (chosen && shownFor === box().value) chosen.click();
    else if (box().value.trim()) box().form.requestSubmit();
  }
}

const isTyping = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

document.addEventListener("keydown", (event) => {
  if (event.target === box()) typed(event);
  const isShortcut = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key === "k";
  const isSlash = event.key === "/" && !isTyping(event.target) && !document.querySelector("dialog[open], .modal.show");
  if (!(isShortcut || isSlash) || !box()) return;
  event.preventDefault();
  open();
});

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest?.("[data-search-open]") && dialog()) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab
    event.preventDefault();
    open();
  } else if (target === dialog() || target.closest?.("[data-search-close]")) {
    dialog().close(); // the ground around it, or the cross
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.requestConfig?.elt !== box()) return;
  shownFor = event.detail.requestConfig.parameters.q;
  if (shownFor) choose(options()[0]);
});
