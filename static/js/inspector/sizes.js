// The box's three sides with their lengths, which the server measured of the original file, in the unit that is chosen.
import { Vector3 } from "three";

const UNITS = { m: 1, cm: 100, mm: 1000 };
const EDGES = [
  { axis: 0, ends: (box) => [[box.min.x, box.min.y, box.max.z], [box.max.x, box.min.y, box.max.z]] },
  { axis: 1, ends: (box) => [[box.max.x, box.min.y, box.max.z], [box.max.x, box.max.y, box.max.z]] },
  { axis: 2, ends: (box) => [[box.max.x, box.min.y, box.min.z], [box.max.x, box.min.y, box.max.z]] },
];

/** The unit in which a thing of this size reads best. */
export function bestUnit(metres) {
  const longest = Math.max(...metres);
  return longest < 0.01 ? "mm" : longest < 1 ? "cm" : "m";
}

export function lengthText(metres, unit) {
  const value = metres * UNITS[unit];
  const digits = value === 0 || value >= 100 ? 1 : value >= 1 ? 2 : 3;
  return `${value.toLocaleString("en-GB", { maximumFractionDigits: digits })} ${unit}`;
}

export class SizeLabels {
  constructor(stage, dimensions, holder) {
    this.stage = stage;
    this.dimensions = dimensions;
    this.labels = EDGES.map(() => document.createElement("span"));
    for (const label of this.labels) label.className = "viewer-length";
    this.holder = holder;
    holder.replaceChildren(...this.labels);
    stage.frame.addEventListener("viewer:drawn", () => this.place(), { signal: stage.listening.signal });
  }

  show(on, unit) {
    this.holder.hidden = !on;
    EDGES.forEach(({ axis }, number) => (this.labels[number].textContent = lengthText(this.dimensions[axis], unit)));
    this.place();
  }

  place() {
    if (this.holder.hidden) return;
    const { box, camera, width, height } = this.stage;
    EDGES.forEach(({ ends }, number) => {
      const [from, to] = ends(box).map((corner) => new Vector3(...corner));
      const middle = from.add(to).multiplyScalar(0.5).project(camera);
      const label = this.labels[number];
      label.hidden = Math.abs(middle.z) > 1;
      label.style.translate = `calc(${((middle.x + 1) / 2) * width}px - 50%) calc(${((1 - middle.y) / 2) * height}px - 50%)`;
    });
  }
}
