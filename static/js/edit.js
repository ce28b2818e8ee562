// The page on which a creator edits a model.
import "./workshop/schedule.js";
