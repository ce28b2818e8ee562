import { Primitive } from '@gltf-transform/core';

/** The scene that a viewer opens first. */
export function mainScene(document) {
  const root = document.getRoot();
  return root.getDefaultScene() ?? root.listScenes()[0] ?? null;
}

/** Number of copies that EXT_mesh_gpu_instancing draws of a node's mesh. */
export function instanceCount(node) {
  const batch = node.getExtension('EXT_mesh_gpu_instancing');
  if (!batch) return 1;
  return Math.max(0, ...batch.listAttributes().map((attribute) => attribute.getCount()));
}

/** Triangles that one drawing of the primitive puts on the screen; lines and points have none. */
export function triangleCount(primitive) {
  const indices = primitive.getIndices();
  const position = primitive.getAttribute('POSITION');
  const count = indices ? indices.getCount() : position ? position.getCount() : 0;
  switch (primitive.getMode()) {
    case Primitive.Mode.TRIANGLES:
      return Math.floor(count / 3);
    case Primitive.Mode.TRIANGLE_STRIP:
    case Primitive.Mode.TRIANGLE_FAN:
      return Math.max(0, count - 2);
    default:
      return 0;
  }
}

/** Calls `visit(node, mesh, copies)` for each node of the main scene that draws a mesh. */
export function forEachDrawnMesh(document, visit) {
  mainScene(document)?.traverse((node) => {
    const mesh = node.getMesh();
    if (mesh) visit(node, mesh, instanceCount(node));
  });
}

/** Triangles on the screen, each instance counted. */
export function sceneTriangles(document) {
  let total = 0;
  forEachDrawnMesh(document, (_node, mesh, copies) => {
    for (const primitive of mesh.listPrimitives()) total += triangleCount(primitive) * copies;
  });
  return total;
}
