// A ticket, live, on the page of whoever asked and on the desk's. Messages are numbered without gaps: the page knows the
// last one that it shows, and its socket goes on from there whenever it connects.
import { LiveSocket } from "../live/socket.js";
import { FRESH, fragment, token, wake } from "../talk/fragment.js";
import { Composer } from "./composer.js";
import { lastNumber, mergeRows, showSeen } from "./rows.js";

const SIGN_IN_FIRST = 4401;
const NOT_FOR_YOU = 4404;
const TYPING_SHOWN = 5000;

export class Ticket {
  constructor(element) {
    this.element = element;
    this.list = element.querySelector("[data-chat-list]");
    this.offline = element.querySelector("[data-chat-offline]");
    this.presence = element.querySelector("[data-ticket-presence]");
    this.typing = element.querySelector("[data-chat-typing]");
    this.isNewest = "newest" in element.dataset;
    this.read = Number(element.dataset.read);
    this.state = null;
    const composer = element.querySelector("[data-composer]");
    if (composer) {
      this.composer = new Composer(composer, {
        last: () => this.last,
        isLive: () => this.isNewest,
        typed: () => this.socket.say({ type: "typing" }),
        sent: (rows) => this.sent(rows),
      });
    }
    this.socket = new LiveSocket({
      path: () => `/ws/support/${element.dataset.ticket}/?after=${this.last}`,
      opened: () => this.connected(),
      closed: (code) => (code === NOT_FOR_YOU ? location.reload() : (this.offline.hidden = false)),
      heard: (frame) => this.hear(frame),
      isOver: (code) => [SIGN_IN_FIRST, NOT_FOR_YOU].includes(code),
    });
    document.addEventListener("visibilitychange", () => this.markRead());
    this.markRead();
  }

  get last() {
    return lastNumber(this.list);
  }

  get address() {
    return this.element.dataset.address;
  }

  connected() {
    this.offline.hidden = true;
    // What changed meanwhile is told by the first frame.
    this.state = this.state && "";
  }

  hear(frame) {
    if (frame.type === "typing") this.showTyping(frame.name);
    else if (frame.type === "presence") this.showPresence(frame.sentence);
    else if (frame.type === "updates") this.take(frame);
  }

  take(frame) {
    if (this.isNewest) {
      if (frame.is_too_much || frame.after > this.last) return location.reload();
      if (frame.rows.length) this.hideTyping();
      const isAtEnd = this.isAtEnd;
      for (const row of frame.rows) mergeRows(this.list, fragment(row.html));
      if (isAtEnd && frame.rows.length) this.scrollToEnd();
      showSeen(this.list, frame.seen);
      this.markRead();
    }
    // The first frame tells what the page shows already.
    if (this.state !== null && this.state !== frame.state) this.renewState();
    this.state = frame.state;
    return undefined;
  }

  async renewState() {
    try {
      const response = await fetch(`${this.address}?part=state`, FRESH);
      if (!response.ok || response.redirected) return;
      const fresh = fragment(await response.text()).querySelector("[data-ticket-state]");
      const old = document.querySelector("[data-ticket-state]");
      // What somebody fills in there just now is not taken from them.
      if (!fresh || !old || old.contains(document.activeElement)) return;
      old.replaceWith(fresh);
      wake(fresh);
    } catch {
      // Without a connection it stays as it is; the next frame tells again.
      this.state = "";
    }
  }

  showPresence(sentence) {
    this.presence.textContent = sentence;
    this.presence.hidden = !sentence;
  }

  showTyping(name) {
    this.typing.textContent = `${name} is typing…`;
    this.typing.hidden = false;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.hideTyping(), TYPING_SHOWN);
  }

  hideTyping() {
    this.typing.hidden = true;
  }

  get scroll() {
    return this.element.querySelector(".chat-scroll");
  }

  // It is turned round: its end is at nought.
  get isAtEnd() {
    return Math.abs(this.scroll.scrollTop) < 80;
  }

  scrollToEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  // Only what somebody can have looked at is read.
  async markRead() {
    const number = this.last;
    const address = this.element.dataset.readUrl;
    if (!address || document.hidden || !this.isNewest || number <= this.read) return;
    this.read = number;
    const body = new URLSearchParams({ number, csrfmiddlewaretoken: token() });
    try {
      await fetch(address, { method: "POST", credentials: "same-origin", body });
    } catch {
      this.read = 0;
    }
  }

  sent(rows) {
    mergeRows(this.list, rows);
    this.scrollToEnd();
    this.markRead();
  }
}
