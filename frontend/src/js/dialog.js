// Forms in a dialog: a link or form whose hx-target is #dialog-content opens it when the answer is
// here. The event `dialog-close` (answer header HX-Trigger) closes it; focus goes back to the link.
const dialog = () => document.getElementById("dialog");
let opener = null;

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target?.id === "dialog-content" && !dialog()?.open) opener = detail.elt;
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target?.id !== "dialog-content") return;
  if (!dialog().open) dialog().showModal();
  const fields = ":is(input, select, textarea):not([type=hidden])";
  (dialog().querySelector(".is-invalid, [autofocus]") ?? dialog().querySelector(fields))?.focus();
});

document.body.addEventListener("dialog-close", () => dialog()?.close());

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-dialog-close]")?.closest("dialog")?.close();
});

dialog()?.addEventListener("close", () => {
  document.getElementById("dialog-content").replaceChildren();
  opener?.focus(); // fetched anew, it is found again by its id
  opener = null;
});
