import { mainScene } from './scene.mjs';

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function multiply(a, b) {
  const out = new Array(16);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[k * 4 + row] * b[column * 4 + k];
      out[column * 4 + row] = sum;
    }
  }
  return out;
}

function jointMatrices(skin) {
  const inverseBind = skin.getInverseBindMatrices();
  return skin.listJoints().map((joint, i) =>
    multiply(joint.getWorldMatrix(), inverseBind ? inverseBind.getElement(i, []) : IDENTITY),
  );
}

/** base + sum of weight x morph target, as a new Float32Array. */
function morphed(primitive, semantic, weights) {
  const result = Float32Array.from(primitive.getAttribute(semantic).getArray());
  primitive.listTargets().forEach((target, t) => {
    const weight = weights[t] ?? 0;
    const delta = target.getAttribute(semantic);
    if (!weight || !delta) return;
    const element = [];
    const stride = result.length / delta.getCount();
    for (let i = 0; i < delta.getCount(); i++) {
      delta.getElement(i, element);
      // A tangent's fourth number is a sign that targets do not carry.
      for (let c = 0; c < element.length; c++) result[i * stride + c] += weight * element[c];
    }
  });
  return result;
}

/** Moves points (w = 1) or turns directions (w = 0) by the weighted joints of each vertex, in place. */
function skinVertices(array, stride, primitive, joints, w) {
  const jointIndices = primitive.getAttribute('JOINTS_0');
  const weights = primitive.getAttribute('WEIGHTS_0');
  const index = [];
  const weight = [];
  for (let i = 0; i < array.length / stride; i++) {
    jointIndices.getElement(i, index);
    weights.getElement(i, weight);
    const total = weight[0] + weight[1] + weight[2] + weight[3] || 1;
    const [x, y, z] = [array[i * stride], array[i * stride + 1], array[i * stride + 2]];
    let [ox, oy, oz] = [0, 0, 0];
    for (let k = 0; k < 4; k++) {
      const m = joints[index[k]];
      if (!weight[k] || !m) continue;
      const share = weight[k] / total;
      ox += share * (m[0] * x + m[4] * y + m[8] * z + m[12] * w);
      oy += share * (m[1] * x + m[5] * y + m[9] * z + m[13] * w);
      oz += share * (m[2] * x + m[6] * y + m[10] * z + m[14] * w);
    }
    const length = w === 0 ? Math.hypot(ox, oy, oz) || 1 : 1;
    array[i * stride] = ox / length;
    array[i * stride + 1] = oy / length;
    array[i * stride + 2] = oz / length;
  }
}

function bakePrimitive(document, primitive, weights, joints) {
  const buffer = document.getRoot().listBuffers()[0];
  const skinned = joints && primitive.getAttribute('JOINTS_0') && primitive.getAttribute('WEIGHTS_0');
  for (const semantic of ['POSITION', 'NORMAL', 'TANGENT']) {
    const source = primitive.getAttribute(semantic);
    if (!source) continue;
    const array = morphed(primitive, semantic, weights);
    if (skinned) skinVertices(array, source.getElementSize(), primitive, joints, semantic === 'POSITION' ? 1 : 0);
    const baked = document.createAccessor().setType(source.getType()).setArray(array).setBuffer(buffer);
    primitive.setAttribute(semantic, baked);
  }
  for (const target of primitive.listTargets()) primitive.removeTarget(target);
  for (const semantic of primitive.listSemantics()) {
    if (/^(JOINTS|WEIGHTS)_/.test(semantic)) primitive.setAttribute(semantic, null);
  }
}

/**
 * Freezes skinned meshes (and with `morphs` also morphed ones) in the pose that the file rests in, so that
 * nothing after this needs to know about skins. A skinned mesh lands in world space, as the standard asks:
 * its node's own place does not count.
 */
export function bakePose(document, { morphs }) {
  const scene = mainScene(document);
  const nodes = [];
  scene.traverse((node) => {
    const mesh = node.getMesh();
    const hasTargets = mesh?.listPrimitives().some((primitive) => primitive.listTargets().length > 0);
    if (mesh && (node.getSkin() || (morphs && hasTargets))) nodes.push(node);
  });
  const matrices = nodes.map((node) => (node.getSkin() ? jointMatrices(node.getSkin()) : null));
  nodes.forEach((node, i) => {
    const source = node.getMesh();
    const weights = node.getWeights().length > 0 ? node.getWeights() : source.getWeights();
    const mesh = document.createMesh();
    for (const primitive of source.listPrimitives()) {
      const copy = primitive.clone();
      bakePrimitive(document, copy, weights, matrices[i]);
      mesh.addPrimitive(copy);
    }
    node.setWeights([]);
    if (matrices[i]) {
      node.setSkin(null).setMesh(null);
      scene.addChild(document.createNode().setMesh(mesh));
    } else {
      node.setMesh(mesh);
    }
  });
  for (const skin of document.getRoot().listSkins()) skin.dispose();
}
