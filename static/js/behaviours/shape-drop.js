// [data-shape-drop]: the whole drop zone takes the file, and the form is sent as soon as there is one.
for (const form of document.querySelectorAll("[data-shape-drop]")) {
  const zone = form.querySelector(".drop-zone");
  const input = form.querySelector('input[type="file"]');
  const name = form.querySelector("[data-shape-name]");
  zone.classList.add("is-enhanced");

  for (const type of ["dragenter", "dragover"]) zone.addEventListener(type, () => zone.classList.add("is-over"));
  for (const type of ["dragleave", "drop"]) zone.addEventListener(type, () => zone.classList.remove("is-over"));

  input.addEventListener("change", () => {
    const [file] = input.files;
    name.hidden = !file;
    name.textContent = file?.name ?? "";
    if (file) form.requestSubmit();
  });
}
