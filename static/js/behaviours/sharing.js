// [data-share="address"] (with data-share-title): hands the page to the device's own sharing; hidden where there is none.
// [data-print]: opens the print dialogue.
function reveal(root) {
  if (!navigator.share) return;
  for (const button of root.querySelectorAll("[data-share][hidden]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const button = event.target.closest("[data-share]");
  if (!button) return;
  try {
    await navigator.share({ title: button.dataset.shareTitle, url: button.dataset.share });
  } catch (error) {
    // Whoever closes the dialogue has decided; anything else is worth a line.
    if (error.name !== "AbortError") console.warn(error);
  }
});

reveal(document);
document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));
