// A socket that comes back by itself. The page gives the sockets' origin in <meta name="socket-origin">, empty where it
// is the page's own.
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 60000;

function address(path) {
  const origin = document.querySelector('meta[name="socket-origin"]')?.content;
  if (!origin) return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
  // Cookies belong to a host name: the socket has to use the one that the page was opened with.
  const url = new URL(path, origin);
  if (["localhost", "127.0.0.1"].includes(url.hostname)) url.hostname = location.hostname;
  return url.href;
}

export class LiveSocket {
  // `path` gives the address anew for each connection; `isOver` says whether trying again after this close code is of
  // no use. `opened`, `heard` (with what the server said) and `closed` (with the code) are called as it happens.
  constructor({ path, heard, opened = () => {}, closed = () => {}, isOver = () => false }) {
    Object.assign(this, { path, heard, opened, closed, isOver });
    this.delay = FIRST_DELAY;
    // A page in the background needs no connection for long, but a fresh one when it is looked at again.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || this.socket.readyState <= WebSocket.OPEN) return;
      clearTimeout(this.timer);
      this.delay = FIRST_DELAY;
      this.connect();
    });
    this.connect();
  }

  connect() {
    const socket = new WebSocket(address(this.path()));
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.delay = FIRST_DELAY;
      this.opened();
    });
    socket.addEventListener("message", (event) => this.heard(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => {
      this.closed(event.code);
      if (this.isOver(event.code) || document.hidden) return;
      // Spread out, so that a restarted server is not met by everybody in the same second.
      this.timer = setTimeout(() => this.connect(), this.delay * (0.5 + Math.random()));
      this.delay = Math.min(this.delay * 2, LONGEST_DELAY);
    });
  }

  say(what) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(what));
  }
}
