import { PropertyType } from '@gltf-transform/core';
import { dedup, flatten, join, metalRough, prune, quantize, resample } from '@gltf-transform/functions';
import { KHRMaterialsPBRSpecularGlossiness } from '@gltf-transform/extensions';

import { bakePose } from './bake.mjs';
import { paintUnpainted } from './colours.mjs';
import { compactClips } from './clips.mjs';
import { LEAST_TRIANGLES, animationBytes, geometryBytes, geometryRoom, textureRoom } from './size.mjs';
import { simplifyScene } from './simplify.mjs';
import { mainScene, sceneTriangles } from './scene.mjs';
import { shrinkTextures } from './textures.mjs';

export const MAX_TRIANGLES = 100_000;
export const PAID_FLOOR_TRIANGLES = 5_000;
export const PAID_SHARE = 0.6;

// Not accessors: comparing them all takes longer than everything else on a file with many clips.
const SHARED_TYPES = [PropertyType.TEXTURE, PropertyType.MATERIAL, PropertyType.MESH, PropertyType.SKIN];

const PRECISION = {
  free: { quantizePosition: 14, quantizeNormal: 10, quantizeTexcoord: 12, quantizeColor: 8 },
  paid: { quantizePosition: 11, quantizeNormal: 8, quantizeTexcoord: 10, quantizeColor: 8 },
};

/** The most triangles that the public may see of a model with `triangles`. */
export function triangleBudget(triangles, paid) {
  const share = paid ? Math.max(Math.floor(triangles * PAID_SHARE), PAID_FLOOR_TRIANGLES) : triangles;
  return Math.min(share, MAX_TRIANGLES);
}

/** Keeps the first clip that still moves something, and drops the others. */
function keepOneClip(document) {
  const clips = document.getRoot().listAnimations();
  const moves = (clip) => clip.listChannels().some((channel) => {
    let drawn = false;
    channel.getTargetNode()?.traverse((node) => { drawn ||= Boolean(node.getMesh()); });
    return drawn;
  });
  const kept = clips.find(moves);
  for (const clip of clips) {
    if (clip === kept) continue;
    for (const channel of clip.listChannels()) channel.dispose();
    for (const sampler of clip.listSamplers()) sampler.dispose();
    clip.dispose();
  }
}

/** Channels that steer morph weights of a mesh without targets break the standard: they go. */
function dropIdleWeightChannels(document) {
  for (const clip of document.getRoot().listAnimations()) {
    for (const channel of clip.listChannels()) {
      const mesh = channel.getTargetNode()?.getMesh();
      const hasTargets = mesh?.listPrimitives().some((primitive) => primitive.listTargets().length > 0);
      if (channel.getTargetPath() === 'weights' && !hasTargets) channel.dispose();
    }
    if (clip.listChannels().length === 0) clip.dispose();
  }
}

/** Nothing of the source's words survives: names, extras, paths, tool, copyright, metadata packets. */
function stripWords(document) {
  const root = document.getRoot();
  for (const extension of root.listExtensionsUsed()) {
    if (extension.extensionName === 'KHR_xmp_json_ld') extension.dispose();
  }
  const properties = [
    root,
    ...root.listScenes(), ...root.listNodes(), ...root.listMeshes(), ...root.listMaterials(), ...root.listTextures(),
    ...root.listAccessors(), ...root.listBuffers(), ...root.listAnimations(), ...root.listSkins(), ...root.listCameras(),
    ...root.listMeshes().flatMap((mesh) => mesh.listPrimitives()),
    ...root.listMeshes().flatMap((mesh) => mesh.listPrimitives().flatMap((primitive) => primitive.listTargets())),
    ...root.listAnimations().flatMap((clip) => [...clip.listChannels(), ...clip.listSamplers()]),
    ...root.listExtensionsUsed().flatMap((extension) => [...extension.properties]),
  ];
  let variant = 0;
  for (const property of properties) {
    // A material variant is only selectable by its name, so it gets a neutral one.
    property.setName(property.propertyType === 'Variant' ? `Variant ${++variant}` : '').setExtras({});
  }
  for (const texture of root.listTextures()) texture.setURI('');
  for (const buffer of root.listBuffers()) buffer.setURI('');
  const asset = root.getAsset();
  for (const key of Object.keys(asset)) delete asset[key];
  asset.version = '2.0';
  asset.generator = 'Lathe preview';
}

/** A viewer that cannot draw one of a material's properties is to show the model without it, rather than nothing. */
function demandNoMaterials(document) {
  for (const extension of document.getRoot().listExtensionsUsed()) {
    if (extension.extensionName.startsWith('KHR_materials_')) extension.setRequired(false);
  }
}

/** Removes what a viewer of one object has no use for. */
function dropBackstage(document) {
  const root = document.getRoot();
  const scene = mainScene(document);
  for (const other of root.listScenes()) if (other !== scene) other.dispose();
  root.setDefaultScene(scene);
  for (const camera of root.listCameras()) camera.dispose();
}

async function thin(document, budget) {
  if (sceneTriangles(document) <= budget) return;
  await document.transform(flatten(), join());
  await simplifyScene(document, budget);
}

/** Shrinks textures, and then meshes, until the preview is small enough; returns the precision of its numbers. */
async function fit(document, paid) {
  const clips = animationBytes(document);
  const textures = await shrinkTextures(document, { paid, room: textureRoom(geometryBytes(document), clips) });
  const precision = PRECISION[paid ? 'paid' : 'free'];
  const room = geometryRoom(textures, clips);
  if (geometryBytes(document) <= room) return precision;
  for (const mesh of document.getRoot().listMeshes()) {
    // Viewers work tangents out by themselves.
    for (const primitive of mesh.listPrimitives()) primitive.setAttribute('TANGENT', null);
  }
  const bytes = geometryBytes(document);
  const triangles = sceneTriangles(document);
  const least = Math.min(LEAST_TRIANGLES, triangles);
  if (bytes > room) await thin(document, Math.max(least, Math.floor((triangles * Math.max(0, room)) / bytes)));
  return { ...precision, quantizeNormal: 8 };
}

/**
 * Turns the document into what the public sees: light, readable by any browser without a decoder,
 * and of a paid model never the product itself (the numbers are Reduction's in types.py).
 */
export async function makePreview(document, { paid, triangles }) {
  dropBackstage(document);
  paintUnpainted(document);
  if (document.getRoot().listExtensionsUsed().some((e) => e.extensionName === KHRMaterialsPBRSpecularGlossiness.EXTENSION_NAME)) {
    await document.transform(metalRough());
  }
  if (paid) {
    bakePose(document, { morphs: false });
    keepOneClip(document);
  }
  dropIdleWeightChannels(document);
  await document.transform(dedup({ propertyTypes: SHARED_TYPES }), prune({ keepSolidTextures: true, keepAttributes: true }));
  await document.transform(resample());
  compactClips(document);
  await thin(document, triangleBudget(triangles, paid));
  const precision = await fit(document, paid);
  await document.transform(
    quantize({ ...precision, normalizeWeights: true }),
    prune({ keepSolidTextures: true, keepAttributes: true }),
  );
  demandNoMaterials(document);
  stripWords(document);
  return document;
}
