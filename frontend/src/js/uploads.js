// Upload forms: what was chosen is named, files can be dropped, and the way of the bytes is shown.
// Without this the form still sends what its two buttons chose.
const formOf = (node) => node?.closest?.("form[data-upload]");
const inputs = (form) => [...form.querySelectorAll("input[type=file]")];
const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

function showChosen(form) {
  const files = inputs(form).flatMap((input) => [...input.files]);
  const items = files.map((file) => {
    const item = document.createElement("li");
    item.textContent = `${file.name} · ${size(file.size)}`;
    return item;
  });
  form.querySelector("[data-upload-chosen]").replaceChildren(...items);
}

document.addEventListener("change", (event) => {
  const form = formOf(event.target);
  if (form && event.target.type === "file") showChosen(form);
});

// The file button takes what is dropped; the camera's photo stays.
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const zone = event.target.closest?.("[data-upload-zone]");
    if (!zone || !holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.toggle("is-over", name === "dragover");
    if (name !== "drop") return;
    formOf(zone).querySelector("input[multiple]").files = event.dataTransfer.files;
    showChosen(formOf(zone));
  });
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => progress(formOf(detail.elt), 0));
document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
  const form = formOf(target);
  // The answer has its progress, too; only that of the upload is known beforehand.
  if (form && detail.lengthComputable) progress(form, Math.floor((100 * detail.loaded) / detail.total));
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const bar = formOf(detail.elt)?.querySelector("[data-upload-progress]");
  if (bar) bar.hidden = true;
});

function progress(form, percent) {
  const bar = form?.querySelector("[data-upload-progress]");
  if (!bar) return;
  bar.hidden = false;
  bar.querySelector("progress").value = percent;
  bar.querySelector("[data-upload-percent]").textContent = `${percent} %`;
}
