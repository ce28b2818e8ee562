// How the model's surfaces are shown: as they are, or for looking at one thing alone. The model's own materials are
// kept aside and put back.
import { MeshBasicMaterial, MeshMatcapMaterial, MeshNormalMaterial } from "three";
import { channelMaterial, CHANNELS } from "./channels.js";
import { checkerTexture, matcapTexture, softTexture } from "./pictures.js";

export class Surfaces {
  constructor(stage) {
    this.stage = stage;
    this.mode = "shaded";
    this.channel = "";
    this.wireColour = 0x1b1a19;
    this.base = new Map(stage.meshes.map((mesh) => [mesh, mesh.material]));
    this.made = new Map();
    stage.own(this);
  }

  /** All of the model's own materials that are in use. */
  get materials() {
    return [...new Set([...this.base.values()].flat())];
  }

  /** Names of the channels that the model has. */
  get channels() {
    return Object.keys(CHANNELS).filter((name) => this.materials.some((material) => CHANNELS[name].has(material)));
  }

  get hasUvs() {
    return this.stage.meshes.some((mesh) => mesh.geometry.hasAttribute("uv"));
  }

  /** The model's own material of `mesh`, whatever is shown. */
  materialOf(mesh) {
    return [this.base.get(mesh)].flat()[0];
  }

  setMaterial(mesh, material) {
    this.base.set(mesh, material);
    this.apply();
  }

  show(mode, channel = "") {
    this.mode = mode;
    this.channel = channel;
    this.apply();
  }

  apply() {
    for (const [mesh, material] of this.base) mesh.material = this.mode === "shaded" ? material : this.materialFor(mesh, [material].flat()[0]);
    const lit = this.mode === "shaded" || this.mode === "matcap";
    this.stage.floor.visible = lit;
    this.stage.invalidate();
  }

  materialFor(mesh, material) {
    const key = `${this.mode} ${this.channel} ${material.uuid} ${mesh.geometry.hasAttribute("uv")}`;
    if (!this.made.has(key)) this.made.set(key, this.stage.own(this.make(mesh, material)));
    const made = this.made.get(key);
    if (this.mode === "wireframe") made.color.set(this.wireColour);
    return made;
  }

  make(mesh, material) {
    const { side } = material;
    const flatShading = material.flatShading || !mesh.geometry.hasAttribute("normal");
    const bumps = { normalMap: material.normalMap ?? null, normalScale: material.normalScale };
    if (!bumps.normalScale) delete bumps.normalScale;
    switch (this.mode) {
      case "matcap":
        return new MeshMatcapMaterial({ matcap: this.matcap, side, flatShading, toneMapped: false, ...bumps });
      case "wireframe":
        return new MeshBasicMaterial({ wireframe: true, toneMapped: false });
      case "normals":
        return new MeshNormalMaterial({ side, flatShading, ...bumps });
      case "uv":
        return mesh.geometry.hasAttribute("uv")
          ? new MeshMatcapMaterial({ map: this.checker, matcap: this.soft, side, flatShading, toneMapped: false })
          : new MeshMatcapMaterial({ color: 0x808080, matcap: this.soft, side, flatShading, toneMapped: false });
      default:
        return channelMaterial(this.channel, material);
    }
  }

  get matcap() {
    this.matcapMade ??= this.stage.own(matcapTexture());
    return this.matcapMade;
  }

  get soft() {
    this.softMade ??= this.stage.own(softTexture());
    return this.softMade;
  }

  get checker() {
    this.checkerMade ??= this.stage.own(checkerTexture(this.stage.renderer.capabilities.getMaxAnisotropy()));
    return this.checkerMade;
  }

  /** Wires in this colour, so that they stand out from the background. */
  colourWires(colour) {
    this.wireColour = colour;
    if (this.mode === "wireframe") this.apply();
  }

  /** Gives the model its own materials back, so that they are released with it. */
  dispose() {
    for (const [mesh, material] of this.base) mesh.material = material;
  }
}
