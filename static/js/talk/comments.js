// The comments below a post: asked for again as a whole, and merged without touching what somebody is writing.
import { wake } from "./fragment.js";

// Everybody who looks on hears of a comment in the same moment.
const SPREAD = 400;

export class Comments {
  constructor(element) {
    this.element = element;
    this.isBusy = false;
    this.isDue = false;
  }

  async refresh() {
    this.isDue = true;
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      while (this.isDue) {
        await new Promise((resolve) => setTimeout(resolve, SPREAD * (0.25 + Math.random())));
        this.isDue = false;
        await this.fetch();
      }
    } catch {
      // Without a connection they stay as they are; the next word of them asks again.
    } finally {
      this.isBusy = false;
    }
  }

  async fetch() {
    const response = await fetch(location.href, { credentials: "same-origin" });
    if (!response.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("comments");
    if (!fresh) return;
    const heading = this.element.querySelector("h2");
    heading.replaceChildren(...fresh.querySelector("h2").childNodes);
    const list = this.element.querySelector(".threads");
    const freshList = fresh.querySelector(".threads");
    if (list && freshList) merge(list, freshList);
    else if (freshList) {
      this.element.querySelector(".conversation-empty")?.remove();
      this.element.querySelector(".conversation").append(freshList);
      wake(freshList);
    }
  }
}

const articleIn = (row) => row.querySelector(":scope > article");

function isInUse(element) {
  const hasWords = [...element.querySelectorAll("textarea")].some((words) => words.value !== words.defaultValue);
  return hasWords || element.contains(document.activeElement) || element.querySelector("details[open]") !== null;
}

function merge(list, fresh) {
  const known = new Map([...list.children].map((row) => [articleIn(row)?.id, row]));
  let place = list.firstElementChild;
  for (const row of [...fresh.children]) {
    const old = known.get(articleIn(row)?.id);
    known.delete(articleIn(row)?.id);
    if (!old) {
      list.insertBefore(row, place);
      wake(row);
      continue;
    }
    if (old !== place) list.insertBefore(old, place);
    else place = old.nextElementSibling;
    mergeRow(old, row);
  }
  // What is not on this page any more, but for what somebody is answering.
  for (const row of known.values()) if (!isInUse(row)) row.remove();
}

function mergeRow(old, row) {
  const [oldArticle, article] = [articleIn(old), articleIn(row)];
  const [answers, freshAnswers] = [old.querySelector(":scope > .answers"), row.querySelector(":scope > .answers")];
  const [more, freshMore] = [old.querySelector(":scope > .more-answers"), row.querySelector(":scope > .more-answers")];
  if (!isInUse(oldArticle)) {
    if (oldArticle.outerHTML !== article.outerHTML) {
      oldArticle.replaceWith(article);
      wake(article);
    }
  } else {
    for (const part of [".comment-head", ".comment-body"]) {
      const changed = article.querySelector(part);
      if (changed) oldArticle.querySelector(part)?.replaceWith(changed);
    }
  }
  if (answers && freshAnswers) merge(answers, freshAnswers);
  else if (freshAnswers) {
    articleIn(old).after(freshAnswers);
    wake(freshAnswers);
  }
  if (more && !freshMore) more.remove();
  else if (!more && freshMore) old.append(freshMore);
}
