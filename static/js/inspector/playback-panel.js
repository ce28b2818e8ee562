// The controls of the clips: which one, play and pause, where in it, how fast, over and over.
const clock = (seconds) => `${seconds.toFixed(1)} s`;

export class PlaybackPanel {
  constructor(page, playback, signal) {
    this.playback = playback;
    this.buttons = page.querySelectorAll("[data-do=play]");
    this.holder = page.querySelector("[data-playback]");
    const hasClips = playback.clips.length > 0;
    this.holder.hidden = !hasClips;
    for (const button of this.buttons) button.hidden = !hasClips;
    if (!hasClips) return;
    this.scrubber = this.holder.querySelector("[data-clip-time]");
    this.time = this.holder.querySelector("[data-clip-clock]");
    const clip = this.holder.querySelector("[data-clip]");
    const speed = this.holder.querySelector("[data-clip-speed]");
    const loop = this.holder.querySelector("[data-clip-loop]");
    clip.replaceChildren(...playback.clips.map(({ duration }, number) => new Option(`Clip ${number + 1}, ${clock(duration)}`, String(number))));
    clip.addEventListener("change", () => playback.choose(Number(clip.value)), { signal });
    speed.value = "1";
    speed.addEventListener("change", () => (playback.speed = Number(speed.value)), { signal });
    loop.checked = true;
    loop.addEventListener("change", () => playback.repeat(loop.checked), { signal });
    this.scrubber.addEventListener("input", () => {
      playback.pause();
      playback.seek((Number(this.scrubber.value) / 1000) * playback.duration);
    }, { signal });
    playback.onChange = () => this.show();
    this.show();
  }

  toggle() {
    if (this.playback.playing) this.playback.pause();
    else this.playback.play();
  }

  show() {
    const { time, duration, playing } = this.playback;
    if (document.activeElement !== this.scrubber || playing) this.scrubber.value = String(duration ? Math.round((time / duration) * 1000) : 0);
    this.time.textContent = `${clock(time)} of ${clock(duration)}`;
    this.scrubber.setAttribute("aria-valuetext", this.time.textContent);
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(playing));
  }
}
