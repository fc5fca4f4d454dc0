// Short messages in the corner. Three sources: Django messages already in the page, a `toast` event
// (answer header HX-Trigger: {"toast": {"text": "Saved.", "tone": "success"}}), and htmx failures.
import Toast from "@tabler/core/js/src/bootstrap/toast";

const region = () => document.getElementById("toasts");

function show(toast) {
  Toast.getOrCreateInstance(toast).show();
  toast.addEventListener("hidden.bs.toast", () => toast.remove());
}

export function toast(text, tone = "info") {
  const template = document.getElementById("toast-template");
  if (!template || !region()) return;
  const node = template.content.firstElementChild.cloneNode(true);
  node.classList.add(`toast-${tone}`);
  node.querySelector(".toast-text").textContent = text;
  if (tone === "danger") node.setAttribute("role", "alert");
  region().append(node);
  show(node);
}

/** Sentences live in the template, where Django translates them. */
const sentence = (name) => region()?.dataset[name] ?? "";

document.body.addEventListener("toast", ({ detail }) => toast(detail.text ?? detail.value, detail.tone));
document.body.addEventListener("htmx:timeout", () => toast(sentence("timeout"), "danger"));
document.body.addEventListener("htmx:sendError", () => toast(sentence("offline"), "danger"));
document.body.addEventListener("htmx:responseError", ({ detail }) => {
  const { status } = detail.xhr;
  if (status === 401) return window.location.reload(); // the login page takes over
  const names = { 403: "forbidden", 404: "missing", 409: "conflict", 429: "busy" };
  toast(sentence(names[status] ?? "failed"), "danger");
});

region()?.querySelectorAll(".toast").forEach(show);
