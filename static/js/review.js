// The moderators' page of one model: the 3D view, and nothing else of the site's behaviours.
import "./behaviours/model-viewer.js";
