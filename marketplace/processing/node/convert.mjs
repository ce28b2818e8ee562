/**
 * Second half of the conversion of a file into the internal GLB (the first is convert/ in Python).
 *
 * Usage: node convert.mjs REQUEST.json
 * Reads `request.source` by assimp, or as a GLB (`request.reader`); puts in the pictures that the upload holds, stands
 * the model up, scales it to metres, gives it normals, and writes it to `request.target`. The answer, at
 * `request.result`, is {"facts", "versions", "peak_memory"} or {"rejected": {"code", "detail", …}}.
 */
import { readFile, writeFile } from 'node:fs/promises';

import { GLB_BUFFER, NodeIO, Logger, Primitive, Verbosity, VERSION as GLTF_TRANSFORM_VERSION } from '@gltf-transform/core';
import { ALL_EXTENSIONS } from '@gltf-transform/extensions';
import { dedup, prune, weld } from '@gltf-transform/functions';
import sharp from 'sharp';

import { ASSIMP_VERSION, Companions, baseName, readWithAssimp } from './assimp.mjs';
import { plainName } from './names.mjs';
import { addMissingNormals } from './normals.mjs';
import { webPicture } from './pictures.mjs';
import { serve } from './serve.mjs';
import { Rejection } from './rejection.mjs';
import { mainScene } from './scene.mjs';

const GENERATOR = 'Lathe converter';
// What assimp writes of every material, with values that no creator chose.
const ASSIMP_NOISE = ['KHR_materials_volume', 'KHR_materials_ior', 'KHR_materials_specular', 'FB_ngon_encoding'];
// What assimp calls a material that the file does not have.
const ASSIMP_MATERIAL = 'DefaultMaterial';
// Turns that bring the file's upward axis to y.
const STANCE = { X: [0, 0, Math.SQRT1_2, Math.SQRT1_2], Y: [0, 0, 0, 1], Z: [-Math.SQRT1_2, 0, 0, Math.SQRT1_2] };

function parts(bytes) {
  const jsonLength = bytes.readUInt32LE(12);
  const json = JSON.parse(bytes.toString('utf8', 20, 20 + jsonLength));
  return { json, binary: bytes.subarray(28 + jsonLength) };
}

/** Opens what the first reader made. Pictures that lie outside are fetched from the companions, and noted otherwise. */
async function open(bytes, companions, contents, limits) {
  const { json, binary } = parts(bytes);
  json.extensionsUsed = (json.extensionsUsed ?? []).filter((name) => !ASSIMP_NOISE.includes(name));
  for (const material of json.materials ?? []) {
    for (const name of ASSIMP_NOISE) delete material.extensions?.[name];
  }
  const resources = { [GLB_BUFFER]: binary };
  const found = { missing: new Set(), unreadable: new Set() };
  for (const [index, image] of (json.images ?? []).entries()) {
    const reference = image.uri;
    if (reference === undefined || reference.startsWith('data:')) continue;
    const path = companions.find(reference);
    image.uri = `${index}.png`;
    resources[image.uri] = path ? contents.get(path) : new Uint8Array();
    if (!path) found.missing.add(baseName(reference));
  }
  const io = new NodeIO().setLogger(new Logger(Verbosity.SILENT)).registerExtensions(ALL_EXTENSIONS);
  const document = await io.readJSON({ json, resources });
  document.setLogger(new Logger(Verbosity.SILENT));
  for (const [index, texture] of document.getRoot().listTextures().entries()) {
    const image = texture.getImage();
    const picture = image?.byteLength ? await webPicture(image, { maxEdge: limits.max_image_edge }) : null;
    if (picture) {
      texture.setImage(picture.image).setMimeType(picture.mimeType);
    } else {
      if (image?.byteLength) found.unreadable.add(baseName(texture.getName()) || `picture ${index + 1}`);
      texture.dispose();
    }
  }
  return { document, io, found };
}

/** Leaves surfaces only; returns how many points and edges went. */
function dropLooseParts(document) {
  let dropped = 0;
  let surfaces = 0;
  for (const mesh of document.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      if ([Primitive.Mode.TRIANGLES, Primitive.Mode.TRIANGLE_STRIP, Primitive.Mode.TRIANGLE_FAN].includes(primitive.getMode())) {
        surfaces += 1;
        continue;
      }
      dropped += primitive.getAttribute('POSITION')?.getCount() ?? 0;
      primitive.dispose();
    }
    if (mesh.listPrimitives().length === 0) mesh.dispose();
  }
  if (surfaces === 0) throw new Rejection(dropped > 0 ? 'only_points' : 'nothing_to_show');
  return dropped;
}

/** Stands the model up and scales it, by one node above all others. */
function place(document, { up, scale }) {
  const scene = mainScene(document);
  if (up === 'Y' && scale === 1) return;
  const stand = document.createNode().setRotation(STANCE[up]).setScale([scale, scale, scale]);
  for (const child of scene.listChildren()) stand.addChild(child);
  scene.addChild(stand);
}

