// Pages with a 3D view: its toolbar, the gallery around it, and a fresh address when the page has stood open for long.
import "./viewer/gallery.js";
import "./viewer/idle.js";
import "./viewer/refresh.js";
import "./viewer/toolbar.js";
