import { convertPrimitiveToTriangles, metalRough, prune, uninstance } from '@gltf-transform/functions';
import { Primitive } from '@gltf-transform/core';
import { KHRMaterialsTransmission, KHRMaterialsPBRSpecularGlossiness } from '@gltf-transform/extensions';

import { bakePose } from './bake.mjs';
import { encodeVertexColours, paintUnpainted } from './colours.mjs';
import { mainScene } from './scene.mjs';
import { plainTextures } from './textures.mjs';

const RENDERED_EXTENSIONS = ['KHR_materials_unlit', 'KHR_texture_transform'];
// Glass drawn as a thin see-through film, as the renderer knows no refraction; stained glass has to keep its colour.
const CLEAR_GLASS_OPACITY = 0.3;
const STAINED_GLASS_OPACITY = 0.75;

/** Says in plain glTF what the renderer would not understand of newer material extensions. */
function simplifyMaterial(material) {
  const transmission = material.getExtension(KHRMaterialsTransmission.EXTENSION_NAME);
  if (transmission && transmission.getTransmissionFactor() > 0) {
    const factor = transmission.getTransmissionFactor();
    const [r, g, b, a] = material.getBaseColorFactor();
    const tint = material.getExtension('KHR_materials_volume')?.getAttenuationColor() ?? [1, 1, 1];
    const stained = material.getBaseColorTexture() || Math.min(r * tint[0], g * tint[1], b * tint[2]) < 0.6;
    const opacity = stained ? STAINED_GLASS_OPACITY : CLEAR_GLASS_OPACITY;
    material
      .setBaseColorFactor([r * tint[0], g * tint[1], b * tint[2], a * (1 - factor * (1 - opacity))])
      .setAlphaMode('BLEND');
  }
  const strength = material.getExtension('KHR_materials_emissive_strength')?.getEmissiveStrength() ?? 1;
  material.setEmissiveFactor(material.getEmissiveFactor().map((value) => Math.min(1, value * strength)));
}

/**
 * The model as a plain GLB for the renderer and the geometry step: floats, PNG and JPEG, triangles,
 * no instancing, no skins, no clips, no lights or cameras, in its resting pose. Full detail: it stays private.
 */
export async function makePoster(document) {
  const root = document.getRoot();
  for (const animation of root.listAnimations()) animation.dispose();
  if (root.listExtensionsUsed().some((e) => e.extensionName === KHRMaterialsPBRSpecularGlossiness.EXTENSION_NAME)) {
    await document.transform(metalRough());
  }
  await document.transform(uninstance());
  bakePose(document, { morphs: true });
  const scene = mainScene(document);
  for (const other of root.listScenes()) if (other !== scene) other.dispose();
  for (const camera of root.listCameras()) camera.dispose();
  for (const material of root.listMaterials()) simplifyMaterial(material);
  paintUnpainted(document);
  for (const mesh of root.listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      const mode = primitive.getMode();
      if (mode === Primitive.Mode.TRIANGLE_STRIP || mode === Primitive.Mode.TRIANGLE_FAN) convertPrimitiveToTriangles(primitive);
      // The ray caster's reader looks at vertex colours only under a name of the application's own.
      if (primitive.getAttribute('COLOR_0')) primitive.setAttribute('_COLOR', primitive.getAttribute('COLOR_0'));
    }
  }
  encodeVertexColours(document);
  for (const extension of root.listExtensionsUsed()) {
    if (!RENDERED_EXTENSIONS.includes(extension.extensionName)) extension.dispose();
  }
  await document.transform(prune({ keepAttributes: true, keepSolidTextures: true }));
  await plainTextures(document);
  return document;
}
