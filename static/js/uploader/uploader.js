// The uploader: files are chosen, sorted, sent so that they survive what happens on the way, and made a model of.
import { forget, recall, remember } from "../uploads/memory.js";
import { State, Transport, TransportError } from "../uploads/transport.js";
import { bytes, counted } from "./figures.js";
import { finish } from "./finishing.js";
import { Roles, isJunk } from "./roles.js";
import { Row } from "./row.js";
import { filesOfDrop, filesOfList } from "./selection.js";
import { Total } from "./total.js";

const SAY_EVERY_MS = 8000;
const RUNNING = [State.QUEUED, State.SENDING, State.RETRYING, State.OFFLINE];

// crypto.randomUUID is missing where the site is reached without TLS under another name than localhost.
function newBatch() {
  const random = crypto.getRandomValues(new Uint8Array(16));
  random[6] = (random[6] & 0x0f) | 0x40;
  random[8] = (random[8] & 0x3f) | 0x80;
  const hex = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export class Uploader {
  constructor(form, config) {
    this.form = form;
    this.config = config;
    this.roles = new Roles(config);
    this.items = [];
    this.batch = null;
    this.isSending = false;
    this.isFinishing = false;
    this.isLeaving = false;
    this.saidAt = 0;
    // What is being thrown away on the server.
    this.dropping = Promise.resolve();
    this.part = (name) => form.querySelector(`[data-uploader-${name}]`);
    this.input = form.querySelector('input[name="file"]');
    this.zone = form.querySelector("[data-drop-zone]");
    this.dialog = document.querySelector("[data-uploader-dialog]");
    this.total = new Total(this.part);
    this.room = this.part("room").textContent;
    this.transport = new Transport({
      endpoint: config.endpoint,
      csrfToken: form.querySelector('input[name="csrfmiddlewaretoken"]').value,
      kind: config.transport,
    });
    this.#listen();
    // Browsers keep the chosen files over a reload.
    if (this.input.files.length) this.add(filesOfList(this.input.files));
  }

  get isBusy() {
    return (this.isSending || this.isFinishing) && !this.isLeaving;
  }

  // Whether the server has something of what is chosen that is thrown away with it.
  get hasBegun() {
    return this.items.some((item) => item.state);
  }

  #listen() {
    const { zone, input } = this;
    zone.classList.add("is-enhanced");
    input.addEventListener("change", () => this.#choose(input));
    const folder = this.part("folder-input");
    this.part("folder").addEventListener("click", () => folder.click());
    folder.addEventListener("change", () => this.#choose(folder));
    for (const type of ["dragenter", "dragover"]) {
      zone.addEventListener(type, (event) => {
        event.preventDefault();
        if (!this.isSending) zone.classList.add("is-over");
      });
    }
    for (const type of ["dragleave", "drop"]) zone.addEventListener(type, () => zone.classList.remove("is-over"));
    zone.addEventListener("drop", async (event) => {
      event.preventDefault();
      if (!this.isSending) this.add(await filesOfDrop(event.dataTransfer));
    });
    // A file that misses the zone would replace the page.
    for (const type of ["dragover", "drop"]) window.addEventListener(type, (event) => event.preventDefault());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.start();
    });
    this.part("pause").addEventListener("click", () => this.#toggleAll());
    this.part("cancel").addEventListener("click", () => (this.hasBegun ? this.dialog.showModal() : this.#clear()));
    this.dialog.addEventListener("close", () => {
      if (this.dialog.returnValue === "cancel-upload") this.#clear();
      this.dialog.returnValue = "";
    });
  }

  #choose(input) {
    this.add(filesOfList(input.files));
    input.value = "";
  }

  // Files of the same path take each other's place.
  async add(files) {
    const fresh = files.filter(({ path }) => !isJunk(path));
    const paths = new Set(fresh.map(({ path }) => path));
    for (const item of this.items.filter((other) => paths.has(other.path))) this.#drop(item);
    for (const { file, path } of fresh) {
      const item = { file, path, role: "", rank: 6, problem: "", sent: 0, state: null, transfer: null, canResume: false };
      item.row = null;
      this.items.push(item);
    }
    this.roles.assign(this.items);
    this.items.sort(
      (one, other) =>
        Number(Boolean(one.problem)) - Number(Boolean(other.problem)) || one.rank - other.rank || one.path.localeCompare(other.path),
    );
    this.#drawList();
    this.#showProblem("");
    this.#draw();
    this.#say(`${counted(fresh.length, "file")} chosen.`);
    await this.#recognise();
  }

  // Files that were begun before go on where they were.
  async #recognise() {
    for (const item of this.items.filter((other) => !other.problem && !other.state)) {
      try {
        const batch = await this.transport.batchToGoOnWith(item.file, this.#key(item));
        if (!batch || (this.batch && this.batch !== batch)) continue;
        this.batch = batch;
        document.querySelector(`[data-unfinished-batch="${batch}"]`)?.setAttribute("hidden", "");
        for (const section of document.querySelectorAll("[data-unfinished]")) {
          section.hidden = !section.querySelector("[data-unfinished-batch]:not([hidden])");
        }
        this.part("outcome").textContent = `${item.path} was begun before: it goes on where it was.`;
        this.#say(this.part("outcome").textContent);
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        return;
      }
    }
  }

  #key(item) {
    return { path: item.path, model: this.config.model };
  }

  async start() {
    if (this.isSending || this.isFinishing) return;
    const usable = this.items.filter((item) => !item.problem);
    const { problem } = this.roles.outcome(this.items);
    const size = usable.reduce((sum, item) => sum + item.file.size, 0);
    if (!usable.length && !this.batch) return this.#showProblem("Choose the files of the model.");
    if (problem && !this.batch) return this.#showProblem(problem);
    if (usable.length > this.config.maxFiles) return this.#showProblem(`These are ${usable.length} files; at most ${this.config.maxFiles} go together. Make a zip of the folder.`);
    if (!this.batch && this.config.used + size > this.config.limit) {
      return this.#showProblem(`This takes ${bytes(size)}, and ${bytes(Math.max(this.config.limit - this.config.used, 0))} are left.`);
    }
    for (const item of this.items.filter((other) => other.problem && !other.state)) this.#drop(item);
    await this.dropping;
    const arrived = await this.#arrived();
    if (arrived === null) return undefined;
    this.batch ??= newBatch();
    this.isSending = true;
    this.#showProblem("");
    this.total.restart();
    for (const item of this.items) {
      if (item.state === State.DONE) continue;
      if (arrived.has(item.path) && recall(item.file, this.#key(item))?.batch === this.batch) Object.assign(item, { state: State.DONE, sent: item.file.size });
      else this.#send(item);
    }
    this.#say("Uploading.");
    this.#drawList();
    this.#draw();
    return this.#finishWhenArrived();
  }

  // Paths of this batch that the server has whole already; null where it cannot be asked.
  async #arrived() {
    if (!this.batch) return new Set();
    try {
      const { uploads } = await this.transport.state();
      return new Set(uploads.filter((upload) => upload.batch === this.batch && upload.state === "complete").map((upload) => upload.path));
    } catch (error) {
      this.#showProblem(error.message);
      return null;
    }
  }

  #send(item) {
    item.problem = "";
    item.transfer = this.transport.start(item.file, {
      path: item.path,
      batch: this.batch,
      model: this.config.model,
      onProgress: (sent) => {
        item.sent = sent;
        this.#drawSoon(item);
      },
      onState: (state, error) => {
        item.state = state;
        item.problem = state === State.FAILED ? error.message : "";
        item.canResume = Boolean(error?.canResume);
        if (state === State.FAILED) this.#say(`${item.path}: ${error.message}`);
        else if (state === State.RETRYING || state === State.OFFLINE) this.#say("Waiting for the connection.");
        item.row?.draw();
        this.#draw();
      },
      onDone: () => {
        // The transport forgets what has arrived; after a reload it is to be known until the last step is made.
        remember(item.file, this.#key(item), { url: item.transfer.sender.url, batch: this.batch, transport: this.config.transport });
        this.#finishWhenArrived();
      },
    });
    item.state = item.transfer.state;
  }

  #drawSoon(item) {
    item.isStale = true;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      for (const stale of this.items.filter((other) => other.isStale)) {
        stale.isStale = false;
        stale.row?.draw();
      }
      this.#draw();
    });
  }

  async #finishWhenArrived() {
    if (!this.isSending || this.isFinishing || this.items.some((item) => item.state !== State.DONE)) return;
    if (!this.items.length) return;
    this.isFinishing = true;
    this.#draw();
    this.#say("All files arrived. Making the model of them.");
    const { location: address, problems, reason } = await finish(this.config, this.batch, this.transport.api.csrfToken);
    if (address) this.#leave(address);
    else if (problems) this.#refused(problems);
    else this.#stop(reason);
  }

  #leave(address) {
    this.isLeaving = true;
    for (const item of this.items) forget(item.file, this.#key(item));
    location.assign(address);
  }

  #refused(problems) {
    const others = [];
    for (const { upload, path, message } of problems) {
      const item = this.items.find((other) => (upload && other.transfer?.id === upload) || other.path === path);
      if (item) item.problem = message;
      else others.push(path ? `${path}: ${message}` : message);
    }
    const hint = "Nothing is lost: remove or add files, then press Upload again.";
    this.#stop([...others, hint].join(" "));
  }

  #stop(problem) {
    this.isSending = false;
    this.isFinishing = false;
    for (const item of this.items) item.row?.draw();
    this.#draw();
    this.#showProblem(problem);
  }

  #toggle(item) {
    if (RUNNING.includes(item.state)) item.transfer.pause();
    else item.transfer.resume();
  }

  #toggleAll() {
    const running = this.items.filter((item) => RUNNING.includes(item.state));
    const resting = this.items.filter((item) => item.state === State.PAUSED || (item.state === State.FAILED && item.canResume));
    for (const item of running.length ? running : resting) this.#toggle(item);
    this.#say(running.length ? "Paused." : "Uploading.");
  }

  #drop(item) {
    this.items = this.items.filter((other) => other !== item);
    item.row?.element.remove();
    if (!item.state) return;
    const url = item.transfer?.sender.url ?? recall(item.file, this.#key(item))?.url;
    forget(item.file, this.#key(item));
    const dropped = item.state === State.DONE ? this.#discard(url) : item.transfer.cancel();
    this.dropping = Promise.all([this.dropping, dropped]);
  }

  // Throws away on the server what has arrived already.
  async #discard(url) {
    if (url) await this.transport.api.send("DELETE", url, { headers: { "Tus-Resumable": "1.0.0" } }).catch(() => {});
  }

  // Of a cancelled drop, what the server had begun while the answer was still on its way, or what came before a reload.
  async #discardRest(batch) {
    try {
      const { uploads } = await this.transport.state();
      const folder = this.config.transport === "s3" ? `${this.config.endpoint}s3/` : this.config.endpoint;
      const rest = uploads.filter((upload) => upload.batch === batch);
      await Promise.all(rest.map((upload) => this.#discard(`${folder}${upload.id}/`)));
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
    }
  }

  async #remove(item) {
    const next = item.row.element.nextElementSibling ?? item.row.element.previousElementSibling;
    this.#drop(item);
    if (!this.items.length) return this.#clear();
    if (!this.isSending) {
      for (const other of this.items) if (!other.state) other.problem = "";
      const fresh = this.items.filter((other) => !other.state);
      this.roles.assign(fresh.length === this.items.length ? this.items : fresh);
      this.#drawList();
    }
    this.#draw();
    next?.querySelector("button:last-child").focus();
    this.#say(`${item.path} removed.`);
    return this.#finishWhenArrived();
  }

  #clear() {
    const { batch, hasBegun } = this;
    for (const item of [...this.items]) this.#drop(item);
    if (!hasBegun) for (const part of document.querySelectorAll("[data-unfinished], [data-unfinished-batch]")) part.hidden = false;
    else if (batch) this.dropping = this.dropping.then(() => this.#discardRest(batch));
    this.batch = null;
    this.isSending = false;
    this.isFinishing = false;
    this.#showProblem("");
    this.#draw();
    this.#say("Cleared.");
    this.input.focus();
  }

  #drawList() {
    for (const item of this.items) {
      item.row ??= new Row(item, { remove: () => this.#remove(item), toggle: () => this.#toggle(item) });
      item.row.draw();
    }
    this.part("files").replaceChildren(...this.items.map((item) => item.row.element));
  }

  #draw() {
    const usable = this.items.filter((item) => !item.problem || item.state);
    const size = usable.reduce((sum, item) => sum + item.file.size, 0);
    const running = this.items.some((item) => RUNNING.includes(item.state));
    const canGoOn = this.items.some((item) => item.state === State.PAUSED || (item.state === State.FAILED && item.canResume));
    this.part("work").hidden = !this.items.length;
    this.part("total").hidden = !this.isSending;
    const submit = this.part("submit");
    const hadFocus = submit === document.activeElement;
    submit.hidden = this.isSending;
    submit.querySelector("span").textContent = usable.length > 1 ? `Upload ${usable.length} files` : "Upload";
    const pause = this.part("pause");
    pause.hidden = !this.isSending || this.isFinishing || !(running || canGoOn);
    pause.querySelector("span").textContent = running ? "Pause" : "Go on";
    this.part("cancel").hidden = !this.items.length || this.isFinishing;
    this.part("cancel").textContent = this.hasBegun ? "Cancel" : "Clear";
    if (hadFocus && submit.hidden && !pause.hidden) pause.focus();
    this.zone.hidden = this.isSending;
    if (!this.isSending) {
      if (this.items.length && !this.batch) this.part("outcome").textContent = this.roles.outcome(this.items).text;
      this.part("room").textContent = usable.length ? `${this.room}; this takes ${bytes(size)}` : this.room;
      return;
    }
    this.part("outcome").textContent = "";
    const share = this.total.draw(usable, this.isFinishing);
    if (share !== null && performance.now() - this.saidAt > SAY_EVERY_MS) this.#say(`${share} % uploaded.`);
  }

  #showProblem(problem) {
    const place = this.part("error");
    place.textContent = problem;
    this.input.toggleAttribute("aria-invalid", false);
    if (!problem) return;
    this.input.setAttribute("aria-invalid", "true");
    (this.zone.hidden ? this.part("submit") : this.input).focus();
  }

  #say(text) {
    this.saidAt = performance.now();
    this.part("status").textContent = text;
  }
}
