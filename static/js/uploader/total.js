// How far all files together are: bytes, speed, time left.
import { State } from "../uploads/transport.js";
import { Pace, bytes, counted, duration } from "./figures.js";

const WAITING = [State.RETRYING, State.OFFLINE];

export class Total {
  // `part(name)` finds an element of the uploader by its data attribute.
  constructor(part) {
    this.part = part;
    this.bar = part("total").querySelector("progress");
    this.restart();
  }

  restart() {
    this.pace = new Pace();
  }

  // Returns the share that has arrived in percent while bytes are flowing, else null.
  draw(items, isFinishing) {
    const size = items.reduce((sum, item) => sum + item.file.size, 0);
    const sent = items.reduce((sum, item) => sum + item.sent, 0);
    const states = new Set(items.map((item) => item.state));
    const isSending = states.has(State.SENDING) && !isFinishing;
    this.pace.add(sent);
    const { speed } = this.pace;
    if (isFinishing) this.bar.removeAttribute("value");
    else this.bar.value = size ? (sent / size) * 100 : 0;
    this.part("label").textContent = isFinishing ? "Making the model" : this.#label(states);
    this.part("amount").textContent = `${bytes(sent)} of ${bytes(size)}`;
    this.part("count").textContent = `${items.filter((item) => item.state === State.DONE).length} of ${counted(items.length, "file")}`;
    const hasPace = isSending && speed > 0 && sent < size;
    // The line keeps its height while there is nothing to say.
    this.part("pace").textContent = hasPace ? `${bytes(speed)}/s, ${duration((size - sent) / speed)} left` : "\u00a0";
    return isSending ? Math.floor((sent / size) * 100) : null;
  }

  #label(states) {
    if (states.has(State.SENDING)) return "Uploading";
    if (WAITING.some((state) => states.has(state))) return "Waiting for the connection";
    if (states.has(State.PAUSED)) return "Paused";
    return states.has(State.FAILED) ? "Stopped" : "Starting";
  }
}
