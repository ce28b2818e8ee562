// Where one writes in a conversation: sent without leaving the page, once, and nothing typed is lost.
import { FRESH, fragment } from "../talk/fragment.js";

const TYPING_EVERY = 2500;

export class Composer {
  // `last` says the newest number of the page, `isLive` whether the page takes what is sent; `typed` is called now and
  // then while somebody writes, `sent` with the new rows.
  constructor(form, { last, isLive, typed, sent }) {
    Object.assign(this, { form, last, isLive, typed, sent });
    this.words = form.querySelector("textarea");
    this.saidTyping = 0;
    const files = form.querySelector("input[type=file]");
    const label = form.querySelector("[data-files-label]");
    const labelText = label.textContent;
    files.addEventListener("change", () => {
      label.textContent = files.files.length ? [...files.files].map((file) => file.name).join(", ") : labelText;
    });
    form.addEventListener("reset", () => (label.textContent = labelText));
    this.words.addEventListener("input", () => this.sayTyping());
    this.words.addEventListener("keydown", (event) => {
      // On a touch screen Enter is the only way to a new line.
      const isTouch = matchMedia("(pointer: coarse)").matches;
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || isTouch) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      // What is sent from an old page is shown on the newest one.
      if (!this.isLive()) return;
      event.preventDefault();
      this.send(event.submitter);
    });
  }

  sayTyping() {
    if (Date.now() - this.saidTyping < TYPING_EVERY) return;
    this.saidTyping = Date.now();
    this.typed();
  }

  async send(submitter) {
    const form = this.form;
    if (form.dataset.sending) return;
    form.dataset.sending = "true";
    form.querySelector('[name="after"]').value = this.last();
    const button = submitter ?? form.querySelector("button[type=submit]");
    button.setAttribute("aria-busy", "true");
    try {
      const body = new FormData(form, submitter);
      const response = await fetch(form.action, { ...FRESH, method: "POST", body });
      if (response.redirected) return location.reload();
      const html = await response.text();
      if (response.status === 422) this.errors.replaceChildren(fragment(html));
      else if (response.status === 413) this.complain("Together the files are too large. Send them one by one.");
      else if (response.status === 429) this.complain("You are sending very quickly. Wait a few minutes.");
      else if (!response.ok) this.complain("It was not sent. Try again.");
      else {
        this.clear();
        this.sent(fragment(html));
      }
    } catch {
      // The form keeps its key: sent again it is still one message.
      this.complain("You are not connected. Your message is still here: send it again.");
    } finally {
      delete form.dataset.sending;
      button.removeAttribute("aria-busy");
      this.words.focus({ preventScroll: true });
    }
    return undefined;
  }

  clear() {
    this.errors.replaceChildren();
    this.form.reset();
    this.words.value = "";
    this.form.querySelector('[name="key"]').value = newKey();
    this.saidTyping = 0;
  }

  get errors() {
    return this.form.querySelector("[data-composer-errors]");
  }

  complain(sentence) {
    const box = document.createElement("div");
    box.className = "field-error";
    box.setAttribute("role", "alert");
    box.textContent = sentence;
    this.errors.replaceChildren(box);
  }
}

// crypto.randomUUID is there on safe origins only.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
