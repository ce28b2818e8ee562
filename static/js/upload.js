// Uploads with progress: form[data-upload] sends its file by XMLHttpRequest, shows bytes, speed and time left, and can
// be cancelled. Without this script the same form is sent as it is.
const UNITS = ["bytes", "KB", "MB", "GB"];
const SPEED_WINDOW_MS = 4000;

function bytes(count) {
  let unit = 0;
  while (count >= 1024 && unit < UNITS.length - 1) {
    count /= 1024;
    unit += 1;
  }
  return `${unit ? count.toFixed(1) : count} ${UNITS[unit]}`;
}

function duration(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const STATUS_TEXTS = {
  403: "Your session has ended. Reload the page, log in and upload again.",
  413: "The file is larger than this site takes.",
  429: "You have uploaded a lot in a short time. Wait a little and try again.",
  507: "The server has no room for this file at the moment. Try again later.",
};

class Upload {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector('input[type="file"]');
    this.zone = form.querySelector("[data-drop-zone]");
    this.limit = Number(form.dataset.maxBytes);
    this.request = null;
    this.part = (name) => form.querySelector(`[data-upload-${name}]`);
    this.bar = form.querySelector("progress");
    this.zone.classList.add("is-enhanced");
    this.input.addEventListener("change", () => this.choose());
    for (const type of ["dragenter", "dragover"]) this.zone.addEventListener(type, () => this.zone.classList.add("is-over"));
    for (const type of ["dragleave", "drop"]) this.zone.addEventListener(type, () => this.zone.classList.remove("is-over"));
    this.part("cancel").addEventListener("click", () => this.request?.abort());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.request && this.check()) this.send();
    });
    // Browsers keep the chosen file over a reload.
    if (this.input.files.length) this.choose();
  }

  choose() {
    const file = this.input.files[0];
    this.part("chosen").hidden = !file;
    this.part("chosen").textContent = file ? `${file.name} · ${bytes(file.size)}` : "";
    this.check({ required: false });
  }

  // Says what is wrong before a byte is sent. Whether it really is a GLB file, the server looks at.
  check({ required = true } = {}) {
    const file = this.input.files[0];
    let problem = "";
    if (!file) problem = required ? "Choose a GLB file." : "";
    else if (file.size > this.limit) problem = `${file.name} has ${bytes(file.size)}; at most ${bytes(this.limit)} can be uploaded.`;
    else if (!file.size) problem = `${file.name} is empty.`;
    else if (!/\.glb$/i.test(file.name)) problem = `${file.name} is not a GLB file. Export the model as “glTF Binary (.glb)”.`;
    this.say(problem);
    return !problem;
  }

  say(problem) {
    this.part("error").textContent = problem;
    if (problem) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }

  send() {
    const request = new XMLHttpRequest();
    this.request = request;
    this.samples = [];
    request.open("POST", this.form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => this.progress(event));
    request.upload.addEventListener("load", () => this.wait());
    request.addEventListener("load", () => this.answer(request));
    request.addEventListener("error", () => this.end("The connection broke, and nothing was stored. Check it and upload again."));
    request.addEventListener("abort", () => this.end("", "Cancelled: nothing was stored."));
    this.show(true);
    this.part("status").textContent = "Uploading.";
    request.send(new FormData(this.form));
  }

  progress(event) {
    const now = performance.now();
    this.samples.push([now, event.loaded]);
    while (this.samples.length > 2 && now - this.samples[0][0] > SPEED_WINDOW_MS) this.samples.shift();
    const [since, from] = this.samples[0];
    const speed = now > since ? ((event.loaded - from) / (now - since)) * 1000 : 0;
    this.bar.value = (event.loaded / event.total) * 100;
    this.part("amount").textContent = `${bytes(event.loaded)} of ${bytes(event.total)}`;
    const left = speed ? ` · ${duration((event.total - event.loaded) / speed)} left` : "";
    this.part("pace").textContent = speed ? `${bytes(speed)}/s${left}` : "";
  }

  wait() {
    this.bar.removeAttribute("value");
    this.part("label").textContent = "Storing";
    this.part("pace").textContent = "";
    this.part("cancel").hidden = true;
  }

  answer(request) {
    if (request.status === 201 && request.response?.location) {
      this.leaving = true;
      location.assign(request.response.location);
      return;
    }
    const errors = Object.values(request.response?.errors ?? {}).flat();
    const text = errors.map((error) => error.message).join(" ");
    this.end(text || STATUS_TEXTS[request.status] || "Something went wrong on our side, and nothing was stored. Try again in a moment.");
  }

  end(problem, note = "") {
    this.request = null;
    this.show(false);
    this.say(problem);
    this.part("status").textContent = note;
    if (note) document.dispatchEvent(new CustomEvent("toast", { detail: { message: note, level: "info" } }));
    this.input.focus();
  }

  show(isRunning) {
    this.part("progress").hidden = !isRunning;
    this.part("submit").hidden = isRunning;
    this.part("cancel").hidden = false;
    this.part("label").textContent = "Uploading";
    this.part("amount").textContent = "";
    this.bar.value = 0;
    this.input.inert = isRunning;
  }
}

const uploads = new Map();

function prepare(scope) {
  for (const form of scope.querySelectorAll("form[data-upload]")) {
    if (!uploads.has(form)) uploads.set(form, new Upload(form));
  }
}

window.addEventListener("beforeunload", (event) => {
  for (const upload of uploads.values()) if (upload.request && !upload.leaving) event.preventDefault();
});
document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);
