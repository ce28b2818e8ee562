import { compactPrimitive, convertPrimitiveToTriangles, weldPrimitive } from '@gltf-transform/functions';
import { Primitive } from '@gltf-transform/core';
import { MeshoptSimplifier } from 'meshoptimizer';

import { forEachDrawnMesh, triangleCount } from './scene.mjs';

const TRIANGLE_MODES = [Primitive.Mode.TRIANGLES, Primitive.Mode.TRIANGLE_STRIP, Primitive.Mode.TRIANGLE_FAN];

/** Keeps the largest triangles: the last resort for loose polygons that no edge collapse can thin out. */
function keepLargest(indices, positions, target) {
  const area = (t) => {
    const [a, b, c] = [indices[t * 3] * 3, indices[t * 3 + 1] * 3, indices[t * 3 + 2] * 3];
    const [ux, uy, uz] = [positions[b] - positions[a], positions[b + 1] - positions[a + 1], positions[b + 2] - positions[a + 2]];
    const [vx, vy, vz] = [positions[c] - positions[a], positions[c + 1] - positions[a + 1], positions[c + 2] - positions[a + 2]];
    return Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx);
  };
  const areas = Float64Array.from({ length: indices.length / 3 }, (_, t) => area(t));
  const kept = [...areas.keys()].sort((a, b) => areas[b] - areas[a]).slice(0, target).sort((a, b) => a - b);
  return Uint32Array.from(kept.flatMap((t) => [indices[t * 3], indices[t * 3 + 1], indices[t * 3 + 2]]));
}

/** Thins the primitive to at most `target` triangles and returns how many it has then. */
function simplifyPrimitive(document, primitive, target) {
  const positions = Float32Array.from(primitive.getAttribute('POSITION').getArray());
  const normals = primitive.getAttribute('NORMAL');
  let indices = Uint32Array.from(primitive.getIndices().getArray());
  const thin = (flags) =>
    normals
      ? MeshoptSimplifier.simplifyWithAttributes(
          indices, positions, 3, Float32Array.from(normals.getArray()), 3, [0.3, 0.3, 0.3], null, target * 3, 1, flags,
        )[0]
      : MeshoptSimplifier.simplify(indices, positions, 3, target * 3, 1, flags)[0];
  indices = thin([]);
  if (indices.length > target * 3) indices = thin(['Permissive', 'Prune']);
  if (indices.length > target * 3) indices = keepLargest(indices, positions, target);
  const accessor = document.createAccessor().setType('SCALAR').setArray(indices).setBuffer(document.getRoot().listBuffers()[0]);
  primitive.setIndices(accessor);
  if (indices.length > 0) compactPrimitive(primitive);
  return indices.length / 3;
}

/** Primitives of triangles with the number of times that the scene draws each. */
function drawnPrimitives(document) {
  const copiesOf = new Map();
  forEachDrawnMesh(document, (_node, mesh, copies) => {
    for (const primitive of mesh.listPrimitives()) {
      if (!TRIANGLE_MODES.includes(primitive.getMode()) || !primitive.getAttribute('POSITION')) continue;
      copiesOf.set(primitive, (copiesOf.get(primitive) ?? 0) + copies);
    }
  });
  return [...copiesOf].map(([primitive, copies]) => ({ primitive, copies }));
}

/**
 * Thins the whole scene to at most `budget` triangles on the screen. Small parts go first, so that what they
 * did not use of their share goes to the large ones, and the sum never passes the budget.
 */
export async function simplifyScene(document, budget) {
  await MeshoptSimplifier.ready;
  const parts = drawnPrimitives(document);
  for (const part of parts) {
    if (part.primitive.getMode() !== Primitive.Mode.TRIANGLES) convertPrimitiveToTriangles(part.primitive);
    weldPrimitive(part.primitive);
    part.triangles = triangleCount(part.primitive);
  }
  parts.sort((a, b) => a.triangles - b.triangles);
  let left = parts.reduce((sum, part) => sum + part.triangles * part.copies, 0);
  let remaining = budget;
  for (const { primitive, copies, triangles } of parts) {
    const target = Math.floor((triangles * remaining) / Math.max(1, left));
    const kept = target < triangles ? simplifyPrimitive(document, primitive, target) : triangles;
    left -= triangles * copies;
    remaining -= kept * copies;
    if (kept === 0) primitive.dispose();
  }
}
