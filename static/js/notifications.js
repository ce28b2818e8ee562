// Live notifications of the signed-in person: keeps the counts right and shows a toast for what is new.
// The page gives the socket's origin in <meta name="socket-origin">, empty where it is the page's own.
// [data-unread-count] shows a number, and is empty at nought; [data-unread-label] speaks it.
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 60000;
// The server closes with this code where nobody is signed in: trying again would not help.
const SIGN_IN_FIRST = 4401;

let delay = FIRST_DELAY;
let timer;
let socket;
let isReconnected = false;

function address() {
  const origin = document.querySelector('meta[name="socket-origin"]')?.content;
  if (!origin) return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/notifications/`;
  // Cookies belong to a host name: the socket has to use the one that the page was opened with.
  const url = new URL("/ws/notifications/", origin);
  if (["localhost", "127.0.0.1"].includes(url.hostname)) url.hostname = location.hostname;
  return url.href;
}

function showUnread(count) {
  for (const badge of document.querySelectorAll("[data-unread-count]")) {
    badge.textContent = count > 99 ? "99+" : count || "";
  }
  for (const label of document.querySelectorAll("[data-unread-label]")) {
    label.setAttribute("aria-label", count ? `Notifications, ${count} unread` : "Notifications");
  }
}

// The page of notifications gets what is new, and after a lost connection what it missed, at the top of its list.
async function refreshList() {
  const list = document.querySelector("[data-live-notifications]");
  if (!list) return;
  const known = [...list.querySelectorAll("[data-notification]")];
  const newest = Math.max(0, ...known.map((row) => Number(row.dataset.notification)));
  const response = await fetch(`${list.dataset.liveNotifications}?after=${newest}`, { credentials: "same-origin" });
  if (!response.ok) return;
  const part = document.createElement("template");
  part.innerHTML = await response.text();
  for (const row of part.content.querySelectorAll("[data-notification]")) {
    list.querySelector(`[data-notification="${row.dataset.notification}"]`)?.remove();
  }
  list.prepend(part.content);
}

function receive(event) {
  const data = JSON.parse(event.data);
  showUnread(data.unread);
  if (data.type === "unread" && isReconnected) refreshList();
  isReconnected = false;
  if (data.type !== "notification") return;
  refreshList();
  const message = data.message ? `${data.title}: ${data.message}` : data.title;
  document.dispatchEvent(new CustomEvent("toast", { detail: { message, level: "info", link: data.link } }));
}

function connect() {
  socket = new WebSocket(address());
  socket.addEventListener("open", () => (delay = FIRST_DELAY));
  socket.addEventListener("message", receive);
  socket.addEventListener("close", (event) => {
    isReconnected = true;
    if (event.code === SIGN_IN_FIRST || document.hidden) return;
    // Spread out, so that a restarted server is not met by everybody in the same second.
    timer = setTimeout(connect, delay * (0.5 + Math.random()));
    delay = Math.min(delay * 2, LONGEST_DELAY);
  });
}

// A page in the background needs no connection of its own for long, but a fresh one when it is looked at again.
document.addEventListener("visibilitychange", () => {
  if (document.hidden || socket.readyState === WebSocket.OPEN || socket.readyState === WebSocket.CONNECTING) return;
  clearTimeout(timer);
  delay = FIRST_DELAY;
  connect();
});

connect();
