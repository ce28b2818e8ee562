// Receipts print; a row of the library shows what is left after a download has begun.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

const UNTIL_COUNTED = 1500;

document.addEventListener("submit", (event) => {
  const row = event.target.closest("[data-download]")?.closest("li");
  if (!row) return;
  window.setTimeout(async () => {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(row.id);
    if (!fresh) return;
    const focused = row.contains(document.activeElement);
    row.replaceWith(fresh);
    if (focused) fresh.querySelector("button:not(:disabled), a")?.focus();
  }, UNTIL_COUNTED);
});
