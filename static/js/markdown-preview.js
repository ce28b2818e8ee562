// [data-markdown-preview="address"] in the console: shows the text of its textarea as the site's pages will.
// The preview lives in a shadow tree with the site's own stylesheet, so that neither side's rules reach the other.
const PAUSE = 400;

for (const field of document.querySelectorAll("[data-markdown-preview]")) {
  const textarea = field.querySelector("textarea");
  const place = field.querySelector("[data-preview]");
  const shadow = place.attachShadow({ mode: "open" });
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: field.dataset.stylesheet });
  const page = document.createElement("article");
  page.className = "post-text markdown-preview";
  page.setAttribute("aria-label", "Preview");
  shadow.append(sheet, page);
  place.hidden = false;
  const theme = () => {
    page.dataset.theme = document.documentElement.classList.contains("dark") ? "lathe-dark" : "lathe";
  };
  theme();
  new MutationObserver(theme).observe(document.documentElement, { attributeFilter: ["class"] });

  let timer;
  let latest = 0;
  async function show() {
    const number = ++latest;
    const body = new URLSearchParams({ text: textarea.value });
    const token = field.closest("form").querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(field.dataset.markdownPreview, {
        method: "POST",
        headers: { "X-CSRFToken": token },
        body,
      });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const html = await answer.text();
      // An answer that a later one has overtaken says nothing any more.
      if (number === latest) page.innerHTML = html || "<p class='muted'>What you write is shown here.</p>";
    } catch {
      if (number === latest) page.innerHTML = "<p class='muted'>The preview could not be made. It is tried again when you go on.</p>";
    }
  }
  textarea.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
  show();
}
