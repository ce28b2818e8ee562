// The desk in the console: a ticket with its chat, and lists that say when they are others. The console does not load the
// site's styles and scripts.
import "../css/support-desk.css";
import { Ticket } from "./chat/ticket.js";
import { LiveSocket } from "./live/socket.js";

const SIGN_IN_FIRST = 4401;
const NOT_FOR_YOU = 4404;

const element = document.querySelector("[data-ticket]");
const desk = document.querySelector("[data-desk]");

if (element) {
  const ticket = new Ticket(element);
  // What a canned answer says is put where one writes, and sent when the agent says so.
  document.addEventListener("change", (event) => {
    const answers = event.target.closest("[data-canned]");
    if (!answers?.value) return;
    const words = ticket.composer.words;
    const text = answers.selectedOptions[0].dataset.text;
    words.value = words.value.trim() ? `${words.value.trimEnd()}\n\n${text}` : text;
    answers.value = "";
    words.focus();
  });
}

// Being connected also says that somebody is at the desk.
if (desk) {
  new LiveSocket({
    path: () => "/ws/support/desk/",
    heard(frame) {
      const isNews = frame.type === "moved" || (element && String(frame.ticket) === element.dataset.pk);
      if (isNews && !(element && frame.type === "moved")) desk.querySelector("[data-desk-changed]").hidden = false;
    },
    isOver: (code) => [SIGN_IN_FIRST, NOT_FOR_YOU].includes(code),
  });
}
