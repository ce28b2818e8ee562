// The inspector at work: the model on its stage, and everything that can be looked at, wired to the page's controls.
// A button says in data-do what it does, an input in data-set what it sets.
import { toast } from "./toast.js";
import { capture, save } from "./capture.js";
import { ENVIRONMENTS } from "./environments.js";
import { listenToKeys } from "./keys.js";
import { Overlays } from "./overlays.js";
import { PartsPanel } from "./parts-panel.js";
import { Picking } from "./picking.js";
import { Playback } from "./playback.js";
import { PlaybackPanel } from "./playback-panel.js";
import { bestUnit, lengthText, SizeLabels } from "./sizes.js";
import { Stage } from "./stage.js";
import { statisticsOf } from "./statistics.js";
import { Surfaces } from "./surfaces.js";
import { UvPanel } from "./uv-panel.js";
import { Variants } from "./variants.js";

const LIGHT_STEP = Math.PI / 12;
const DARK_WIRES = 0x1b1a19;
const LIGHT_WIRES = 0xf1efec;

/** Opens the inspector in `frame` on the GLB that `bytes` (a promise) brings. */
export async function openInspector(frame, bytes, { signal }) {
  const stage = new Stage(frame, { alt: frame.dataset.alt });
  try {
    await stage.load(await bytes, { signal });
  } catch (error) {
    stage.close();
    throw error;
  }
  return new Inspector(stage, frame);
}

class Inspector {
  constructor(stage, frame) {
    this.stage = stage;
    this.page = frame.closest("[data-viewer-window]");
    this.facts = JSON.parse(document.getElementById("inspector-facts").textContent);
    this.surfaces = new Surfaces(stage);
    this.overlays = new Overlays(stage, this.surfaces);
    this.playback = new Playback(stage);
    this.variants = new Variants(stage, this.surfaces);
    this.background = "stage";
    this.chosen = null;
    this.statistics = statisticsOf(stage, this.surfaces);
    this.uvPanel = new UvPanel(this.find("[data-uv]"), this.surfaces);
    this.partsPanel = new PartsPanel(this.page, this.statistics, { choose: (mesh) => this.choose(mesh), focus: (mesh) => this.focus(mesh) });
    if (this.facts.dimensions) this.sizes = new SizeLabels(stage, this.facts.dimensions, this.find("[data-lengths]"));
    this.unit = this.facts.dimensions ? bestUnit(this.facts.dimensions) : "m";
    this.listen();
    this.offer();
    frame.dispatchEvent(new CustomEvent("viewer:live", { bubbles: true, detail: { stage, inspector: this } }));
  }

  find(selector) {
    return this.page.querySelector(selector);
  }

  listen() {
    const { signal } = this.stage.listening;
    this.page.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.run(button.dataset.do);
    }, { signal });
    this.page.addEventListener("input", (event) => {
      const { set } = event.target.dataset;
      if (set) this.set(set, event.target);
    }, { signal });
    document.addEventListener("fullscreenchange", () => this.press("fullscreen", Boolean(document.fullscreenElement)), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.colourWires(), { signal });
    listenToKeys(this.stage, this, signal);
    new Picking(this.stage, {
      choose: (mesh) => this.choose(mesh),
      focus: (mesh) => this.focus(mesh),
      turnLight: (angle) => this.turnLight(angle),
    });
  }

  /** Shows those controls that this model has a use for, in their first state. */
  offer() {
    const { channels, hasUvs } = this.surfaces;
    this.page.classList.add("is-inspecting");
    for (const part of this.page.querySelectorAll("[data-tools]")) part.hidden = false;
    for (const input of this.page.querySelectorAll("input[name=channel]")) input.closest("label").hidden = !channels.includes(input.value);
    this.find("input[name=mode][value=uv]").closest("label").hidden = !hasUvs;
    for (const [name, has] of Object.entries({ skeleton: this.overlays.hasSkeleton, box: this.sizes })) {
      this.find(`[data-set=${name}]`).closest("label").hidden = !has;
    }
    this.find("[data-do=fullscreen]").hidden = !document.fullscreenEnabled;
    this.offerVariants();
    this.playbackPanel = new PlaybackPanel(this.page, this.playback, this.stage.listening.signal);
    if (this.playback.clips.length && !this.stage.prefersStill) this.playback.play();
    for (const name of ["turn", "panel", "fullscreen"]) this.press(name, false);
    for (const input of this.page.querySelectorAll("[data-set]")) this.restore(input);
    if (matchMedia("(min-width: 64rem)").matches) this.run("panel");
  }

  /** A control is as the page was written, whatever the browser kept of an earlier visit. */
  restore(input) {
    if (input.type === "checkbox" || input.type === "radio") input.checked = input.defaultChecked;
    else if (input.tagName === "SELECT") input.selectedIndex = Math.max(0, [...input.options].findIndex((option) => option.defaultSelected));
    else input.value = input.defaultValue;
    if (input.dataset.set === "unit") input.value = this.unit;
    if (input.dataset.set !== "mode" && input.dataset.set !== "channel") this.set(input.dataset.set, input);
    if (input.name === "mode" && input.checked) this.chooseMode(input.value);
  }

  offerVariants() {
    const choice = this.find("select[data-set=variant]");
    const { names } = this.variants;
    this.find("[data-variants]").hidden = names.length === 0;
    choice.replaceChildren(new Option("As it came", "-1", true), ...names.map((name, number) => new Option(name || `Variant ${number + 1}`, String(number))));
  }

  press(name, on) {
    for (const button of this.page.querySelectorAll(`[data-do="${name}"]`)) button.setAttribute("aria-pressed", String(on));
  }

  /** Does what the button or key called `name` does; returns whether there is such a thing. */
  run(name) {
    const action = ACTIONS[name];
    if (!action) return false;
    action(this);
    return true;
  }

  set(name, input) {
    SETTERS[name]?.(this, input.type === "checkbox" ? input.checked : input.value, input);
  }

  /** Switches a checkbox of the page, as a key does. */
  toggle(name) {
    const box = this.find(`[data-set=${name}]`);
    if (!box || box.closest("label").hidden) return;
    box.checked = !box.checked;
    this.set(name, box);
  }

  chooseMode(mode) {
    const radio = this.find(`input[name=mode][value=${mode}]`);
    if (!radio || radio.closest("label").hidden) return false;
    radio.checked = true;
    radio.parentElement.scrollIntoView({ block: "nearest", inline: "nearest" });
    for (const row of this.page.querySelectorAll("[data-of-mode]")) row.hidden = row.dataset.ofMode !== mode;
    const channel = this.find("input[name=channel]:checked") ?? this.find("label:not([hidden]) > input[name=channel]");
    channel.checked = true;
    this.surfaces.show(mode, mode === "channel" ? channel.value : "");
    this.uvPanel.show(mode === "uv" && this.find("[data-set=layout]").checked, this.chosen);
    return true;
  }

  choose(mesh) {
    this.chosen = mesh;
    this.overlays.choose(mesh);
    this.partsPanel.mark(mesh);
    if (!this.find("[data-uv]").hidden) this.uvPanel.show(true, mesh);
  }

  focus(mesh) {
    this.choose(mesh);
    this.stage.orbit.focus(this.partsPanel.boxOf(mesh));
  }

  turnLight(angle) {
    const turn = ((angle % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI);
    this.stage.turnLight(turn);
    this.find("[data-set=light]").value = String(Math.round((turn * 180) / Math.PI));
  }

  /** Wires dark on light ground and light on dark ground. */
  colourWires() {
    const isDark = this.background === "dark" || (this.background === "stage" && getComputedStyle(this.page).colorScheme === "dark");
    const colour = isDark ? LIGHT_WIRES : DARK_WIRES;
    this.surfaces.colourWires(colour);
    this.overlays.colourWires(colour);
    this.stage.invalidate();
  }

  async picture() {
    try {
      save(await capture(this.stage, this.background), `${this.facts.file_name}.png`);
    } catch {
      toast("The picture could not be made.", "error");
    }
  }

  close() {
    this.page.classList.remove("is-inspecting");
    for (const part of this.page.querySelectorAll("[data-tools]")) part.hidden = true;
    return this.stage.close();
  }
}

