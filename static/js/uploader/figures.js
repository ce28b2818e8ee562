// Sizes and times for people.
const UNITS = ["bytes", "KB", "MB", "GB", "TB"];
const SPEED_WINDOW_MS = 5000;

export function bytes(count) {
  let unit = 0;
  while (count >= 1024 && unit < UNITS.length - 1) {
    count /= 1024;
    unit += 1;
  }
  return `${unit ? count.toFixed(1) : count} ${UNITS[unit]}`;
}

export function duration(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function counted(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

// How fast it went over the last seconds.
export class Pace {
  constructor() {
    this.samples = [];
  }

  add(sent) {
    const now = performance.now();
    // What is cancelled or begun anew counts backwards: the past says nothing then.
    if (this.samples.length && sent < this.samples.at(-1)[1]) this.samples = [];
    this.samples.push([now, sent]);
    while (this.samples.length > 2 && now - this.samples[0][0] > SPEED_WINDOW_MS) this.samples.shift();
  }

  // Bytes a second; 0 where it is not known.
  get speed() {
    if (this.samples.length < 2) return 0;
    const [since, from] = this.samples[0];
    const [until, to] = this.samples.at(-1);
    return until > since ? ((to - from) / (until - since)) * 1000 : 0;
  }
}
