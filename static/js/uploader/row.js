// One chosen file in the list: what it is for, how far it is, and what can be done about it.
import { icon, shape } from "../icons/shape.js";
import { State } from "../uploads/transport.js";
import { bytes } from "./figures.js";

const ICONS = [icon("box"), icon("package"), icon("palette"), icon("image"), icon("file-text"), icon("image"), icon("circle-alert")];

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function button(name, label) {
  const made = element("button", "btn btn-sm btn-icon btn-ghost");
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.append(shape(name));
  return made;
}

export class Row {
  // `on`: {remove(), toggle()}.
  constructor(item, on) {
    this.item = item;
    this.element = element("li", "uploader-file");
    this.sign = element("span", "uploader-file-sign");
    this.name = element("b", "", item.path);
    this.note = element("p", "uploader-file-note tabular");
    this.problem = element("p", "uploader-file-problem");
    this.bar = element("progress", "progress");
    this.bar.max = Math.max(item.file.size, 1);
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", item.path);
    const title = element("p", "uploader-file-name");
    title.append(this.name);
    const main = element("div", "uploader-file-main");
    main.append(title, this.note, this.problem, this.bar);
    this.pause = button(icon("pause"), `Pause ${item.path}`);
    this.goOn = button(icon("play"), `Go on with ${item.path}`);
    this.remove = button(icon("x"), `Remove ${item.path}`);
    this.pause.addEventListener("click", () => on.toggle());
    this.goOn.addEventListener("click", () => on.toggle());
    this.remove.addEventListener("click", () => on.remove());
    const actions = element("div", "uploader-file-actions");
    actions.append(this.pause, this.goOn, this.remove);
    this.element.append(this.sign, main, actions);
    this.draw();
  }

  draw() {
    const { item } = this;
    const state = item.state;
    const hasFocus = this.pause === document.activeElement || this.goOn === document.activeElement;
    this.sign.replaceChildren(shape(state === State.DONE ? icon("circle-check") : ICONS[item.problem ? 6 : item.rank]));
    this.element.classList.toggle("is-done", state === State.DONE);
    this.element.classList.toggle("is-bad", Boolean(item.problem));
    this.note.textContent = this.#words();
    this.problem.textContent = item.problem ? (state ? item.problem : `Cannot be used: ${item.problem}`) : "";
    this.bar.value = item.sent;
    this.bar.hidden = !state || state === State.DONE;
    this.pause.hidden = ![State.QUEUED, State.SENDING, State.RETRYING, State.OFFLINE].includes(state);
    this.goOn.hidden = state !== State.PAUSED && !(state === State.FAILED && item.canResume);
    if (hasFocus) (this.pause.hidden ? this.goOn : this.pause).focus();
  }

  #words() {
    const { item } = this;
    const size = bytes(item.file.size);
    const part = `${bytes(item.sent)} of ${size}`;
    const words = {
      [State.QUEUED]: item.sent ? `${part}, waiting for its turn` : `${size}, waiting for its turn`,
      [State.SENDING]: part,
      [State.RETRYING]: `${part}, waiting for the connection`,
      [State.OFFLINE]: `${part}, no connection: it goes on by itself`,
      [State.PAUSED]: `${part}, paused`,
      [State.FAILED]: `${part}, stopped`,
      [State.DONE]: `${size}, arrived`,
    };
    const role = item.role ? `${item.role} · ` : "";
    return role + (words[item.state] ?? size);
  }
}
