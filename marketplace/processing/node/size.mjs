/** Bytes that the preview aims at (at most 1.5 MB are promised, and these are estimates), and how triangles are thinned and textures shrunk to stay below. */
export const MAX_BYTES = 1_400_000;
// Of a preview that is too large, the share that textures may keep where geometry wants the rest.
const TEXTURE_SHARE = 0.45;
// Fewer triangles than this would be seen: then the preview may be larger.
export const LEAST_TRIANGLES = 20_000;
// Bytes of one value once quantized and padded to four.
const STORED = { POSITION: 8, NORMAL: 8, TANGENT: 8, TEXCOORD: 4, COLOR: 4, JOINTS: 4, WEIGHTS: 4 };
// JSON, nodes and headers.
const FRAME_BYTES = 20_000;

/** About how many bytes the meshes will take. */
export function geometryBytes(document) {
  const seen = new Set();
  let total = 0;
  const add = (accessor, bytes) => {
    if (!accessor || seen.has(accessor)) return;
    seen.add(accessor);
    total += accessor.getCount() * bytes;
  };
  for (const mesh of document.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      for (const owner of [primitive, ...primitive.listTargets()]) {
        for (const semantic of owner.listSemantics()) add(owner.getAttribute(semantic), STORED[semantic.replace(/^_|_\d+$/g, '')] ?? 4);
      }
      add(primitive.getIndices(), (primitive.getAttribute('POSITION')?.getCount() ?? 0) > 65_535 ? 4 : 2);
    }
  }
  return total;
}

/** Bytes of the clips, and of what describes them. */
export function animationBytes(document) {
  const accessors = new Set();
  let channels = 0;
  for (const animation of document.getRoot().listAnimations()) {
    channels += animation.listChannels().length;
    for (const sampler of animation.listSamplers()) accessors.add(sampler.getInput()).add(sampler.getOutput());
  }
  let total = channels * 190;
  for (const accessor of accessors) total += accessor?.getArray()?.byteLength ?? 0;
  return total;
}

/** How many bytes textures may have beside so much geometry and so many clips. */
export function textureRoom(geometry, animation) {
  return Math.max(TEXTURE_SHARE * MAX_BYTES, MAX_BYTES - FRAME_BYTES - geometry - animation);
}

/** How many bytes are left for geometry. */
export function geometryRoom(textures, animation) {
  return MAX_BYTES - FRAME_BYTES - textures - animation;
}
