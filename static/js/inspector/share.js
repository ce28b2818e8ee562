// The share panel: the code to embed follows the choices beside it.

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);

function snippetOf(form) {
  const address = new URL(form.dataset.embedUrl);
  for (const name of ["autostart", "turntable"]) if (form.elements[name].checked) address.searchParams.set(name, "1");
  if (!form.elements.ui.checked) address.searchParams.set("ui", "0");
  if (form.elements.theme.value !== "auto") address.searchParams.set("theme", form.elements.theme.value);
  const [width, height] = form.elements.size.value.split("x");
  return (
    `<iframe title="${escaped(form.dataset.title)}" src="${escaped(address.href)}" width="${width}" height="${height}" ` +
    'frameborder="0" allow="autoplay; fullscreen" allowfullscreen loading="lazy"></iframe>'
  );
}

export function offerSnippets() {
  for (const form of document.querySelectorAll("[data-embed-form]")) {
    const show = () => (form.elements.code.value = snippetOf(form));
    form.addEventListener("change", show);
    form.addEventListener("submit", (event) => event.preventDefault());
    show();
  }
}
