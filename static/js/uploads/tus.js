// Sends a file to our own server by tus 1.0.0. Made once a file; `send` may be called again after it failed.
import { Upload } from "tus-js-client";
import { TransportError } from "./api.js";

export class TusSender {
  // `url`: where it goes on, or null. `onUrl(url)` is called as soon as there is one.
  constructor(api, file, { path, batch, model, url, onUrl, onProgress }) {
    this.api = api;
    this.file = file;
    this.metadata = { filename: file.name, relativePath: path, batch };
    if (model) this.metadata.model = String(model);
    this.url = url;
    this.onUrl = onUrl;
    this.onProgress = onProgress;
    this.upload = null;
  }

  // Resolves when the server has all of it; rejects with a TransportError.
  send() {
    return new Promise((resolve, reject) => {
      this.upload = new Upload(this.file, {
        endpoint: this.api.endpoint,
        uploadUrl: this.url,
        metadata: this.metadata,
        // Trying again and remembering are done for both transports alike, above this.
        retryDelays: null,
        storeFingerprintForResuming: false,
        onBeforeRequest: (request) => request.setHeader("X-CSRFToken", this.api.csrfToken),
        onAfterResponse: (request, answer) => this.#check(request, answer),
        onUploadUrlAvailable: () => {
          this.url = this.upload.url;
          this.onUrl(this.url);
        },
        onProgress: (sent) => this.onProgress(sent),
        onSuccess: resolve,
        onError: (error) => reject(this.#reason(error)),
      });
      this.upload.start();
    });
  }

  async stop() {
    await this.upload?.abort(false);
  }

  async cancel() {
    await this.stop();
    if (this.url) await this.api.send("DELETE", this.url, { headers: { "Tus-Resumable": "1.0.0" } });
  }

  // Only what is really gone may begin anew: the client would take a session that ended, or a server that restarts,
  // for that too.
  #check(request, answer) {
    const status = answer.getStatus();
    const isGone = request.getMethod() === "HEAD" && (status === 404 || status === 410);
    if (status < 400 || isGone) return;
    throw TransportError.of(status, answer.getBody(), answer.getHeader("Retry-After"));
  }

  #reason(error) {
    if (error.causingError instanceof TransportError) return error.causingError;
    const answer = error.originalResponse;
    return answer ? TransportError.of(answer.getStatus(), answer.getBody()) : new TransportError(0);
  }
}
