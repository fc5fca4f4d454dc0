// Filter forms: addresses carry only the filters in use (?status=open, not ?q=&status=open&owner=).
// FormData raises this event for plain submits and for htmx alike.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-skip-empty]")) return;
  const { formData } = event;
  for (const name of new Set(formData.keys())) {
    const values = formData.getAll(name).filter((value) => value !== "");
    formData.delete(name);
    values.forEach((value) => formData.append(name, value));
  }
});
