// The page on which a creator edits a model.
import "./workshop/poster.js";
import "./workshop/schedule.js";
