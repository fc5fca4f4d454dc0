// A double tap must not send a form twice: its buttons rest until the answer is here.
const REST = 15_000; // a download answers without leaving the page; then the buttons come back

const buttons = (form) => form.querySelectorAll("button:not([type=button]), input[type=submit]");

function setBusy(form, busy) {
  if (!form) return;
  form.toggleAttribute("aria-busy", busy);
  buttons(form).forEach((button) => {
    if (button.dataset.keepDisabled === undefined) button.disabled = busy;
  });
}

function onSubmit(event) {
  if (event.defaultPrevented) return; // htmx sends this one and reports below
  const form = event.target;
  // After this tick, or the pressed button's name and value would be missing from the request.
  setTimeout(() => setBusy(form, true));
  setTimeout(() => setBusy(form, false), REST);
}

const formOf = (event) => event.detail.elt.closest?.("form");

document.addEventListener("submit", onSubmit);
document.addEventListener("htmx:beforeRequest", (event) => setBusy(formOf(event), true));
document.addEventListener("htmx:afterRequest", (event) => setBusy(formOf(event), false));
// The back button may restore the page as it was, resting buttons included.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) document.querySelectorAll("form[aria-busy]").forEach((form) => setBusy(form, false));
});
