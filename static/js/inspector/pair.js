// Two stages that are worked as one: what turns one turns the other by as much, both in the same light and shown in the
// same way. How they stand to each other is kept, so that a copy that was turned round can be put beside its original.
import { MathUtils, Spherical, Vector3 } from "three";
import { steerByKey } from "./camera.js";
import { Stage } from "./stage.js";
import { Surfaces } from "./surfaces.js";

const DARK_WIRES = 0x1b1a19;
const LIGHT_WIRES = 0xf1efec;
const MODES = { 1: "shaded", 2: "matcap", 3: "wireframe" };
const KEYS = { r: "reset", t: "turn" };
const QUARTER = Math.PI / 2;

export class Pair {
  /** Both stages of `page`, and its tools. */
  constructor(page) {
    this.page = page;
    /** By the element they are drawn in: stage, surfaces, and where the camera stood last. */
    this.views = new Map();
    this.mode = "shaded";
    this.isTurning = false;
    this.isFollowing = false;
    this.linked = page.querySelector("[name=linked]");
    for (const part of page.querySelectorAll("[data-compare-tools]")) part.hidden = false;
    page.addEventListener("click", (event) => this.run(event.target.closest("[data-do]")?.dataset.do));
    page.addEventListener("change", ({ target }) => {
      if (target.name === "mode") this.show(target.value);
      if (target === this.linked) this.keepTurning();
    });
    this.show(page.querySelector("[name=mode]:checked").value);
    new MutationObserver(() => this.colourWires()).observe(document.documentElement, { attributeFilter: ["class"] });
  }

  /** Draws the GLB that `bytes` (a promise) brings in `frame`. */
  async open(frame, bytes, { signal }) {
    const stage = new Stage(frame, { alt: frame.dataset.alt });
    try {
      await stage.load(await bytes, { signal });
    } catch (error) {
      stage.close();
      throw error;
    }
    const view = { stage, surfaces: new Surfaces(stage), frame };
    this.views.set(frame, view);
    this.remember(view);
    this.listen(view);
    this.showIn(view);
    this.keepTurning();
    frame.dispatchEvent(new CustomEvent("viewer:live", { bubbles: true, detail: { stage, pair: this } }));
    return {
      close: () => {
        this.views.delete(frame);
        return stage.close();
      },
    };
  }

  listen(view) {
    const { stage } = view;
    const listening = { signal: stage.listening.signal };
    stage.controls.addEventListener("change", () => this.follow(view));
    // The page around scrolls on over the view until the moderator has taken hold of it.
    stage.controls.enableZoom = false;
    stage.canvas.classList.add("lets-scroll");
    stage.canvas.addEventListener("pointerdown", () => (stage.controls.enableZoom = true), listening);
    stage.canvas.addEventListener("dblclick", () => this.run("reset"), listening);
    stage.canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || steerByKey(stage, event)) return;
      const key = event.key.toLowerCase();
      if (MODES[key]) this.show(MODES[key]);
      else if (key === "l") this.linked.click();
      else if (KEYS[key]) this.run(KEYS[key]);
      else return;
      event.preventDefault();
    }, listening);
  }

  // ------------------------------------------------------------------ turning together

  place({ stage }) {
    const { camera, controls } = stage;
    return { turn: new Spherical().setFromVector3(camera.position.clone().sub(controls.target)), target: controls.target.clone() };
  }

  remember(view) {
    view.last = this.place(view);
  }

  /** Lets the other view do what `view` has just done, in its own measure. */
  follow(view) {
    const { last, stage } = view;
    this.remember(view);
    // On its way home, or fitted anew, each goes its own way.
    if (this.isFollowing || stage.orbit.isHome || stage.orbit.move || !this.linked.checked) return;
    const { turn, target } = view.last;
    const shift = target.clone().sub(last.target).divideScalar(stage.radius).applyQuaternion(stage.camera.quaternion.clone().invert());
    for (const other of this.views.values()) {
      if (other !== view) this.move(other, { sideways: turn.theta - last.turn.theta, upward: turn.phi - last.turn.phi, nearer: turn.radius / last.turn.radius, shift });
    }
  }

  move(view, { sideways, upward, nearer, shift }) {
    const { camera, controls, orbit, radius } = view.stage;
    const { turn, target } = this.place(view);
    turn.theta += sideways;
    turn.phi = MathUtils.clamp(turn.phi + upward, 0.01, Math.PI - 0.01);
    turn.radius = MathUtils.clamp(turn.radius * nearer, controls.minDistance, controls.maxDistance);
    target.add(shift.clone().applyQuaternion(camera.quaternion).multiplyScalar(radius));
    this.alone(() => {
      orbit.isHome = false;
      orbit.jump({ position: new Vector3().setFromSpherical(turn).add(target), target });
    });
  }

  /** Does `work` without the other view following. */
  alone(work) {
    this.isFollowing = true;
    try {
      work();
    } finally {
      this.isFollowing = false;
    }
  }

  /** One turns by itself and the other follows; or each by itself, where they are not linked. */
  keepTurning() {
    [...this.views.values()].forEach(({ stage }, place) => {
      stage.turning = this.isTurning && (place === 0 || !this.linked.checked);
      if (stage.turning) stage.orbit.isHome = false;
    });
  }

  // ------------------------------------------------------------------ the tools

  run(name) {
    if (name === "reset") this.reset();
    if (name === "turn") this.turn(!this.isTurning);
    if (["tip", "roll", "mirror"].includes(name)) this.turnOver(name);
  }

  reset() {
    this.turn(false);
    for (const { stage } of this.views.values()) stage.orbit.reset();
  }

  turn(on) {
    this.isTurning = on;
    this.press("turn", on);
    this.keepTurning();
  }

  press(name, on) {
    this.page.querySelector(`[data-do="${name}"]`).setAttribute("aria-pressed", String(on));
  }

  /** Turns the right model itself, whose maker may have had another side up, or shows its mirror image. */
  turnOver(way) {
    const view = this.views.get(this.page.querySelector("#pane-right"));
    if (!view) return;
    const { stage } = view;
    if (way === "mirror") stage.model.scale.x *= -1;
    else stage.model.rotateOnWorldAxis(way === "tip" ? new Vector3(1, 0, 0) : new Vector3(0, 0, 1), QUARTER);
    if (way === "mirror") this.press("mirror", stage.model.scale.x < 0);
    this.alone(() => stage.refit());
    this.remember(view);
  }

  show(mode) {
    this.mode = mode;
    this.page.querySelector(`[name=mode][value=${mode}]`).checked = true;
    for (const view of this.views.values()) this.showIn(view);
  }

  showIn(view) {
    view.surfaces.show(this.mode);
    this.colourWires();
  }

  /** Wires dark on light ground and light on dark ground. */
  colourWires() {
    const colour = document.documentElement.classList.contains("dark") ? LIGHT_WIRES : DARK_WIRES;
    for (const { surfaces } of this.views.values()) surfaces.colourWires(colour);
  }
}
