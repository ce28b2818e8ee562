// The moderators' page of one model: the 3D view, and nothing else of the site's behaviours. Its styles are built beside
// it, since the console does not load the site's.
import "../css/review.css";
import "./behaviours/model-viewer.js";
