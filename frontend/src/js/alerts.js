// Close button of an alert.
document.addEventListener("click", (event) => {
  event.target.closest?.("[data-dismiss-alert]")?.closest(".alert")?.remove();
});