/** Readers give texture places a third number that glTF has no room for. */
function mendTexturePlaces(document) {
  const mended = new Map();
  for (const mesh of document.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      for (const semantic of primitive.listSemantics().filter((name) => name.startsWith('TEXCOORD_'))) {
        const given = primitive.getAttribute(semantic);
        if (given.getElementSize() === 2) continue;
        if (!mended.has(given)) {
          const array = given.getArray();
          const size = given.getElementSize();
          const flat = Float32Array.from({ length: given.getCount() * 2 }, (_, i) => array[(i >> 1) * size + (i & 1)]);
          mended.set(given, document.createAccessor().setType('VEC2').setArray(flat).setBuffer(given.getBuffer()));
        }
        primitive.setAttribute(semantic, mended.get(given));
      }
    }
  }
}

/** Shapes whose points are not those of the mesh (assimp merges some) cannot be shown; returns whether there were any. */
function dropUnfitShapes(document) {
  let dropped = false;
  for (const mesh of document.getRoot().listMeshes()) {
    const fits = (primitive, target) => target.listAttributes().every(
      (attribute) => attribute.getCount() === primitive.getAttribute('POSITION').getCount(),
    );
    const primitives = mesh.listPrimitives();
    if (primitives.every((primitive) => primitive.listTargets().every((target) => fits(primitive, target)))) continue;
    for (const primitive of primitives) for (const target of primitive.listTargets()) primitive.removeTarget(target);
    mesh.setWeights([]);
    for (const node of document.getRoot().listNodes()) if (node.getMesh() === mesh) node.setWeights([]);
    dropped = true;
  }
  return dropped;
}

/** A grey that programs write beside a texture is not meant to darken it. */
function untint(material) {
  const [r, g, b, a] = material.getBaseColorFactor();
  if (material.getBaseColorTexture() && Math.max(r, g, b) - Math.min(r, g, b) < 0.01) material.setBaseColorFactor([1, 1, 1, a]);
}

/** Surfaces of files that know no inside and outside are seen from both; readers write colours that are no numbers. */
function mendMaterials(document) {
  for (const material of document.getRoot().listMaterials()) {
    if (material.getName() === ASSIMP_MATERIAL && !material.getBaseColorTexture()) {
      material.dispose();
      continue;
    }
    material.setDoubleSided(true);
    const clamp = (value, fallback) => (Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : fallback);
    material.setBaseColorFactor(material.getBaseColorFactor().map((value) => clamp(value, 1)));
    untint(material);
    material.setEmissiveFactor(material.getEmissiveFactor().map((value) => clamp(value, 0)));
    material.setMetallicFactor(clamp(material.getMetallicFactor(), 0)).setRoughnessFactor(clamp(material.getRoughnessFactor(), 0.6));
  }
}

function dropNormals(document) {
  for (const mesh of document.getRoot().listMeshes()) {
    for (const primitive of mesh.listPrimitives()) {
      for (const owner of [primitive, ...primitive.listTargets()]) owner.setAttribute('NORMAL', null).setAttribute('TANGENT', null);
    }
  }
}

/** No path of anybody's disk stays: pictures lose their names, other things keep the last part of theirs. */
function dropPaths(document) {
  const root = document.getRoot();
  for (const texture of root.listTextures()) texture.setName('').setURI('').setExtras({});
  for (const property of [...root.listScenes(), ...root.listNodes(), ...root.listMeshes(), ...root.listMaterials(), ...root.listAnimations(), ...root.listSkins(), ...root.listCameras(), ...root.listAccessors()]) {
    property.setName(plainName(property.getName())).setExtras({});
  }
  const asset = root.getAsset();
  for (const key of Object.keys(asset)) delete asset[key];
  asset.version = '2.0';
  asset.generator = GENERATOR;
}

async function readFiles(files) {
  return new Map(await Promise.all(Object.values(files).map(async (path) => [path, new Uint8Array(await readFile(path))])));
}

async function run(request) {
  sharp.cache(false);
  const files = request.files ?? {};
  const companions = new Companions(files);
  const contents = await readFiles(files);
  const read = request.reader === 'assimp'
    ? await readWithAssimp({ path: request.source, extension: request.extension, label: request.label, companions, contents })
    : { bytes: await readFile(request.source), dropped: [] };
  const { document, io, found } = await open(read.bytes, companions, contents, request.limits);
  const looseVertices = dropLooseParts(document);
  mendMaterials(document);
  mendTexturePlaces(document);
  if (dropUnfitShapes(document)) read.dropped.push('shapes');
  if (request.drop_normals) dropNormals(document);
  const normalsMade = await addMissingNormals(document);
  place(document, request);
  dropPaths(document);
  await document.transform(
    weld(), dedup(), prune({ keepAttributes: true, keepSolidTextures: true, keepLeaves: false }),
  );
  await writeFile(request.target, await io.writeBinary(document));
  return {
    facts: {
      dropped: read.dropped,
      missing: [...found.missing],
      unreadable: [...found.unreadable],
      loose_vertices: looseVertices,
      normals_made: normalsMade,
    },
  };
}

await serve(run, {
  'gltf-transform': GLTF_TRANSFORM_VERSION.replace(/^v/, ''),
  assimpjs: ASSIMP_VERSION,
  sharp: sharp.versions.sharp,
});
