// Live notifications of the signed-in person: keeps the counts right and shows a toast for what is new.
// [data-unread-count] shows a number, and is empty at nought; [data-unread-label] speaks it.
// Other scripts hear all else that the server says as "live" on the document, know by "live:open" and "live:close"
// whether it can, and say something by "live:say".
import { LiveSocket } from "./live/socket.js";

// The server closes with this code where nobody is signed in: trying again would not help.
const SIGN_IN_FIRST = 4401;

function showMessages(count) {
  for (const badge of document.querySelectorAll("[data-unread-messages]")) {
    badge.textContent = count > 99 ? "99+" : count || "";
  }
  for (const label of document.querySelectorAll("[data-unread-messages-label]")) {
    label.setAttribute("aria-label", count ? `Messages, ${count} unread` : "Messages");
  }
}

function showUnread(count) {
  for (const badge of document.querySelectorAll("[data-unread-count]")) {
    badge.textContent = count > 99 ? "99+" : count || "";
  }
  for (const label of document.querySelectorAll("[data-unread-label]")) {
    label.setAttribute("aria-label", count ? `Notifications, ${count} unread` : "Notifications");
  }
}

// Rows that are as they were stay where they are, with the focus that may be on one of them.
function merge(list, fresh) {
  const known = new Map([...list.children].map((row) => [row.dataset.notification, row]));
  const kept = new Set([...fresh.children].map((row) => row.dataset.notification));
  for (const [number, row] of known) if (!kept.has(number)) row.remove();
  let place = list.firstElementChild;
  for (const row of [...fresh.children]) {
    const old = known.get(row.dataset.notification);
    if (old && old.dataset.version === row.dataset.version && old === place) {
      place = old.nextElementSibling;
    } else {
      if (old === place) place = old?.nextElementSibling ?? null;
      old?.remove();
      list.insertBefore(row, place);
    }
  }
}

// The page of notifications shows what is new, read or deleted elsewhere, and after a lost connection what it missed.
let isRefreshing = false;
let isRefreshDue = false;

async function refreshList() {
  const region = document.querySelector("[data-live-notifications]");
  if (!region) return;
  isRefreshDue = true;
  if (isRefreshing) return;
  isRefreshing = true;
  try {
    while (isRefreshDue) {
      isRefreshDue = false;
      const response = await fetch(location.href, { credentials: "same-origin", headers: { "HX-Request": "true" } });
      if (!response.ok) return;
      const fresh = document.createElement("template");
      fresh.innerHTML = await response.text();
      const list = region.querySelector("[data-notification-list]");
      const freshList = fresh.content.querySelector("[data-notification-list]");
      if (list && freshList) {
        merge(list, freshList);
        freshList.replaceWith(list);
      }
      const focused = document.activeElement;
      region.replaceChildren(fresh.content);
      // Taking an element out of the page for a moment takes the focus from it.
      if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
    }
  } finally {
    isRefreshing = false;
  }
}

function receive(data) {
  if (!["unread", "notification"].includes(data.type)) {
    if (data.type === "messages") showMessages(data.unread);
    document.dispatchEvent(new CustomEvent("live", { detail: data }));
    return;
  }
  showUnread(data.unread);
  // Also for the first word after connecting: something may have happened since the page was made.
  refreshList();
  // The list itself shows what is new, and so do messages.
  if (data.type !== "notification" || document.querySelector("[data-live-notifications]")) return;
  if (data.kind === "message" && document.querySelector("[data-chat], [data-inbox]")) return;
  if (data.kind === "support" && document.querySelector("[data-ticket]")) return;
  const message = data.message ? `${data.title}: ${data.message}` : data.title;
  document.dispatchEvent(new CustomEvent("toast", { detail: { message, level: "info", link: data.link } }));
}

const socket = new LiveSocket({
  path: () => "/ws/notifications/",
  heard: receive,
  opened() {
    // Also after the first time: something may have happened since the page was made.
    socket.say({ type: "messages.count" });
    document.dispatchEvent(new CustomEvent("live:open"));
  },
  closed: () => document.dispatchEvent(new CustomEvent("live:close")),
  isOver: (code) => code === SIGN_IN_FIRST,
});

document.addEventListener("live:say", (event) => socket.say(event.detail));
