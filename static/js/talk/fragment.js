// HTML of the server becomes a part of the page.
export const FRESH = { credentials: "same-origin", headers: { "HX-Request": "true" } };

export function token() {
  return document.querySelector("[name=csrfmiddlewaretoken]").value;
}

export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

// What is drawn for many has no token in its forms: each page has its own.
export function withTokens(element) {
  for (const form of element.querySelectorAll("form[method=post]")) {
    if (form.elements.csrfmiddlewaretoken) continue;
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "csrfmiddlewaretoken", value: token() });
    form.prepend(input);
  }
  return element;
}

// After it stands in the page.
export function wake(element) {
  window.htmx?.process(element);
}
