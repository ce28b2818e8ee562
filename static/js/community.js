// A community that is looked at: what others do appears by itself.
import { Talk } from "./talk/talk.js";

const root = document.querySelector("[data-talk][data-updates]");
if (root) new Talk(root);
