/* The time that is left of a bounty, to the minute; without scripts the page says it as it was when it was sent. */
const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60]];

function words(seconds) {
  const parts = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    if (count && parts.length < 2) parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
    else if (parts.length) break;
  }
  return parts.length ? `${parts.join(", ")} left` : "Less than a minute left";
}

for (const shown of document.querySelectorAll("[data-countdown]")) {
  const end = Date.parse(shown.dataset.countdown);
  const tick = () => {
    const left = (end - Date.now()) / 1000;
    shown.textContent = left > 0 ? words(left) : "The deadline has passed";
    if (left <= 0) clearInterval(timer);
  };
  const timer = setInterval(tick, 20_000);
  tick();
}
