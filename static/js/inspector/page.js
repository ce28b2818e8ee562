// The inspector's page. The 3D code is fetched when the view starts: by itself, or by a click where the visitor saves
// data or the model is not for everyone.
import { augmentedReality } from "./augmented.js";
import { download, Life } from "./life.js";
import { offerSnippets } from "./share.js";
import { turnSprites } from "./sprite.js";

turnSprites(document);
offerSnippets();
const frame = document.querySelector("[data-inspector]");
if (frame) {
  const life = new Life(frame, async (element, options) => {
    const bytes = download(options.address, options);
    // Said when it is awaited; a rejection before that is no surprise.
    bytes.catch(() => {});
    const { openInspector } = await import("./session.js");
    return openInspector(element, bytes, options);
  });
  augmentedReality(frame, life);
  if ("autostart" in frame.dataset && !navigator.connection?.saveData) life.start();
}
