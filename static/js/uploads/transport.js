// Files on their way to the server: resumable over lost connections, reloads, restarts of the server, ended sessions.
//
//   const transport = new Transport({ endpoint: "/uploads/", csrfToken, kind: "tus" });
//   const transfer = transport.start(file, { path, batch, model, onProgress, onState, onDone, onError });
//   transfer.pause(); transfer.resume(); await transfer.cancel();
//
// `kind` is "tus" or "s3", as the server says (`(await transport.state()).transport`). `path` is the name with the
// folders the file was dropped with, `batch` a UUID that files dropped together share, `model` the number of an own
// draft that the file is for, or nothing.
import { Api, TransportError } from "./api.js";
import { forget, recall, remember } from "./memory.js";
import { S3Sender } from "./s3.js";
import { TusSender } from "./tus.js";

export { TransportError };

const PARALLEL = 3;
const DELAYS_MS = [0, 1000, 2000, 4000, 8000, 15000, 30000];
// Without a byte of progress in between: about five minutes.
const MAX_ATTEMPTS = 14;

// States of a transfer, as `onState(state, error)` tells them; `error` says why it is retrying or has failed.
export const State = Object.freeze({
  QUEUED: "queued", // others are sent first
  SENDING: "sending",
  RETRYING: "retrying", // goes on by itself
  OFFLINE: "offline", // goes on by itself when the browser is online again
  PAUSED: "paused",
  FAILED: "failed", // `resume` may be tried where `error.canResume`
  CANCELLED: "cancelled",
  DONE: "done",
});

const ENDED = new Set([State.DONE, State.CANCELLED]);

class Transfer {
  constructor(transport, file, options) {
    const { path = file.webkitRelativePath || file.name, model = null, batch } = options;
    const nothing = () => {};
    this.transport = transport;
    this.file = file;
    this.path = path;
    this.batch = batch;
    this.state = State.QUEUED;
    this.error = null;
    this.sent = 0;
    this.on = { onProgress: nothing, onState: nothing, onDone: nothing, onError: nothing, ...options };
    this.key = { path, model };
    const known = recall(file, this.key);
    const goesOn = known?.transport === transport.kind && known.batch === batch;
    this.sender = new (transport.kind === "s3" ? S3Sender : TusSender)(transport.api, file, {
      path,
      batch,
      model,
      url: goesOn ? known.url : null,
      onUrl: (url) => remember(file, this.key, { url, batch, transport: transport.kind }),
      onProgress: (sent) => this.#progress(sent),
    });
    this.attempts = 0;
    this.hasFreshToken = false;
    this.timer = 0;
    this.goOn = () => this.resume();
  }

  // The server's id, once it has one.
  get id() {
    return this.sender.url?.split("/").filter(Boolean).at(-1) ?? null;
  }

  pause() {
    if (ENDED.has(this.state) || this.state === State.PAUSED) return;
    this.#rest(State.PAUSED);
    this.sender.stop();
  }

  // After a pause, or a failure that the person has mended; at once where it would go on by itself later.
  resume() {
    if (![State.PAUSED, State.FAILED, State.OFFLINE, State.RETRYING].includes(this.state)) return;
    this.attempts = 0;
    this.hasFreshToken = false;
    this.#enqueue();
  }

  // Ends it for good, here and on the server. Where the server cannot be told, the upload expires there.
  async cancel() {
    if (ENDED.has(this.state)) return;
    this.#rest(State.CANCELLED);
    forget(this.file, this.key);
    await this.sender.cancel().catch(() => {});
  }

  // Called by the queue when it is this one's turn.
  async run() {
    this.#become(State.SENDING);
    const isCurrent = this.#turn();
    try {
      await this.sender.send();
      if (isCurrent()) this.#done();
    } catch (error) {
      if (isCurrent()) await this.#failed(error, isCurrent);
    }
  }

  // Whether the caller still speaks for this transfer, or it was paused, cancelled or started again since.
  #turn() {
    const turn = Symbol("turn");
    this.turn = turn;
    return () => this.turn === turn;
  }

  #progress(sent) {
    if (sent > this.sent) {
      this.attempts = 0;
      this.hasFreshToken = false;
    }
    this.sent = sent;
    this.on.onProgress(sent, this.file.size);
  }

  #done() {
    forget(this.file, this.key);
    this.#rest(State.DONE);
    this.on.onDone({ id: this.id, batch: this.batch, path: this.path });
  }

  async #failed(cause, isCurrent) {
    let error = cause instanceof TransportError ? cause : new TransportError(0);
    if (error.status === 403 && !this.hasFreshToken) {
      // Who logged in again in another tab has a new token.
      this.hasFreshToken = true;
      try {
        await this.transport.state();
        if (isCurrent()) this.#enqueue();
        return;
      } catch (reason) {
        error = reason instanceof TransportError ? reason : error;
        if (!isCurrent()) return;
      }
    }
    if (error.isPassing && !navigator.onLine) {
      this.#rest(State.OFFLINE, error);
      window.addEventListener("online", this.goOn, { once: true });
    } else if (error.isPassing && this.attempts < MAX_ATTEMPTS) {
      const delay = DELAYS_MS[Math.min(this.attempts, DELAYS_MS.length - 1)];
      this.attempts += 1;
      this.#rest(State.RETRYING, error);
      this.timer = setTimeout(() => this.#enqueue(), Math.max(delay, error.retryAfterMs));
    } else {
      if (!error.canResume) forget(this.file, this.key);
      this.#rest(State.FAILED, error);
      this.on.onError(error);
    }
  }

  #enqueue() {
    this.#rest(State.QUEUED);
    this.transport.queue(this);
  }

  // Not sending any more: whatever was to go on by itself does not, and others may send.
  #rest(state, error = null) {
    this.turn = null;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.goOn);
    this.transport.release(this);
    this.#become(state, error);
  }

  #become(state, error = null) {
    if (state === this.state) return;
    this.state = state;
    this.error = error;
    this.on.onState(state, error);
  }
}

export class Transport {
  constructor({ endpoint, csrfToken, kind = "tus" }) {
    this.api = new Api(endpoint, csrfToken);
    this.kind = kind;
    this.waiting = [];
    this.running = new Set();
  }

  // Limits, quota and uploads under way, as the server says them now. Rejects with a TransportError.
  state() {
    return this.api.state();
  }

  // The batch of an upload of this file that was begun in this browser and can go on, or null. Files that are dropped
  // again after a reload are started with it.
  async batchToGoOnWith(file, { path = file.webkitRelativePath || file.name, model = null } = {}) {
    const known = recall(file, { path, model });
    if (known?.transport !== this.kind) return null;
    const { uploads } = await this.state();
    return uploads.some((upload) => upload.batch === known.batch && upload.path === path) ? known.batch : null;
  }

  start(file, options) {
    const transfer = new Transfer(this, file, options);
    this.queue(transfer);
    return transfer;
  }

  // For transfers: wait for one's turn.
  queue(transfer) {
    this.waiting.push(transfer);
    this.#next();
  }

  // For transfers: not waiting or sending any more.
  release(transfer) {
    this.waiting = this.waiting.filter((other) => other !== transfer);
    if (this.running.delete(transfer)) queueMicrotask(() => this.#next());
  }

  #next() {
    while (this.waiting.length && this.running.size < PARALLEL) {
      const transfer = this.waiting.shift();
      this.running.add(transfer);
      transfer.run();
    }
  }
}
