const JSON_CHUNK = 0x4e4f534a;

/**
 * Takes from a GLB's description what the standard does not ask for: bounds other than of positions and of times, and
 * what is the default. Of a model with many clips these are most of it.
 */
export function withoutNeedlessWords(bytes) {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const jsonLength = source.readUInt32LE(12);
  const json = JSON.parse(source.toString('utf8', 20, 20 + jsonLength));
  const bounded = new Set();
  for (const mesh of json.meshes ?? []) {
    for (const primitive of mesh.primitives) {
      for (const owner of [primitive.attributes, ...(primitive.targets ?? [])]) bounded.add(owner.POSITION);
    }
  }
  for (const animation of json.animations ?? []) {
    for (const sampler of animation.samplers) {
      bounded.add(sampler.input);
      if (sampler.interpolation === 'LINEAR') delete sampler.interpolation;
    }
  }
  (json.accessors ?? []).forEach((accessor, index) => {
    if (bounded.has(index)) return;
    delete accessor.min;
    delete accessor.max;
  });
  const text = Buffer.from(JSON.stringify(json));
  const padded = Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4, ' ')]);
  const rest = source.subarray(20 + jsonLength);
  const head = Buffer.alloc(20);
  source.copy(head, 0, 0, 8);
  head.writeUInt32LE(20 + padded.length + rest.length, 8);
  head.writeUInt32LE(padded.length, 12);
  head.writeUInt32LE(JSON_CHUNK, 16);
  return Buffer.concat([head, padded, rest]);
}
