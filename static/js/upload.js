// The upload page, and the uploader of the page of one model. Without this script its form is sent as it is.
import { Uploader } from "./uploader/uploader.js";

const form = document.querySelector("form[data-uploader]");
const uploader = form && new Uploader(form, JSON.parse(document.getElementById("uploader-config").textContent));

window.addEventListener("beforeunload", (event) => {
  if (uploader?.isBusy) event.preventDefault();
});

// "Replace" leads to the uploader, and opens its chooser.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-uploader-choose]") || !uploader || uploader.isBusy) return;
  uploader.input.click();
});
