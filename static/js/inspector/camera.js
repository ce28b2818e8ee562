// Where the camera stands: the first view, the way back to it, coming nearer to a part, and turning by keys.
import { MathUtils, Matrix4, Spherical, Vector3 } from "three";

// Where the poster was taken from, so that nothing jumps when the live view takes its place.
const AZIMUTH = 35;
const ELEVATION = 18;
const FILLED = 0.8;
const MOVE_SECONDS = 0.35;

export class Orbit {
  constructor(stage) {
    this.stage = stage;
    this.move = null;
  }

  /** How far the camera has to stand from the centre of `box`, in `direction`, for the box to fill its share of the view. */
  distanceTo(box, direction) {
    const { camera } = this.stage;
    const center = box.getCenter(new Vector3());
    const axes = new Matrix4().lookAt(direction, new Vector3(), camera.up);
    const [right, up, back] = [0, 1, 2].map((column) => new Vector3().setFromMatrixColumn(axes, column));
    const halfHeight = Math.tan(MathUtils.degToRad(camera.fov) / 2) * FILLED;
    let distance = 0;
    for (let corner = 0; corner < 8; corner += 1) {
      const point = new Vector3(
        corner & 1 ? box.max.x : box.min.x,
        corner & 2 ? box.max.y : box.min.y,
        corner & 4 ? box.max.z : box.min.z,
      ).sub(center);
      const sideways = Math.max(Math.abs(point.dot(right)) / (halfHeight * camera.aspect), Math.abs(point.dot(up)) / halfHeight);
      distance = Math.max(distance, sideways + point.dot(back));
    }
    return Math.max(distance, 1e-5);
  }

  viewOf(box, direction) {
    const target = box.getCenter(new Vector3());
    return { target, position: direction.clone().multiplyScalar(this.distanceTo(box, direction)).add(target) };
  }

  homeView() {
    const { azimuth = AZIMUTH, elevation = ELEVATION } = this.stage.frame.dataset;
    const polar = MathUtils.degToRad(90 - Number(elevation));
    return this.viewOf(this.stage.box, new Vector3().setFromSphericalCoords(1, polar, MathUtils.degToRad(Number(azimuth))));
  }

  /** The first view, at once. */
  home() {
    const { camera, controls, radius } = this.stage;
    camera.near = radius / 200;
    camera.far = radius * 60;
    camera.updateProjectionMatrix();
    controls.minDistance = radius / 40;
    controls.maxDistance = radius * 20;
    controls.zoomToCursor = true;
    this.jump(this.homeView());
    this.isHome = true;
    controls.addEventListener("start", () => (this.isHome = false));
  }

  /** Fits the model anew where the view has changed its shape and nobody has turned it yet. */
  keepHome() {
    if (this.isHome) this.jump(this.homeView());
  }

  reset() {
    this.go(this.homeView());
    this.isHome = true;
  }

  focus(box) {
    const { camera, controls } = this.stage;
    this.isHome = false;
    this.go(this.viewOf(box, camera.position.clone().sub(controls.target).normalize()));
  }

  /** Looks along one of the axes: "front", "right", "back", "left", "top", "bottom". */
  look(side) {
    const nearly = 0.0001;
    const direction = {
      front: [0, 0, 1],
      right: [1, 0, 0],
      back: [0, 0, -1],
      left: [-1, 0, 0],
      top: [0, 1, nearly],
      bottom: [0, -1, nearly],
    }[side];
    this.isHome = false;
    this.go(this.viewOf(this.stage.box, new Vector3(...direction).normalize()));
  }

  jump({ position, target }) {
    const { camera, controls } = this.stage;
    this.move = null;
    camera.position.copy(position);
    controls.target.copy(target);
    controls.update();
    this.stage.invalidate();
  }

  go(view) {
    if (this.stage.prefersStill) {
      this.jump(view);
      return;
    }
    const { camera, controls } = this.stage;
    const from = new Spherical().setFromVector3(camera.position.clone().sub(controls.target));
    const to = new Spherical().setFromVector3(view.position.clone().sub(view.target));
    to.theta = from.theta + MathUtils.euclideanModulo(to.theta - from.theta + Math.PI, 2 * Math.PI) - Math.PI;
    this.move = { from, to, start: controls.target.clone(), end: view.target, passed: 0 };
    this.stage.invalidate();
  }

  step(seconds) {
    if (!this.move) return false;
    const { from, to, start, end } = this.move;
    this.move.passed = Math.min(this.move.passed + seconds / MOVE_SECONDS, 1);
    const share = MathUtils.smootherstep(this.move.passed, 0, 1);
    const at = new Spherical(
      MathUtils.lerp(from.radius, to.radius, share),
      MathUtils.lerp(from.phi, to.phi, share),
      MathUtils.lerp(from.theta, to.theta, share),
    );
    const { camera, controls } = this.stage;
    controls.target.lerpVectors(start, end, share);
    camera.position.setFromSpherical(at).add(controls.target);
    if (this.move.passed >= 1) this.move = null;
    return true;
  }

  /** Turns by `sideways` and `upward` radians. */
  turn(sideways, upward) {
    const { camera, controls } = this.stage;
    const place = new Spherical().setFromVector3(camera.position.clone().sub(controls.target));
    place.theta += sideways;
    place.phi = MathUtils.clamp(place.phi - upward, 0.01, Math.PI - 0.01);
    this.isHome = false;
    this.jump({ position: new Vector3().setFromSpherical(place).add(controls.target), target: controls.target });
  }

  /** Comes nearer (`factor` below 1) or goes back. */
  zoom(factor) {
    const { camera, controls } = this.stage;
    const offset = camera.position.clone().sub(controls.target);
    offset.setLength(MathUtils.clamp(offset.length() * factor, controls.minDistance, controls.maxDistance));
    this.isHome = false;
    this.jump({ position: offset.add(controls.target), target: controls.target });
  }

  /** Moves the view by shares of its height. */
  pan(sideways, upward) {
    const { camera, controls } = this.stage;
    const height = 2 * Math.tan(MathUtils.degToRad(camera.fov) / 2) * camera.position.distanceTo(controls.target);
    const step = new Vector3()
      .setFromMatrixColumn(camera.matrix, 0)
      .multiplyScalar(sideways * height)
      .addScaledVector(new Vector3().setFromMatrixColumn(camera.matrix, 1), upward * height);
    this.isHome = false;
    this.jump({ position: camera.position.clone().add(step), target: controls.target.clone().add(step) });
  }
}

const TURN = Math.PI / 24;

/** Lets the arrow keys, plus and minus steer the camera: on the canvas itself, or wherever `event` has come from. */
export function steerByKey(stage, event) {
  const { orbit } = stage;
  const move = event.shiftKey
    ? { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 0.05], ArrowDown: [0, -0.05] }[event.key]
    : { ArrowLeft: [-TURN, 0], ArrowRight: [TURN, 0], ArrowUp: [0, TURN], ArrowDown: [0, -TURN] }[event.key];
  if (move) {
    if (event.shiftKey) orbit.pan(...move);
    else orbit.turn(...move);
  } else if (event.key === "+" || event.key === "=") orbit.zoom(0.88);
  else if (event.key === "-" || event.key === "_") orbit.zoom(1 / 0.88);
  else return false;
  event.preventDefault();
  return true;
}
