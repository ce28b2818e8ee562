// Direct messages, live: the list of conversations, and one conversation with its composer.
// Rows come from the server as HTML; numbers have no gaps, so whoever misses one knows it and asks for the rest.
import { Composer } from "./chat/composer.js";
import { lastNumber, mergeRows, showSeen } from "./chat/rows.js";
import { FRESH, fragment, token } from "./talk/fragment.js";

// As many as the server gives at once.
const PAGE_SIZE = 40;
const TYPING_SHOWN = 5000;

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
    document.addEventListener("live", (event) => this.hear(event.detail));
    document.addEventListener("live:open", () => this.reconnect());
    document.addEventListener("live:close", () => (this.offline.hidden = false));
    document.addEventListener("visibilitychange", () => this.markRead());
    if (this.composer) this.compose();
    this.markRead();
  }

  get last() {
    return lastNumber(this.list);
  }

  hear(said) {
    if (said.conversation !== this.id) return;
    if (said.type === "message.typing") return this.showTyping();
    if (said.type === "message.read") return showSeen(this.list, said.number);
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

  merge(content) {
    mergeRows(this.list, content);
    this.markRead();
  }

  showTyping() {
    this.typingLine.hidden = false;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.hideTyping(), TYPING_SHOWN);
  }

  hideTyping() {
    this.typingLine.hidden = true;
  }

  // Only what somebody can have looked at is read.
  async markRead() {
    const number = this.last;
    if (document.hidden || !this.isNewest || number <= this.read) return;
    this.read = number;
    const body = new URLSearchParams({ number, csrfmiddlewaretoken: token() });
    try {
      await fetch(this.element.dataset.readUrl, { method: "POST", credentials: "same-origin", body });
    } catch {
      this.read = 0;
    }
  }

  compose() {
    const say = { type: "message.typing", conversation: this.id };
    new Composer(this.composer, {
      last: () => this.last,
      isLive: () => this.isNewest,
      typed: () => document.dispatchEvent(new CustomEvent("live:say", { detail: say })),
      sent: (rows) => this.sent(rows),
    });
  }

  sent(rows) {
    this.merge(rows);
    this.composer.querySelector("[data-composer-model]")?.remove();
    history.replaceState(null, "", location.pathname);
    const scroll = this.element.querySelector(".chat-scroll");
    scroll.scrollTop = scroll.scrollHeight;
    // A stranger's first message waits alone: the page says so.
    if (this.list.querySelectorAll("[data-number]").length === 1) location.reload();
  }
}

const chat = document.querySelector("[data-chat]");
if (chat) new Chat(chat);
