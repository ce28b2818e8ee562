/**
 * Vertex colours as the renderer reads them: it lets them replace the base colour factor, and takes them for sRGB,
 * where glTF multiplies linear values. So the factor moves into the colours, and the colours are encoded.
 */
export function encodeVertexColours(document) {
  const whitened = new Map();
  for (const mesh of document.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      const colours = primitive.getAttribute('COLOR_0');
      if (!colours) continue;
      const material = primitive.getMaterial();
      const factor = material ? material.getBaseColorFactor() : [1, 1, 1, 1];
      const encoded = new Float32Array(colours.getCount() * 4);
      const element = [];
      for (let index = 0; index < colours.getCount(); index++) {
        colours.getElement(index, element);
        for (let channel = 0; channel < 3; channel++) {
          encoded[index * 4 + channel] = Math.max(0, element[channel] * factor[channel]) ** (1 / 2.2);
        }
        encoded[index * 4 + 3] = (element[3] ?? 1) * factor[3];
      }
      const accessor = document.createAccessor().setType('VEC4').setArray(encoded).setBuffer(colours.getBuffer());
      primitive.setAttribute('COLOR_0', accessor);
      if (!material) continue;
      if (!whitened.has(material)) whitened.set(material, material.clone().setBaseColorFactor([1, 1, 1, 1]));
      primitive.setMaterial(whitened.get(material));
    }
  }
}

// A surface of no colour of its own reads best against light and dark pages in a middle grey.
const UNCOLOURED = [0.42, 0.43, 0.45, 1];

/** Gives surfaces without a material a plain one: grey, or white under vertex colours. */
export function paintUnpainted(document) {
  const plain = document.createMaterial().setMetallicFactor(0).setRoughnessFactor(0.55).setDoubleSided(true);
  const grey = plain.clone().setBaseColorFactor(UNCOLOURED);
  for (const mesh of document.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      if (!primitive.getMaterial()) primitive.setMaterial(primitive.getAttribute('COLOR_0') ? plain : grey);
    }
  }
}
