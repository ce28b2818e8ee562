// What htmx asked for in the page's place and did not get: said in the corner, as a page of its own would have said it.
const WORDS = {
  403: "You may not do this any more. Load the page anew, and sign in where it asks you to.",
  404: "This is not here any more. Load the page anew.",
  429: "You are doing this very quickly. Wait a little, then try again.",
};
const OTHERWISE = "The site could not do this. Try again in a moment.";
const NO_ANSWER = "There is no connection to the site. Try again when you are online.";

function say(event, message) {
  // Pages that look by themselves how far something is look again by themselves.
  if (!event.detail.requestConfig?.triggeringEvent) return;
  const isSaid = [...document.querySelectorAll(".toast-item p")].some((item) => item.textContent === message);
  if (!isSaid) document.dispatchEvent(new CustomEvent("toast", { detail: { message, level: "error" } }));
}

document.addEventListener("htmx:responseError", (event) => say(event, WORDS[event.detail.xhr.status] ?? OTHERWISE));
document.addEventListener("htmx:sendError", (event) => say(event, NO_ANSWER));
