// A list of messages in the page: each stands at its number, once.
export function lastNumber(list) {
  const rows = list.querySelectorAll("[data-number]");
  return rows.length ? Number(rows[rows.length - 1].dataset.number) : 0;
}

// Each row is put at its number once; one that is there already is replaced where it has changed.
export function mergeRows(list, content) {
  for (const row of [...content.querySelectorAll("[data-number]")]) {
    const number = Number(row.dataset.number);
    const known = list.querySelector(`[data-number="${number}"]`);
    if (known) {
      const isSeen = known.querySelector(".seen-mark.is-seen") !== null;
      if (known.dataset.version !== row.dataset.version) known.replaceWith(row);
      else if (row.querySelector(".seen-mark.is-seen")) known.querySelector(".seen-mark").classList.add("is-seen");
      if (isSeen) list.querySelector(`[data-number="${number}"] .seen-mark`)?.classList.add("is-seen");
      continue;
    }
    if (number < lastNumber(list)) continue;
    const day = row.previousElementSibling;
    if (day?.dataset.day && !list.querySelector(`[data-day="${day.dataset.day}"]`)) list.append(day);
    list.append(row);
  }
}

// The other side has read up to this number.
export function showSeen(list, number) {
  for (const row of list.querySelectorAll(".is-own[data-number]")) {
    if (Number(row.dataset.number) <= number) row.querySelector(".seen-mark")?.classList.add("is-seen");
  }
}
