// Tabs are links that htmx loads into one pane; the mark of the open tab follows the click.
document.addEventListener("htmx:beforeSwap", (event) => {
  const link = event.detail.requestConfig?.elt;
  const tabs = link?.closest?.("[data-tabs]");
  if (!tabs || !event.detail.shouldSwap) return;
  tabs.querySelectorAll(".nav-link").forEach((other) => {
    other.classList.toggle("active", other === link);
    if (other === link) other.setAttribute("aria-current", "page");
    else other.removeAttribute("aria-current");
  });
  link.scrollIntoView({ block: "nearest", inline: "nearest" });
});
