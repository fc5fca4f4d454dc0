// ECharts is half of all scripts, so it is fetched only when a chart is on the page or arrives by htmx.
async function drawIn(root) {
  const charts = [...root.querySelectorAll("[data-chart]")];
  if (!charts.length) return;
  const { draw } = await import(charts[0].dataset.src);
  charts.forEach(draw);
}

drawIn(document);
document.addEventListener("htmx:load", (event) => drawIn(event.detail.elt.parentElement ?? document));
