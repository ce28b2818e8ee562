// A short message in the corner, shown by the script of every page (behaviours/toasts.js), which is there already.
export function toast(message, level = "info") {
  document.dispatchEvent(new CustomEvent("toast", { detail: { message, level } }));
}
