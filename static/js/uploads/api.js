// Requests about uploads: the token, refusals as TransportError, the limits of the signed-in person.

const TEXTS = {
  0: "The connection broke.",
  403: "You are not logged in any more. Log in, and the upload goes on.",
  413: "The file is larger than this site takes.",
  429: "You have started very many uploads. Wait a little, and they go on.",
  507: "The server has no room for this file at the moment. Please try again later.",
};
const OTHER_TEXT = "The server does not take the file at the moment.";
// What passes by itself: no answer, another connection still sending, a server that restarts, too much at once.
const PASSING = new Set([0, 408, 409, 423, 425, 429, 460, 500, 502, 503, 504]);

// Why an upload does not go on. `code` is the server's slug or "" ; `message` is a sentence for people.
// `isPassing`: trying again by itself makes sense. `canResume`: it can go on after the person has done something.
export class TransportError extends Error {
  constructor(status, { code = "", message = "", retryAfter = 0 } = {}) {
    super(message || TEXTS[status] || OTHER_TEXT);
    this.name = "TransportError";
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfter * 1000;
    this.isPassing = PASSING.has(status);
    this.canResume = this.isPassing || status === 403 || status === 507;
  }

  // From the text of an answer: JSON of ours, or a page of whatever stands in between.
  static of(status, body, retryAfter) {
    try {
      const { code, message } = JSON.parse(body);
      return new TransportError(status, { code, message, retryAfter: Number(retryAfter) || 0 });
    } catch {
      return new TransportError(status, { retryAfter: Number(retryAfter) || 0 });
    }
  }
}

export class Api {
  constructor(endpoint, csrfToken) {
    this.endpoint = endpoint;
    this.csrfToken = csrfToken;
  }

  // A request to our own server; resolves to the answer, or rejects with a TransportError.
  async send(method, url, { json, headers = {}, signal } = {}) {
    let answer;
    try {
      answer = await fetch(url, {
        method,
        headers: {
          "X-CSRFToken": this.csrfToken,
          ...(json === undefined ? {} : { "Content-Type": "application/json" }),
          ...headers,
        },
        body: json === undefined ? undefined : JSON.stringify(json),
        credentials: "same-origin",
        signal,
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new TransportError(0);
    }
    if (answer.ok) return answer;
    throw TransportError.of(answer.status, await answer.text(), answer.headers.get("Retry-After"));
  }

  async json(method, url, options) {
    const answer = await this.send(method, url, options);
    return answer.json();
  }

  // Limits, room and what is under way; also a fresh token, since logging in again makes the page's one stale.
  async state() {
    const state = await this.json("GET", this.endpoint);
    this.csrfToken = state.csrf_token;
    return state;
  }
}
