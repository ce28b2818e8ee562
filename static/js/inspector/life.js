// What a 3D view does over its life, whatever is drawn in it: it waits behind its poster, starts by a click or by
// itself, tells how far loading is, says what went wrong and tries again, stops when the page is left and comes back
// when the page does. The element [data-inspector] carries
//   data-src        address of the preview; it lives for a while only
//   data-autostart  present where the view starts by itself
// and, where a page has several, an id.
const ADDRESS_FRESH_MS = 20 * 60 * 1000;

/** The preview cannot be had: `expired` where its address may simply have run out. */
export class LoadFailed extends Error {
  constructor(message, { expired = false } = {}) {
    super(message);
    this.expired = expired;
  }
}

/** This browser draws no 3D. */
export class NoWebGL extends Error {}

/** The bytes at `address`; `onProgress` is told the share that has come, 0 to 1, where the size is known. */
export async function download(address, { signal, onProgress }) {
  const answer = await fetch(address, { signal }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new LoadFailed("The connection was lost while the model was loading.");
  });
  if (!answer.ok) throw new LoadFailed("The model could not be fetched.", { expired: [403, 404, 410].includes(answer.status) });
  const total = Number(answer.headers.get("Content-Length"));
  const blocks = [];
  let received = 0;
  const reader = answer.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      blocks.push(value);
      received += value.byteLength;
      if (total) onProgress?.(Math.min(received / total, 1));
    }
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new LoadFailed("The connection was lost while the model was loading.");
  }
  return new Blob(blocks).arrayBuffer();
}

/** The newest address of `frame`'s preview, read from a fresh copy of this page; empty where it is shown no more. */
async function freshAddress(frame, signal) {
  const answer = await fetch(location.href, { signal, headers: { Purpose: "prefetch" } }).catch(() => null);
  if (!answer?.ok) return "";
  const copy = new DOMParser().parseFromString(await answer.text(), "text/html");
  const own = frame.id ? copy.getElementById(frame.id) : copy.querySelector("[data-inspector]");
  return own?.dataset.src ?? "";
}

const WORDS = {
  gone: "The model is not shown here any more.",
  webgl: "This browser cannot draw 3D, or has it switched off. The pictures show the model all the same.",
  broken: "The 3D view could not be started.",
};

/** Runs the 3D view of `frame`. `open(frame, {address, signal, onProgress})` draws it and returns what `close()`s it. */
export class Life {
  constructor(frame, open) {
    this.frame = frame;
    this.open = open;
    this.session = null;
    this.addressSince = performance.now();
    this.startButton = frame.querySelector("[data-viewer-start]");
    this.problem = frame.querySelector("[data-viewer-problem]");
    this.progress = frame.querySelector("[data-viewer-progress]");
    this.startButton?.addEventListener("click", () => this.start());
    this.problem?.querySelector("button").addEventListener("click", () => this.start({ fresh: true }));
    frame.addEventListener("viewer:lost", () => this.fail("The graphics card gave the 3D view up."));
    // A page in the back-forward cache keeps nothing on the graphics card, and draws anew when it is shown again.
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", (event) => event.persisted && this.wasLive && this.start());
  }

  async start({ fresh = false } = {}) {
    if (this.loading || this.session) return;
    this.wasLive = true;
    this.loading = new AbortController();
    const { signal } = this.loading;
    this.show("loading");
    try {
      this.session = await this.openFresh(signal, fresh || performance.now() - this.addressSince > ADDRESS_FRESH_MS);
      if (signal.aborted) this.stop();
      else this.show("live");
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    } finally {
      if (this.loading?.signal === signal) this.loading = null;
    }
  }

  /** Opens the view, and once more with a new address where the old one has run out. */
  async openFresh(signal, fresh) {
    if (fresh) await this.renewAddress(signal);
    const options = { signal, onProgress: (share) => (this.progress.value = share) };
    try {
      return await this.open(this.frame, { ...options, address: this.frame.dataset.src });
    } catch (error) {
      if (!error.expired || fresh) throw error;
      await this.renewAddress(signal);
      return this.open(this.frame, { ...options, address: this.frame.dataset.src });
    }
  }

  async renewAddress(signal) {
    const address = await freshAddress(this.frame, signal);
    if (!address) throw new LoadFailed(navigator.onLine ? WORDS.gone : "There is no connection.");
    this.frame.dataset.src = address;
    this.addressSince = performance.now();
  }

  stop() {
    this.loading?.abort();
    this.loading = null;
    this.session?.close();
    this.session = null;
    this.show("poster");
  }

  fail(error) {
    this.session?.close();
    this.session = null;
    if (error instanceof NoWebGL) this.say(WORDS.webgl, { again: false });
    else if (typeof error === "string" || error instanceof LoadFailed) this.say(error.message ?? error, { again: true });
    else {
      console.warn(error);
      this.say(WORDS.broken, { again: true });
    }
    this.show("failed");
    this.frame.dispatchEvent(new CustomEvent("viewer:failed"));
  }

  say(message, { again }) {
    this.problem.querySelector("p").textContent = message;
    this.problem.querySelector("button").hidden = !again;
  }

  show(state) {
    this.frame.dataset.state = state;
    this.frame.classList.toggle("is-live", state === "live");
    this.progress.hidden = state !== "loading";
    if (state === "loading") this.progress.removeAttribute("value");
    this.problem.hidden = state !== "failed";
    if (this.startButton) {
      this.startButton.hidden = state === "live" || state === "failed";
      this.startButton.toggleAttribute("aria-busy", state === "loading");
      if (state === "loading") this.startButton.setAttribute("aria-busy", "true");
    }
  }
}
