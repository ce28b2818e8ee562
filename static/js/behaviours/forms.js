// A form is sent once, and the first wrong field gets the focus.
const firstError = (scope) =>
  scope.querySelector("[data-error-summary]") || scope.querySelector('[aria-invalid="true"]:not([type="hidden"])');

function focusFirstError(scope) {
  firstError(scope)?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get" || form.hasAttribute("data-allow-resubmit")) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  // htmx answers in place and clears the mark itself.
  if (form.hasAttribute("hx-post")) return;
  form.dataset.sending = "true";
  event.submitter?.setAttribute("aria-busy", "true");
});

// Coming back with the back button restores the page as it was left: with the form marked as sent.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
  for (const button of document.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
});

// [data-autosubmit] sends its form on change; its submit button is only for browsers without scripts.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-autosubmit]")) event.target.form?.requestSubmit();
});

document.addEventListener("htmx:afterSettle", (event) => focusFirstError(event.target));
focusFirstError(document);
