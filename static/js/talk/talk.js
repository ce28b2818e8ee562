// The posts of a community, live. What happens is numbered without gaps: the page knows the last number that it shows,
// and asks for what comes after it whenever it connects; whatever it has heard already it leaves alone.
import { LiveSocket } from "../live/socket.js";
import { Comments } from "./comments.js";
import { FRESH, fragment, token, wake, withTokens } from "./fragment.js";
import { articleOf, ownArticle, replace, showComments, showCounts } from "./post.js";

const SIGN_IN_FIRST = 4401;
const NOT_FOR_YOU = 4404;
const TYPING_EVERY = 2500;
const TYPING_SHOWN = 5000;
// Without a socket it asks now and then.
const ASK_EVERY = 20000;
// More would make the page slow; older ones are on the next page.
const MOST_POSTS = 100;

export class Talk {
  constructor(root) {
    this.root = root;
    this.community = root.dataset.talk;
    this.viewer = root.dataset.viewer;
    this.last = Number(root.dataset.lastEvent);
    // The post whose own page this is.
    this.alone = root.dataset.talkAlone ? Number(root.dataset.talkAlone) : null;
    const comments = document.getElementById("comments");
    this.comments = this.alone && comments ? new Comments(comments) : null;
    this.typers = new Map();
    this.saidTyping = 0;
    this.queue = Promise.resolve();
    this.socket = new LiveSocket({
      path: () => `/ws/community/${this.community}/?after=${this.last}`,
      opened: () => this.setConnected(true),
      closed: (code) => (code === NOT_FOR_YOU ? location.reload() : this.setConnected(false)),
      heard: (frame) => this.hear(frame),
      isOver: (code) => [SIGN_IN_FIRST, NOT_FOR_YOU].includes(code),
    });
    document.addEventListener("live", (event) => {
      const said = event.detail;
      if (said.type === "post.own" && String(said.community) === this.community) this.renew(said.post);
    });
    document.addEventListener("visibilitychange", () => this.markRead());
    root.addEventListener("input", (event) => {
      if (event.target.matches("textarea[name=body]")) this.sayTyping();
    });
  }

  part(name) {
    return this.root.querySelector(`[data-talk-${name}]`);
  }

  // Being connected

  setConnected(isConnected) {
    this.part("offline").hidden = isConnected;
    clearInterval(this.asking);
    if (!isConnected) {
      this.part("here").hidden = true;
      this.asking = setInterval(() => !document.hidden && this.ask(), ASK_EVERY);
    }
  }

  hear(frame) {
    if (frame.type !== "updates") return;
    if (frame.here !== undefined) this.showHere(frame.here);
    if (frame.typing) this.showTyping(frame.typing);
    if (frame.standing) this.part("changed").hidden = false;
    this.take(frame);
  }

  // In their order, one frame after the other, though some wait for an answer of the server.
  take(frame) {
    this.queue = this.queue.then(() => this.apply(frame)).catch((error) => console.warn(error));
    return this.queue;
  }

  async apply(frame) {
    if (frame.upto <= this.last) return;
    if (frame.after > this.last) {
      this.ask();
      return;
    }
    if (frame.is_too_much) {
      await this.reload();
    } else {
      for (const update of frame.updates) if (update.number > this.last) await this.show(update);
    }
    this.last = Math.max(this.last, frame.upto);
    this.markRead();
  }

  // What was missed, by plain HTTP.
  async ask() {
    try {
      const response = await fetch(`${this.root.dataset.updates}?after=${this.last}`, FRESH);
      if (response.ok && !response.redirected) this.take(await response.json());
    } catch {
      // Not connected at all: asked again later.
    }
  }

  // What happened

  async show(update) {
    if (update.kind === "members") return this.showMembers(update.members);
    if (update.kind === "community") return void (this.part("changed").hidden = false);
    if (update.kind === "post_gone") return this.remove(update.post);
    const article = this.articleOf(update.post);
    if (article) showComments(article, update.comments);
    if (update.kind === "reacted") return article && showCounts(article, update.counts);
    if (update.html === undefined) {
      if (update.post === this.alone) this.comments?.refresh();
      return undefined;
    }
    return this.showPost(update, article);
  }

