// The theme switch without a round trip; the cookie is the one the server sets for browsers without scripts.
const names = { light: "lathe", dark: "lathe-dark" };

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-switch]")) return;
  event.preventDefault();
  const theme = event.submitter?.value ?? "system";
  if (names[theme]) document.documentElement.dataset.theme = names[theme];
  else delete document.documentElement.dataset.theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
  for (const button of document.querySelectorAll("[data-theme-switch] button")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}, true);
