import { Rejection } from './rejection.mjs';

function assertFinite(array) {
  for (let i = 0; i < array.length; i++) {
    if (!Number.isFinite(array[i])) throw new Rejection('non_finite_numbers');
  }
}

/** Makes directions one unit long; a direction of no length points up, so that shading stays defined. */
function normalizeDirections(accessor) {
  const array = accessor.getArray();
  const stride = accessor.getElementSize();
  for (let i = 0; i < array.length; i += stride) {
    const length = Math.hypot(array[i], array[i + 1], array[i + 2]);
    if (length > 1e-12) {
      array[i] /= length;
      array[i + 1] /= length;
      array[i + 2] /= length;
    } else {
      array[i] = 0;
      array[i + 1] = 1;
      array[i + 2] = 0;
    }
    if (stride === 4) array[i + 3] = array[i + 3] < 0 ? -1 : 1;
  }
}

/** A vertex of a skinned mesh that hangs on no joint hangs on its first. */
function hangLooseVertices(primitive) {
  const weights = primitive.listSemantics().filter((name) => name.startsWith('WEIGHTS_')).map((name) => primitive.getAttribute(name));
  if (weights.length === 0) return;
  const element = [];
  for (let i = 0; i < weights[0].getCount(); i++) {
    if (weights.some((accessor) => accessor.getElement(i, element).some((weight) => weight > 0))) continue;
    weights[0].setElement(i, [1, 0, 0, 0]);
  }
}

/**
 * Mends what viewers forgive and the standard does not (directions that are not of unit length, vertices
 * of no joint).
 * Expects dequantized attributes.
 * @throws {Rejection} for numbers that are infinite or not a number
 */
export function repairNumbers(document) {
  for (const accessor of document.getRoot().listAccessors()) {
    const array = accessor.getArray();
    if (array instanceof Float32Array) assertFinite(array);
  }
  const seen = new Set();
  for (const mesh of document.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      hangLooseVertices(primitive);
      for (const semantic of ['NORMAL', 'TANGENT']) {
        const accessor = primitive.getAttribute(semantic);
        if (!accessor || seen.has(accessor)) continue;
        seen.add(accessor);
        normalizeDirections(accessor);
      }
    }
  }
}
