// The UV layout beside the model: of the part that is chosen, or of all parts with the first material that has UVs.
import { drawLayout } from "./uv-layout.js";

export class UvPanel {
  constructor(holder, surfaces) {
    this.holder = holder;
    this.canvas = holder.querySelector("canvas");
    this.note = holder.querySelector("[data-uv-note]");
    this.surfaces = surfaces;
  }

  show(on, chosen) {
    this.holder.hidden = !on;
    if (!on) return;
    const mesh = chosen ?? [...this.surfaces.base.keys()].find((one) => one.geometry.hasAttribute("uv"));
    if (!mesh) return;
    const material = this.surfaces.materialOf(mesh);
    const meshes = chosen ? [chosen] : [...this.surfaces.base.keys()].filter((one) => this.surfaces.materialOf(one) === material);
    const triangles = drawLayout(this.canvas, meshes, material.map ?? null);
    this.note.textContent = triangles
      ? `${chosen ? "The chosen part" : "First material"}: ${triangles.toLocaleString("en-GB")} triangles`
      : "The chosen part has no UVs.";
  }
}
