// Behaviours of every page; each works on what is in the page and on what htmx brings later.
import "./behaviours/dialogs.js";
import "./behaviours/failures.js";
import "./behaviours/filters.js";
import "./behaviours/forms.js";
import "./behaviours/menus.js";
import "./behaviours/copy.js";
import "./behaviours/order-list.js";
import "./behaviours/scrolling-rows.js";
import "./behaviours/search.js";
import "./behaviours/sharing.js";
import "./behaviours/shape-drop.js";
import "./behaviours/suggestions.js";
import "./behaviours/theme.js";
import "./behaviours/toasts.js";
import "./behaviours/turntable.js";
import "./behaviours/model-viewer.js";

// Styles hide what needs scripts until they are there.
document.documentElement.classList.add("has-scripts");
