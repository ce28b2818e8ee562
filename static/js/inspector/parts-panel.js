// Lists the preview's parts and materials; a part is chosen here or on the model, and shown on both.
import { Box3 } from "three";
import { MAX_ROWS } from "./statistics.js";

const count = (number) => number.toLocaleString("en-GB");
const plural = (number, thing) => `${count(number)} ${thing}${number === 1 ? "" : "s"}`;

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function partRow(part, onChoose, onFocus) {
  const row = element("li", "part");
  const button = element("button", "part-button");
  button.type = "button";
  button.setAttribute("aria-pressed", "false");
  const facts = [plural(part.triangles, "triangle"), plural(part.vertices, "vertex").replace("vertexs", "vertices"), `Material ${part.material + 1}`];
  if (part.isSkinned) facts.push("skinned");
  if (part.morphs) facts.push(plural(part.morphs, "shape"));
  button.append(element("span", "part-name", part.name), element("span", "part-facts", facts.join(" · ")));
  button.addEventListener("click", () => onChoose(button.getAttribute("aria-pressed") === "true" ? null : part.mesh));
  button.addEventListener("dblclick", () => onFocus(part.mesh));
  row.append(button);
  return { row, button };
}

function materialRow(material) {
  const row = element("li", "part part-material");
  const swatch = element("span", "part-swatch");
  swatch.style.backgroundColor = material.colour;
  const facts = [plural(material.triangles, "triangle")];
  if (material.isUnlit) facts.push("unlit");
  if (material.isSeeThrough) facts.push("see-through");
  const text = element("div", "");
  text.append(element("span", "part-name", material.name), element("span", "part-facts", facts.join(" · ")));
  for (const { label, width, height } of material.textures) text.append(element("span", "part-facts", `${label}: ${width} × ${height} px`));
  row.append(swatch, text);
  return row;
}

function fill(list, rows, total) {
  list.replaceChildren(...rows);
  if (total > rows.length) list.append(element("li", "part-facts", `and ${count(total - rows.length)} more`));
}

export class PartsPanel {
  constructor(page, statistics, { choose, focus }) {
    const { parts, materials } = statistics;
    const rows = parts.slice(0, MAX_ROWS).map((part) => ({ mesh: part.mesh, ...partRow(part, choose, focus) }));
    this.buttons = new Map(rows.map(({ mesh, button }) => [mesh, button]));
    fill(page.querySelector("[data-parts]"), rows.map(({ row }) => row), parts.length);
    fill(page.querySelector("[data-materials]"), materials.slice(0, MAX_ROWS).map(materialRow), materials.length);
    page.querySelector("[data-parts-total]").textContent = `${plural(statistics.triangles, "triangle")}, ${plural(statistics.vertices, "vertex").replace("vertexs", "vertices")}`;
  }

  mark(mesh) {
    for (const [of, button] of this.buttons) button.setAttribute("aria-pressed", String(of === mesh));
    this.buttons.get(mesh)?.scrollIntoView({ block: "nearest" });
  }

  boxOf(mesh) {
    return new Box3().setFromObject(mesh, true);
  }
}
