// A row of tabs that scrolls shows its current one.
for (const row of document.querySelectorAll(".side-nav, .tab-row")) {
  const current = row.querySelector("[aria-current]");
  if (current) row.scrollLeft = current.offsetLeft - (row.clientWidth - current.clientWidth) / 2;
}
