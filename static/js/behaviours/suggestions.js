// [data-suggest="/address/"]: a search field that offers what it may become, as a combobox with a listbox
// (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Without an answer it is the plain field that it was.
const WAIT = 150;
const KEPT = 50;
const answers = new Map();

async function ask(address, text, signal) {
  const url = `${address}?${new URLSearchParams({ q: text })}`;
  if (answers.has(url)) return answers.get(url);
  const response = await fetch(url, { signal, headers: { Accept: "text/html" } });
  if (!response.ok) return "";
  const options = await response.text();
  if (answers.size >= KEPT) answers.delete(answers.keys().next().value);
  answers.set(url, options);
  return options;
}

function suggest(field) {
  const form = field.form;
  const list = document.createElement("ul");
  list.id = `${field.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  const status = document.createElement("p");
  status.className = "sr-only";
  status.setAttribute("role", "status");
  form.append(list, status);
  field.setAttribute("role", "combobox");
  field.setAttribute("autocomplete", "off");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);

  let timer;
  let request;
  let active = -1;
  const options = () => [...list.children];

  function activate(place) {
    const all = options();
    active = place;
    all.forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    if (place < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", all[place].id);
    all[place].scrollIntoView({ block: "nearest" });
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    activate(-1);
    list.hidden = true;
    status.textContent = "";
    field.setAttribute("aria-expanded", "false");
  }

  function show(html) {
    list.innerHTML = html;
    active = -1;
    const all = options();
    all.forEach((option, number) => (option.id = `${list.id}-${number}`));
    if (!all.length) return close();
    field.removeAttribute("aria-activedescendant");
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    status.textContent = `${all.length} suggestion${all.length === 1 ? "" : "s"}. Use the up and down arrow keys.`;
  }

  async function update() {
    request?.abort();
    const text = field.value.trim();
    if (!text) return close();
    request = new AbortController();
    const { signal } = request;
    try {
      const html = await ask(field.dataset.suggest, text, signal);
      if (!signal.aborted && document.activeElement === field) show(html);
    } catch {
      // Without an answer the field is as good as any other.
    }
  }

  const open = () => !list.hidden;

  function go(option, event) {
    if (event.ctrlKey || event.metaKey || event.button === 1) window.open(option.dataset.url, "_blank", "noopener");
    else location.assign(option.dataset.url);
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(update, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = options().length - 1;
    const moves = {
      ArrowDown: () => (active >= last ? -1 : active + 1),
      ArrowUp: () => (active < 0 ? last : active - 1),
      Home: () => (active < 0 ? undefined : 0),
      End: () => (active < 0 ? undefined : last),
    };
    if (event.key === "Escape" && open()) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && open() && active >= 0) {
      event.preventDefault();
      go(options()[active], event);
    } else if (event.key === "ArrowDown" && !open()) {
      event.preventDefault();
      update();
    } else if (open() && !event.altKey && moves[event.key]) {
      const place = moves[event.key]();
      if (place === undefined) return;
      event.preventDefault();
      activate(place);
    }
  });
  field.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // The field keeps the focus while an option is pressed.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  for (const type of ["click", "auxclick"])
    list.addEventListener(type, (event) => {
      const option = event.target.closest("[data-url]");
      if (option && event.button < 2) go(option, event);
    });
}

document.querySelectorAll("[data-suggest]").forEach(suggest);
