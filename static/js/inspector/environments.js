// Surroundings that light the model, built of coloured boxes and a sky instead of fetched pictures.
import { BackSide, BoxGeometry, Color, Mesh, MeshBasicMaterial, Scene, SphereGeometry, Vector3, Float32BufferAttribute } from "three";
import { STUDIO } from "./stage.js";

/** A dome whose colour goes through `stops`, [height -1 to 1, colour, strength]. */
function sky(stops) {
  const geometry = new SphereGeometry(20, 48, 24);
  const places = geometry.getAttribute("position");
  const colours = [];
  for (let vertex = 0; vertex < places.count; vertex += 1) {
    const height = places.getY(vertex) / 20;
    const above = Math.max(1, stops.findIndex(([place]) => place >= height));
    const [low, high] = [stops[above - 1], stops[above]];
    const share = (height - low[0]) / (high[0] - low[0]);
    const colour = new Color(low[1]).multiplyScalar(low[2]).lerp(new Color(high[1]).multiplyScalar(high[2]), share);
    colours.push(colour.r, colour.g, colour.b);
  }
  geometry.setAttribute("color", new Float32BufferAttribute(colours, 3));
  return new Mesh(geometry, new MeshBasicMaterial({ vertexColors: true, side: BackSide }));
}

/** A panel of light at `place`, facing the middle. */
function lamp(colour, strength, [x, y, z], [width, height]) {
  const panel = new Mesh(new BoxGeometry(width, height, 0.1), new MeshBasicMaterial({ color: new Color(colour).multiplyScalar(strength) }));
  panel.position.set(x, y, z);
  panel.lookAt(new Vector3());
  return panel;
}

function scene(...parts) {
  const made = new Scene();
  made.add(...parts);
  return made;
}

export const ENVIRONMENTS = {
  studio: STUDIO,
  sunset: {
    key: ["#ffc79c", 1.7],
    make: () =>
      scene(
        sky([[-1, "#3a2a2a", 0.35], [-0.06, "#6b4a3f", 0.5], [0.02, "#ff9a55", 1.5], [0.25, "#d77f8a", 0.75], [1, "#3f5f9c", 0.55]]),
        lamp("#ffb066", 26, [9, 2, 6], [4, 3]),
      ),
  },
  night: {
    key: ["#b4c8ff", 1.2],
    make: () =>
      scene(
        sky([[-1, "#0e1018", 0.6], [0, "#232c47", 0.9], [1, "#4a66ad", 1]]),
        lamp("#a9c6ff", 30, [-6, 8, 5], [4, 4]),
        lamp("#ff8a55", 16, [8, 1, -5], [3, 6]),
      ),
  },
  contrast: {
    key: ["#ffffff", 0.5],
    make: () =>
      scene(
        sky([[-1, "#101010", 0.5], [1, "#242424", 0.5]]),
        lamp("#ffffff", 22, [0, 12, 1], [10, 10]),
        lamp("#ffffff", 16, [12, 3, 3], [2, 12]),
        lamp("#ffffff", 9, [-12, 3, 2], [2, 12]),
      ),
  },
};
