// Sends a file straight to the object storage: multipart, each part to an address that our server has signed.
import { TransportError } from "./api.js";

const SIGNED_AT_ONCE = 20;
// A signed address is used within this time, or asked for anew.
const FRESH_MS = 30 * 60 * 1000;

export class S3Sender {
  // `url`: where it goes on, or null. `onUrl(url)` is called as soon as there is one.
  constructor(api, file, { path, batch, model, url, onUrl, onProgress }) {
    this.api = api;
    this.file = file;
    this.announcement = { path, size: file.size, batch, model: model ? String(model) : "" };
    this.url = url;
    this.onUrl = onUrl;
    this.onProgress = onProgress;
    this.control = null;
    this.signed = new Map();
  }

  async send() {
    this.control = new AbortController();
    const { signal } = this.control;
    const upload = await this.#upload(signal);
    const arrived = new Map(upload.received_parts ?? []);
    let sent = 0;
    for (const size of arrived.values()) sent += size;
    this.onProgress(sent);
    const missing = [];
    for (let part = 1; part <= upload.parts; part += 1) if (!arrived.has(part)) missing.push(part);
    for (const [index, part] of missing.entries()) {
      const { url, size } = await this.#address(missing, index, signal);
      const start = (part - 1) * upload.part_size;
      await this.#put(url, this.file.slice(start, start + size), signal, (bytes) => this.onProgress(sent + bytes));
      this.signed.delete(part);
      sent += size;
    }
    await this.api.json("POST", `${this.url}complete/`, { json: {}, signal });
  }

  async stop() {
    this.control?.abort();
  }

  async cancel() {
    await this.stop();
    if (this.url) await this.api.send("DELETE", this.url);
  }

  // What the server knows of it; announced anew where it knows nothing.
  async #upload(signal) {
    if (this.url) {
      try {
        return await this.api.json("GET", this.url, { signal });
      } catch (error) {
        if (error.status !== 404 && error.status !== 410) throw error;
        this.url = null;
        this.signed.clear();
      }
    }
    const upload = await this.api.json("POST", `${this.api.endpoint}s3/`, { json: this.announcement, signal });
    this.url = `${this.api.endpoint}s3/${upload.id}/`;
    this.onUrl(this.url);
    return upload;
  }

  async #address(missing, index, signal) {
    const known = this.signed.get(missing[index]);
    if (known && Date.now() - known.since < FRESH_MS) return known;
    const parts = missing.slice(index, index + SIGNED_AT_ONCE);
    const answer = await this.api.json("POST", `${this.url}parts/`, { json: { parts }, signal });
    for (const { part, url, size } of answer.parts) this.signed.set(part, { url, size, since: Date.now() });
    return this.signed.get(missing[index]);
  }

  // By XMLHttpRequest: fetch tells nothing about bytes on their way up.
  #put(url, bytes, signal, onProgress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const abort = () => request.abort();
      signal.addEventListener("abort", abort, { once: true });
      request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
      request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
      request.addEventListener("load", () => {
        if (request.status >= 200 && request.status < 300) return resolve();
        this.signed.clear();
        // The storage refuses an address that is too old: the next try asks for new ones.
        return reject(new TransportError(request.status === 403 ? 0 : request.status));
      });
      request.addEventListener("error", () => reject(new TransportError(0)));
      request.addEventListener("abort", () => reject(new DOMException("Stopped.", "AbortError")));
      request.open("PUT", url);
      request.send(bytes);
    });
  }
}
