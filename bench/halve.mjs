/**
 * Thins triangle meshes by meshoptimizer, as a modelling program's decimation would: node bench/halve.mjs IN OUT
 *
 * Both files hold meshes one after another, little-endian: number of vertices, number of triangles, triangles wanted,
 * positions as float32, indices as uint32. In OUT nothing but the indices differs.
 */
import { readFile, writeFile } from 'node:fs/promises';

import { MeshoptSimplifier } from 'meshoptimizer';

await MeshoptSimplifier.ready;
const [, , source, target] = process.argv;
const bytes = await readFile(source);
const pieces = [];
for (let at = 0; at < bytes.length; ) {
  const [vertices, triangles, wanted] = new Uint32Array(bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + 12));
  const from = bytes.byteOffset + at + 12;
  const positions = new Float32Array(bytes.buffer.slice(from, from + vertices * 12));
  const indices = new Uint32Array(bytes.buffer.slice(from + vertices * 12, from + vertices * 12 + triangles * 12));
  let thin = MeshoptSimplifier.simplify(indices, positions, 3, wanted * 3, 1)[0];
  if (thin.length > wanted * 3) thin = MeshoptSimplifier.simplify(indices, positions, 3, wanted * 3, 1, ['Permissive', 'Prune'])[0];
  pieces.push(Buffer.from(new Uint32Array([vertices, thin.length / 3, wanted]).buffer), Buffer.from(positions.buffer), Buffer.from(thin.slice().buffer));
  at += 12 + vertices * 12 + triangles * 12;
}
await writeFile(target, Buffer.concat(pieces));
