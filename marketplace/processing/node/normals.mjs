import { Primitive } from '@gltf-transform/core';
import { MeshoptSimplifier } from 'meshoptimizer';

// Faces that meet at a smaller angle than this are one smooth surface; at a larger one there is an edge.
const CREASE_COSINE = Math.cos((35 * Math.PI) / 180);
const SAME_DIRECTION_COSINE = 0.9999;

/** Unit normal and area of every triangle, four numbers each. */
function faceNormals(indices, positions) {
  const count = indices.length / 3;
  const faces = new Float32Array(count * 4);
  for (let f = 0; f < count; f++) {
    const [a, b, c] = [indices[f * 3] * 3, indices[f * 3 + 1] * 3, indices[f * 3 + 2] * 3];
    const [ux, uy, uz] = [positions[b] - positions[a], positions[b + 1] - positions[a + 1], positions[b + 2] - positions[a + 2]];
    const [vx, vy, vz] = [positions[c] - positions[a], positions[c + 1] - positions[a + 1], positions[c + 2] - positions[a + 2]];
    const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    const length = Math.hypot(x, y, z);
    if (length > 0) faces.set([x / length, y / length, z / length, length], f * 4);
  }
  return faces;
}

/** For each place in space the triangles that touch it, as one list with the start of each place's share. */
function trianglesAround(indices, places, vertexCount) {
  const starts = new Uint32Array(vertexCount + 1);
  for (const index of indices) starts[places[index] + 1] += 1;
  for (let i = 0; i < vertexCount; i++) starts[i + 1] += starts[i];
  const next = starts.slice(0, vertexCount);
  const around = new Uint32Array(indices.length);
  indices.forEach((index, corner) => { around[next[places[index]]++] = Math.floor(corner / 3); });
  return { starts, around };
}

/** Normal of every corner: the mean, by area, of the triangles there that lie within the crease angle of its own. */
function cornerNormals(indices, places, faces, vertexCount) {
  const { starts, around } = trianglesAround(indices, places, vertexCount);
  const normals = new Float32Array(indices.length * 3);
  for (let corner = 0; corner < indices.length; corner++) {
    const own = Math.floor(corner / 3) * 4;
    const place = places[indices[corner]];
    let [x, y, z] = [0, 0, 0];
    for (let i = starts[place]; i < starts[place + 1]; i++) {
      const other = around[i] * 4;
      const cosine = faces[own] * faces[other] + faces[own + 1] * faces[other + 1] + faces[own + 2] * faces[other + 2];
      if (cosine < CREASE_COSINE) continue;
      x += faces[other] * faces[other + 3];
      y += faces[other + 1] * faces[other + 3];
      z += faces[other + 2] * faces[other + 3];
    }
    const length = Math.hypot(x, y, z);
    normals.set(length > 0 ? [x / length, y / length, z / length] : [0, 1, 0], corner * 3);
  }
  return normals;
}

/** Splits vertices where their corners' normals differ: new indices, the old vertex of each new one, its normal. */
function splitVertices(indices, normals, vertexCount) {
  const first = new Int32Array(vertexCount).fill(-1);
  const sources = [];
  const following = [];
  const kept = [];
  const split = new Uint32Array(indices.length);
  for (let corner = 0; corner < indices.length; corner++) {
    const vertex = indices[corner];
    const [x, y, z] = [normals[corner * 3], normals[corner * 3 + 1], normals[corner * 3 + 2]];
    let found = first[vertex];
    while (found >= 0 && kept[found * 3] * x + kept[found * 3 + 1] * y + kept[found * 3 + 2] * z < SAME_DIRECTION_COSINE) {
      found = following[found];
    }
    if (found < 0) {
      found = sources.length;
      sources.push(vertex);
      following.push(first[vertex]);
      first[vertex] = found;
      kept.push(x, y, z);
    }
    split[corner] = found;
  }
  return { indices: split, sources, normals: Float32Array.from(kept) };
}

/** The same attribute with one element for each of `sources`. */
function pick(document, attribute, sources) {
  const array = attribute.getArray();
  const size = attribute.getElementSize();
  const picked = new array.constructor(sources.length * size);
  sources.forEach((source, i) => {
    for (let c = 0; c < size; c++) picked[i * size + c] = array[source * size + c];
  });
  return document.createAccessor().setType(attribute.getType()).setNormalized(attribute.getNormalized())
    .setArray(picked).setBuffer(document.getRoot().listBuffers()[0]);
}

function addNormals(document, primitive) {
  const position = primitive.getAttribute('POSITION');
  const positions = Float32Array.from(position.getArray());
  const vertexCount = position.getCount();
  const given = primitive.getIndices()?.getArray();
  const indices = given ? Uint32Array.from(given) : Uint32Array.from({ length: vertexCount }, (_, i) => i);
  const places = MeshoptSimplifier.generatePositionRemap(positions, 3);
  const corners = cornerNormals(indices, places, faceNormals(indices, positions), vertexCount);
  const split = splitVertices(indices, corners, vertexCount);
  const buffer = document.getRoot().listBuffers()[0];
  for (const semantic of primitive.listSemantics()) {
    primitive.setAttribute(semantic, pick(document, primitive.getAttribute(semantic), split.sources));
  }
  for (const target of primitive.listTargets()) {
    for (const semantic of target.listSemantics()) {
      target.setAttribute(semantic, pick(document, target.getAttribute(semantic), split.sources));
    }
  }
  primitive.setIndices(document.createAccessor().setType('SCALAR').setArray(split.indices).setBuffer(buffer));
  primitive.setAttribute('NORMAL', document.createAccessor().setType('VEC3').setArray(split.normals).setBuffer(buffer));
}

/** Gives surfaces without normals theirs, smooth but for edges; returns to how many. */
export async function addMissingNormals(document) {
  await MeshoptSimplifier.ready;
  let count = 0;
  for (const mesh of document.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      if (primitive.getMode() !== Primitive.Mode.TRIANGLES || primitive.getAttribute('NORMAL')) continue;
      addNormals(document, primitive);
      count += 1;
    }
  }
  return count;
}
