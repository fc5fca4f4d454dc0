// A bar with data-compact-for="id" is shown while the element of that id is scrolled out of sight.
const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    document
      .querySelector(`[data-compact-for="${target.id}"]`)
      ?.classList.toggle("is-shown", !isIntersecting && target.isConnected);
  }
}, { rootMargin: "-56px 0px 0px 0px" });

function watch() {
  document.querySelectorAll("[data-compact-for]").forEach((bar) => {
    const head = document.getElementById(bar.dataset.compactFor);
    if (head) observer.observe(head);
  });
}

watch();
document.addEventListener("htmx:load", watch);
