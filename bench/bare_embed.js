// The least that draws a GLB with three.js: what the embedded view is measured against.
import { AmbientLight, PerspectiveCamera, Scene, WebGLRenderer } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

const renderer = new WebGLRenderer({ antialias: true, alpha: true });
renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
renderer.setSize(innerWidth, innerHeight);
document.body.append(renderer.domElement);
const scene = new Scene();
const camera = new PerspectiveCamera(30, innerWidth / innerHeight, 0.01, 100);
camera.position.set(1.5, 1.5, 3);
new OrbitControls(camera, renderer.domElement).update();
scene.add(new AmbientLight(0xffffff, 3));
const { scene: model } = await new GLTFLoader().loadAsync("model.glb");
scene.add(model);
renderer.render(scene, camera);
document.documentElement.dataset.state = "live";