  async showPost(update, known) {
    if (!known && !this.takesNew(update)) return;
    const isOwn = update.author === this.viewer;
    const article = isOwn
      ? await ownArticle(this.community, update.post, this.alone !== null)
      : this.alone
        ? await ownArticle(this.community, update.post, true)
        : articleOf(update.html);
    if (!article) return;
    // Meanwhile another word may have brought it.
    const old = this.articleOf(update.post);
    if (old && this.isFront && old.hasAttribute("data-pinned") !== article.hasAttribute("data-pinned")) {
      await this.reload();
    } else if (old) {
      replace(old, article, isOwn || this.alone !== null);
    } else {
      this.add(article, isOwn);
    }
  }

  get isFront() {
    return this.part("list")?.hasAttribute("data-front") ?? false;
  }

  takesNew(update) {
    return update.kind === "posted" && this.isFront;
  }

  add(article, isOwn) {
    this.part("empty")?.remove();
    article.classList.add("has-come");
    if (!isOwn && this.root.dataset.read) article.classList.add("is-new");
    const list = this.part("posts");
    // By its time: one that is put back stands where it stood.
    const at = Date.parse(article.dataset.at);
    const place = [...list.children].find((row) => Date.parse(row.dataset.at) < at);
    if (!place && list.children.length >= 20) return;
    list.insertBefore(article, place ?? null);
    wake(article);
    while (list.children.length > MOST_POSTS) list.lastElementChild.remove();
  }

  articleOf(post) {
    return this.root.querySelector(`[data-post="${post}"]`);
  }

  remove(post) {
    this.articleOf(post)?.remove();
    if (post === this.alone) this.part("gone").hidden = false;
  }

  async renew(post) {
    const old = this.articleOf(post);
    if (!old) return;
    const article = await ownArticle(this.community, post, this.alone !== null);
    if (article && this.articleOf(post)) replace(this.articleOf(post), article, true);
  }

  // The whole list anew: too much has happened to tell it one by one.
  async reload() {
    if (this.alone) return void location.reload();
    const response = await fetch(location.href, FRESH);
    if (!response.ok || response.redirected) return undefined;
    const fresh = fragment(await response.text());
    const list = withTokens(fresh.querySelector("[data-talk-list]"));
    this.part("list").replaceWith(list);
    wake(list);
    this.last = Math.max(this.last, Number(list.dataset.lastEvent));
    return undefined;
  }

  // Who is there

  showMembers(count) {
    const line = document.querySelector("[data-talk-members]");
    if (line) line.textContent = `${count.toLocaleString("en")} member${count === 1 ? "" : "s"}`;
  }

  showHere(count) {
    this.part("here").hidden = count < 2;
    this.part("here-text").textContent = `${count.toLocaleString("en")} here now`;
  }

  showTyping(people) {
    for (const { name, post } of people) {
      if ((post ?? null) !== this.alone) continue;
      clearTimeout(this.typers.get(name));
      this.typers.set(
        name,
        setTimeout(() => {
          this.typers.delete(name);
          this.writeTyping();
        }, TYPING_SHOWN),
      );
    }
    this.writeTyping();
  }

  writeTyping() {
    const names = [...this.typers.keys()];
    const who = names.length > 2 ? `${names.length} people` : names.join(" and ");
    const what = this.alone ? "a comment" : "a post";
    this.part("typing").textContent = who ? `${who} ${names.length > 1 ? "are" : "is"} writing ${what}` : "";
  }

  sayTyping() {
    if (Date.now() - this.saidTyping < TYPING_EVERY) return;
    this.saidTyping = Date.now();
    this.socket.say({ type: "typing", post: this.alone });
  }

  // Only what somebody can have looked at is read.
  async markRead() {
    const address = this.root.dataset.read;
    if (!address || document.hidden || !this.isFront) return;
    const moments = [...this.root.querySelectorAll("[data-talk-posts] > [data-at]")].map((row) => row.dataset.at);
    const until = moments.sort((one, other) => Date.parse(one) - Date.parse(other)).at(-1);
    if (!until || until === this.readUntil) return;
    const isFirst = this.readUntil === undefined;
    this.readUntil = until;
    // The page itself has marked what it was made with.
    if (isFirst && !this.root.querySelector(".has-come")) return;
    try {
      const body = new URLSearchParams({ until, csrfmiddlewaretoken: token() });
      await fetch(address, { method: "POST", credentials: "same-origin", body });
    } catch {
      this.readUntil = null;
    }
  }
}
