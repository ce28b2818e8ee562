// The model on its stage: renderer, camera, light, shadow, controls. Draws when something has changed, not all the time.
import {
  AnimationMixer,
  Box3,
  CircleGeometry,
  DirectionalLight,
  Mesh,
  NeutralToneMapping,
  PerspectiveCamera,
  PMREMGenerator,
  Scene,
  ShadowMaterial,
  Vector3,
  VSMShadowMap,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { RoomEnvironment } from "three/addons/environments/RoomEnvironment.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { Orbit } from "./camera.js";
import { release, releaseMaterial } from "./release.js";
import { NoWebGL } from "./life.js";

export const MAX_PIXEL_RATIO = 2;
// A side of the cube that the surroundings are drawn into: enough for soft light, and quick on a phone.
const ENVIRONMENT_PIXELS = 128;
const KEY_LIGHT = { azimuth: (60 * Math.PI) / 180, elevation: (58 * Math.PI) / 180 };
// Radii of the model that its shadow may reach to; the lamp sees as far.
const FLOOR = 2;
const LOST_MS = 4000;
/** The light that a stage starts with: surroundings, and colour and strength of the lamp that casts the shadow. */
export const STUDIO = { key: ["#ffffff", 1.1], make: () => new RoomEnvironment() };
const still = matchMedia("(prefers-reduced-motion: reduce)");

function newRenderer(canvas) {
  try {
    return new WebGLRenderer({ canvas, antialias: true, alpha: true, powerPreference: "high-performance" });
  } catch (error) {
    throw new NoWebGL(error.message);
  }
}

export class Stage {
  /** A stage in `frame`; `alt` is the model in words. Throws NoWebGL. */
  constructor(frame, { alt }) {
    this.frame = frame;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "viewer-canvas";
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-roledescription", "3D view");
    this.canvas.setAttribute("aria-label", `${alt}. The arrow keys turn it, plus and minus come nearer and go back.`);
    this.renderer = newRenderer(this.canvas);
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, MAX_PIXEL_RATIO));
    this.renderer.toneMapping = NeutralToneMapping;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = VSMShadowMap;
    this.renderer.shadowMap.autoUpdate = false;
    this.scene = new Scene();
    this.camera = new PerspectiveCamera(30, 1, 0.01, 100);
    this.controls = new OrbitControls(this.camera, this.canvas);
    this.controls.enableDamping = !still.matches;
    this.controls.dampingFactor = 0.09;
    this.controls.addEventListener("change", () => this.invalidate());
    this.orbit = new Orbit(this);
    /** Called before each picture with the seconds since the last; returns whether another picture is needed. */
    this.steps = new Set([(seconds) => this.orbit.step(seconds)]);
    /** What was made besides the model and has to be released with it. */
    this.owned = new Set();
    this.materials = new Set();
    this.listening = new AbortController();
    this.lightAngle = 0;
    this.surroundings = STUDIO;
    this.listen();
  }

  listen() {
    const { signal } = this.listening;
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.frame);
    this.canvas.addEventListener("webglcontextlost", () => {
      this.isLost = true;
      this.lostTimer = setTimeout(() => this.frame.dispatchEvent(new CustomEvent("viewer:lost")), LOST_MS);
    }, { signal });
    this.canvas.addEventListener("webglcontextrestored", () => {
      clearTimeout(this.lostTimer);
      this.isLost = false;
      // Everything else is sent to the card again by itself; what was drawn there has to be drawn anew.
      this.light(this.surroundings);
    }, { signal });
  }

  /** Puts the GLB in `buffer` on the stage. */
  async load(buffer, { signal } = {}) {
    const loaded = await new GLTFLoader().parseAsync(buffer, "");
    if (signal?.aborted) {
      release(loaded.scenes);
      throw signal.reason;
    }
    this.gltf = loaded;
    this.model = loaded.scene;
    this.scene.add(this.model);
    this.model.updateMatrixWorld(true);
    this.meshes = [];
    this.model.traverse((part) => {
      if (!part.isMesh) return;
      part.castShadow = true;
      // Bounds of a posed figure are not those of its rest pose.
      part.frustumCulled = !part.isSkinnedMesh;
      this.meshes.push(part);
      this.ownMaterial(part.material);
    });
    this.measure();
    this.mixer = loaded.animations.length ? new AnimationMixer(this.model) : null;
    this.lightTheStage();
    this.frame.append(this.canvas);
    this.resize();
    this.orbit.home();
    this.draw();
  }

  measure() {
    this.box = new Box3().setFromObject(this.model, true);
    if (this.box.isEmpty()) this.box.set(new Vector3(-0.5, -0.5, -0.5), new Vector3(0.5, 0.5, 0.5));
    this.size = this.box.getSize(new Vector3());
    this.radius = Math.max(this.size.length() / 2, 1e-6);
  }

  /** Sets the model on the floor and in the light anew after it was turned over, seen from the same side. */
  refit() {
    this.model.updateMatrixWorld(true);
    this.measure();
    this.standOnFloor();
    this.turnLight(this.lightAngle);
    this.orbit.jump(this.orbit.viewOf(this.box, this.camera.position.clone().sub(this.controls.target).normalize()));
  }

  lightTheStage() {
    const { radius } = this;
    this.key = new DirectionalLight();
    this.key.castShadow = true;
    this.key.shadow.mapSize.set(512, 512);
    this.key.shadow.radius = 9;
    this.key.shadow.blurSamples = 16;
    this.key.shadow.bias = -0.0004;
    const { camera } = this.key.shadow;
    camera.left = camera.bottom = -radius * FLOOR * 1.05;
    camera.right = camera.top = radius * FLOOR * 1.05;
    camera.near = radius * 0.5;
    camera.far = radius * 7;
    this.floor = new Mesh(new CircleGeometry(radius * FLOOR, 64), new ShadowMaterial({ opacity: 0.17, depthWrite: false }));
    this.floor.rotation.x = -Math.PI / 2;
    this.floor.receiveShadow = true;
    this.floor.renderOrder = -1;
    this.standOnFloor();
    this.scene.add(this.key, this.key.target, this.floor);
    this.light(this.surroundings);
  }

  standOnFloor() {
    const center = this.box.getCenter(new Vector3());
    this.floor.position.set(center.x, this.box.min.y - this.size.y * 0.001, center.z);
    this.key.target.position.copy(center);
    this.key.target.updateMatrixWorld();
  }

  /** Lights the model by `surroundings`, as STUDIO is one. */
  light(surroundings) {
    this.surroundings = surroundings;
    const room = surroundings.make();
    const generator = new PMREMGenerator(this.renderer);
    this.environment?.dispose();
    this.environment = generator.fromScene(room, 0.04, 0.1, 100, { size: ENVIRONMENT_PIXELS });
    generator.dispose();
    release([room]);
    this.key.color.set(surroundings.key[0]);
    this.key.intensity = surroundings.key[1];
    this.scene.environment = this.environment.texture;
    this.turnLight(this.lightAngle);
  }

  /** Turns all light around the model by `angle` radians from where it was first. */
  turnLight(angle) {
    this.lightAngle = angle;
    this.scene.environmentRotation.y = angle;
    const { azimuth, elevation } = KEY_LIGHT;
    this.key.position
      .setFromSphericalCoords(this.radius * 3.5, Math.PI / 2 - elevation, azimuth + angle)
      .add(this.key.target.position);
    this.shadowChanged();
  }

  shadowChanged() {
    this.renderer.shadowMap.needsUpdate = true;
    this.invalidate();
  }

  set exposure(value) {
    this.renderer.toneMappingExposure = value;
    this.invalidate();
  }

  get exposure() {
    return this.renderer.toneMappingExposure;
  }

  set turning(on) {
    this.controls.autoRotate = on;
    this.controls.autoRotateSpeed = 2.2;
    this.invalidate();
  }

  get turning() {
    return this.controls.autoRotate;
  }

  get prefersStill() {
    return still.matches;
  }

  /** Releases `thing` (anything with `dispose`) when the stage is closed, and returns it. */
  own(thing) {
    this.owned.add(thing);
    return thing;
  }

  /** The same for a material of the model with its textures. */
  ownMaterial(material) {
    for (const one of [material].flat()) this.materials.add(one);
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (!width || !height) return;
    const isFirst = !this.width;
    Object.assign(this, { width, height });
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    if (!isFirst && this.model) {
      this.orbit.keepHome();
      this.draw();
    }
  }

  invalidate() {
    if (!this.request && this.model && !this.isClosed) this.request = requestAnimationFrame((time) => this.tick(time));
  }

  tick(time) {
    this.request = 0;
    const seconds = this.lastTime ? Math.min((time - this.lastTime) / 1000, 0.1) : 1 / 60;
    this.lastTime = time;
    let moves = false;
    for (const step of this.steps) moves = step(seconds) || moves;
    moves = this.controls.update(seconds) || moves || this.controls.autoRotate;
    this.draw();
    if (moves) this.invalidate();
    else this.lastTime = 0;
  }

  draw() {
    if (this.isLost || this.isClosed) return;
    this.renderer.render(this.scene, this.camera);
    this.frame.dispatchEvent(new CustomEvent("viewer:drawn"));
  }

  /** Frees everything on the graphics card; returns how many geometries and textures three.js keeps for itself. */
  close() {
    if (this.isClosed) return null;
    this.isClosed = true;
    cancelAnimationFrame(this.request);
    clearTimeout(this.lostTimer);
    this.listening.abort();
    this.sizes.disconnect();
    this.controls.dispose();
    this.mixer?.stopAllAction();
    this.mixer?.uncacheRoot(this.model);
    for (const thing of this.owned) thing.dispose();
    release([this.scene, ...(this.gltf?.scenes ?? [])]);
    this.materials.forEach(releaseMaterial);
    this.key?.dispose();
    this.environment?.dispose();
    this.renderer.renderLists.dispose();
    this.renderer.dispose();
    const { geometries, textures } = this.renderer.info.memory;
    this.renderer.forceContextLoss();
    this.canvas.remove();
    Object.assign(this, { gltf: null, model: null, meshes: [], mixer: null });
    return { geometries, textures };
  }
}
