// Direct messages, live: the list of conversations, and one conversation with its composer.
// Rows come from the server as HTML; numbers have no gaps, so whoever misses one knows it and asks for the rest.
// As many as the server gives at once.
const PAGE_SIZE = 40;
const TYPING_EVERY = 2500;
const TYPING_SHOWN = 5000;
const FRESH = { credentials: "same-origin", headers: { "HX-Request": "true" } };

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

// The list of conversations

const inbox = document.querySelector("[data-inbox]");
let isRefreshing = false;
let isRefreshDue = false;

async function refreshInbox() {
  isRefreshDue = true;
  if (isRefreshing) return;
  isRefreshing = true;
  try {
    while (isRefreshDue) {
      isRefreshDue = false;
      const response = await fetch(location.href, FRESH);
      if (!response.ok) return;
      const focused = inbox.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      inbox.replaceChildren(fragment(await response.text()));
      if (focused) inbox.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  } catch {
    // Without a connection the list stays as it is; it is asked for again when there is one.
  } finally {
    isRefreshing = false;
  }
}

if (inbox) {
  document.addEventListener("live", (event) => {
    if (["message", "message.changed", "messages"].includes(event.detail.type)) refreshInbox();
  });
  document.addEventListener("live:open", refreshInbox);
}

// One conversation

class Chat {
  constructor(element) {
    this.element = element;
    this.id = element.dataset.chat;
    this.list = element.querySelector("[data-chat-list]");
    this.composer = element.querySelector("[data-composer]");
    this.typingLine = element.querySelector("[data-chat-typing]");
    this.offline = element.querySelector("[data-chat-offline]");
    this.isNewest = "newest" in element.dataset;
    this.read = Number(element.dataset.read);
    this.saidTyping = 0;
    document.addEventListener("live", (event) => this.hear(event.detail));
    document.addEventListener("live:open", () => this.reconnect());
    document.addEventListener("live:close", () => (this.offline.hidden = false));
    document.addEventListener("visibilitychange", () => this.markRead());
    if (this.composer) this.compose();
    this.markRead();
  }

  get last() {
    const rows = this.list.querySelectorAll("[data-number]");
    return rows.length ? Number(rows[rows.length - 1].dataset.number) : 0;
  }

  hear(said) {
    if (said.conversation !== this.id) return;
    if (said.type === "message.typing") return this.showTyping();
    if (said.type === "message.read") return this.showRead(said.number);
    if (said.type === "message.changed") return this.change(said);
    if (said.type !== "message" || !this.isNewest) return undefined;
    this.hideTyping();
    if (said.html && said.number === this.last + 1) this.merge(fragment(said.html));
    else if (said.number > this.last) this.fetchNew();
    return undefined;
  }

  change(said) {
    if (!this.list.querySelector(`[data-number="${said.number}"]`)) return;
    if (said.html) this.merge(fragment(said.html));
    else this.sync();
  }

  async reconnect() {
    this.offline.hidden = true;
    if (this.isNewest) await this.fetchNew();
    await this.sync();
  }

  // What this page shows, as it is now: also what was edited, deleted or read meanwhile.
  async sync() {
    await this.get(location.href.split("#")[0]);
  }

  // In their order and without a gap, a page of them at a time.
  async fetchNew() {
    let known;
    do {
      known = this.last;
      const url = new URL(location.href);
      url.search = `?after=${known}`;
      url.hash = "";
      await this.get(url);
    } while (this.last - known >= PAGE_SIZE);
  }

  async get(url) {
    try {
      const response = await fetch(url, FRESH);
      // Signed out elsewhere: the answer is the page for signing in.
      if (!response.ok || response.redirected) return;
      this.merge(fragment(await response.text()));
    } catch {
      this.offline.hidden = false;
    }
  }

  // Each row is put at its number once; one that is there already is replaced where it has changed.
  merge(content) {
    for (const row of [...content.querySelectorAll("[data-number]")]) {
      const number = Number(row.dataset.number);
      const known = this.list.querySelector(`[data-number="${number}"]`);
      if (known) {
        const isSeen = known.querySelector(".seen-mark.is-seen") !== null;
        if (known.dataset.version !== row.dataset.version) known.replaceWith(row);
        else if (row.querySelector(".seen-mark.is-seen")) known.querySelector(".seen-mark").classList.add("is-seen");
        if (isSeen) this.list.querySelector(`[data-number="${number}"] .seen-mark`)?.classList.add("is-seen");
        continue;
      }
      if (number < this.last) continue;
      const day = row.previousElementSibling;
      if (day?.dataset.day && !this.list.querySelector(`[data-day="${day.dataset.day}"]`)) this.list.append(day);
      this.list.append(row);
    }
    this.markRead();
  }

  showRead(number) {
    for (const row of this.list.querySelectorAll(".is-own[data-number]")) {
      if (Number(row.dataset.number) <= number) row.querySelector(".seen-mark")?.classList.add("is-seen");
    }
  }

  showTyping() {
    this.typingLine.hidden = false;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.hideTyping(), TYPING_SHOWN);
  }

  hideTyping() {
    this.typingLine.hidden = true;
  }

  get token() {
    return document.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  // Only what somebody can have looked at is read.
  async markRead() {
    const number = this.last;
    if (document.hidden || !this.isNewest || number <= this.read) return;
    this.read = number;
    const body = new URLSearchParams({ number, csrfmiddlewaretoken: this.token });
    try {
      await fetch(this.element.dataset.readUrl, { method: "POST", credentials: "same-origin", body });
    } catch {
      this.read = 0;
    }
  }

  compose() {
    const words = this.composer.querySelector("textarea");
    const files = this.composer.querySelector("input[type=file]");
    const label = this.composer.querySelector("[data-files-label]");
    const labelText = label.textContent;
    files.addEventListener("change", () => {
      label.textContent = files.files.length ? [...files.files].map((file) => file.name).join(", ") : labelText;
    });
    this.composer.addEventListener("reset", () => (label.textContent = labelText));
    words.addEventListener("input", () => this.sayTyping());
    words.addEventListener("keydown", (event) => {
      // On a touch screen Enter is the only way to a new line.
      const isTouch = matchMedia("(pointer: coarse)").matches;
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || isTouch) return;
      event.preventDefault();
      this.composer.requestSubmit();
    });
    this.composer.addEventListener("submit", (event) => {
      // What is sent from an old page is shown on the newest one.
      if (!this.isNewest) return;
      event.preventDefault();
      this.send(words);
    });
  }

  sayTyping() {
    if (Date.now() - this.saidTyping < TYPING_EVERY) return;
    this.saidTyping = Date.now();
    document.dispatchEvent(
      new CustomEvent("live:say", { detail: { type: "message.typing", conversation: this.id } }),
    );
  }

  async send(words) {
    const form = this.composer;
    if (form.dataset.sending) return;
    form.dataset.sending = "true";
    form.querySelector('[name="after"]').value = this.last;
    const button = form.querySelector("button[type=submit]");
    button.setAttribute("aria-busy", "true");
    const errors = form.querySelector("[data-composer-errors]");
    try {
      const response = await fetch(form.action, { ...FRESH, method: "POST", body: new FormData(form) });
      if (response.redirected) return location.reload();
      const html = await response.text();
      if (response.status === 422) errors.replaceChildren(fragment(html));
      else if (response.status === 413) this.complain(errors, "Together the files are too large. Send them one by one.");
      else if (response.status === 429) this.complain(errors, "You are sending very quickly. Wait a few minutes.");
      else if (!response.ok) this.complain(errors, "It was not sent. Try again.");
      else {
        this.merge(fragment(html));
        errors.replaceChildren();
        form.reset();
        words.value = "";
        form.querySelector("[data-composer-model]")?.remove();
        history.replaceState(null, "", location.pathname);
        form.querySelector('[name="key"]').value = newKey();
        this.saidTyping = 0;
        const scroll = this.element.querySelector(".chat-scroll");
        scroll.scrollTop = scroll.scrollHeight;
        // A stranger's first message waits alone: the page says so.
        if (this.list.querySelectorAll("[data-number]").length === 1) location.reload();
      }
    } catch {
      // The form keeps its key: sent again it is still one message.
      this.complain(errors, "You are not connected. Your message is still here: send it again.");
    } finally {
      delete form.dataset.sending;
      button.removeAttribute("aria-busy");
      words.focus({ preventScroll: true });
    }
    return undefined;
  }

  complain(errors, sentence) {
    const box = document.createElement("div");
    box.className = "field-error";
    box.setAttribute("role", "alert");
    box.textContent = sentence;
    errors.replaceChildren(box);
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

const chat = document.querySelector("[data-chat]");
if (chat) new Chat(chat);