const ACTIONS = {
  play: ({ playback, playbackPanel }) => playback.clips.length && playbackPanel.toggle(),
  turn(inspector) {
    inspector.stage.turning = !inspector.stage.turning;
    inspector.press("turn", inspector.stage.turning);
  },
  reset(inspector) {
    inspector.choose(null);
    inspector.stage.orbit.reset();
  },
  async fullscreen({ page }) {
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await page.requestFullscreen();
    } catch {
      toast("This browser does not allow full screen here.", "error");
    }
  },
  panel(inspector) {
    const panel = inspector.find("[data-panel]");
    panel.hidden = !panel.hidden;
    for (const button of inspector.page.querySelectorAll("[data-do=panel]")) button.setAttribute("aria-expanded", String(!panel.hidden));
    inspector.press("panel", !panel.hidden);
  },
  picture: (inspector) => inspector.picture(),
  wires: (inspector) => inspector.toggle("wires"),
  box: (inspector) => inspector.toggle("box"),
  skeleton: (inspector) => inspector.toggle("skeleton"),
  focus: (inspector) => inspector.chosen && inspector.focus(inspector.chosen),
  unchoose: (inspector) => inspector.choose(null),
  help: () => document.getElementById("viewer-keys").showModal(),
  "light-left": (inspector) => inspector.turnLight(inspector.stage.lightAngle - LIGHT_STEP),
  "light-right": (inspector) => inspector.turnLight(inspector.stage.lightAngle + LIGHT_STEP),
};
for (const side of ["front", "right", "top"]) ACTIONS[side] = ({ stage }) => stage.orbit.look(side);

const SETTERS = {
  mode: (inspector, mode) => inspector.chooseMode(mode),
  channel: ({ surfaces }, channel) => surfaces.show("channel", channel),
  layout: ({ uvPanel, chosen, surfaces }, on) => uvPanel.show(on && surfaces.mode === "uv", chosen),
  wires: ({ overlays }, on) => overlays.showWires(on),
  skeleton: ({ overlays }, on) => overlays.showSkeleton(on),
  box(inspector, on) {
    inspector.overlays.showBox(on);
    inspector.sizes?.show(on, inspector.unit);
  },
  unit(inspector, unit) {
    inspector.unit = unit;
    const sides = inspector.page.querySelectorAll("[data-side]");
    sides.forEach((side, axis) => (side.textContent = lengthText(inspector.facts.dimensions[axis], unit)));
    inspector.sizes?.show(inspector.find("[data-set=box]").checked, unit);
  },
  environment({ stage }, name) {
    if (ENVIRONMENTS[name] !== stage.surroundings) stage.light(ENVIRONMENTS[name]);
  },
  exposure: ({ stage }, value) => (stage.exposure = Number(value)),
  light: ({ stage }, degrees) => stage.turnLight((Number(degrees) * Math.PI) / 180),
  background(inspector, name) {
    inspector.background = name;
    inspector.page.dataset.background = name;
    inspector.colourWires();
  },
  variant: ({ variants }, number) => variants.choose(Number(number)),
};
