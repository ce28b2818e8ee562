/**
 * One process per uploaded GLB: validate, measure, write the public preview and the plain poster source.
 *
 * Usage: node gltf.mjs REQUEST.json
 * The request names the files to read and write; the answer is written to `request.result`:
 *   {"data": …, "issues": […], "versions": {…}, "peak_memory": bytes}   or   {"rejected": {"code", "detail"}}
 * Anything else (an exception, a kill) is a crash of this tool, which the caller reports as such.
 */
import { readFile, writeFile } from 'node:fs/promises';

import { GLB_BUFFER, NodeIO, Logger, Verbosity, VERSION as GLTF_TRANSFORM_VERSION } from '@gltf-transform/core';
import { ALL_EXTENSIONS } from '@gltf-transform/extensions';
import { cloneDocument, dequantize } from '@gltf-transform/functions';
import draco3d from 'draco3dgltf';
import { MeshoptDecoder } from 'meshoptimizer';
import sharp from 'sharp';

import { Rejection } from './rejection.mjs';
import { measure, measurePreview } from './measure.mjs';
import { makePoster } from './poster.mjs';
import { makePreview } from './preview.mjs';
import { decodeBasisTextures } from './textures.mjs';
import { repairNumbers } from './repair.mjs';
import { serve } from './serve.mjs';
import { validate, validatorVersion } from './validate.mjs';
import { withoutNeedlessWords } from './write.mjs';

// Extensions that only say how the bytes were packed: once read, the data is plain and they must not be written again.
const PACKING_EXTENSIONS = ['KHR_draco_mesh_compression', 'EXT_meshopt_compression'];
const [EXT_MESHOPT, KHR_MESHOPT] = ['EXT_meshopt_compression', 'KHR_meshopt_compression'];

async function createIO(extensionsUsed) {
  const io = new NodeIO().setLogger(new Logger(Verbosity.SILENT)).registerExtensions(ALL_EXTENSIONS);
  if (extensionsUsed.includes('KHR_draco_mesh_compression')) {
    io.registerDependencies({ 'draco3d.decoder': await draco3d.createDecoderModule() });
  }
  if (extensionsUsed.includes('EXT_meshopt_compression')) {
    await MeshoptDecoder.ready;
    io.registerDependencies({ 'meshopt.decoder': MeshoptDecoder });
  }
  return io;
}

/** The same compression has a first and a later name; the library knows the first. */
function renameMeshopt(json) {
  const rename = (names) => names?.map((name) => (name === KHR_MESHOPT ? EXT_MESHOPT : name));
  json.extensionsUsed = rename(json.extensionsUsed);
  json.extensionsRequired = rename(json.extensionsRequired);
  for (const { extensions } of [...(json.buffers ?? []), ...(json.bufferViews ?? [])]) {
    if (!extensions?.[KHR_MESHOPT]) continue;
    extensions[EXT_MESHOPT] = extensions[KHR_MESHOPT];
    delete extensions[KHR_MESHOPT];
  }
}

/** Opens the GLB as a document whose geometry and pictures are all plainly readable. */
async function open(bytes) {
  const jsonLength = bytes.readUInt32LE(12);
  const json = JSON.parse(bytes.toString('utf8', 20, 20 + jsonLength));
  const names = (json.extensionsUsed ?? []).map(String);
  renameMeshopt(json);
  const io = await createIO(json.extensionsUsed ?? []);
  let document;
  try {
    document = await io.readJSON({ json, resources: { [GLB_BUFFER]: new Uint8Array(bytes.subarray(28 + jsonLength)) } });
  } catch (error) {
    throw new Rejection('unreadable_structure', String(error.message ?? error));
  }
  document.setLogger(new Logger(Verbosity.SILENT));
  for (const extension of document.getRoot().listExtensionsUsed()) {
    if (PACKING_EXTENSIONS.includes(extension.extensionName)) extension.dispose();
  }
  return { document, io, json: { ...json, extensionsUsed: names } };
}

async function run(request) {
  sharp.cache(false);
  const bytes = await readFile(request.source);
  const issues = await validate(bytes);
  const { document, io, json } = await open(bytes);
  const data = measure(document, json, request.limits);
  await decodeBasisTextures(document);
  await document.transform(dequantize());
  repairNumbers(document);

  const poster = await makePoster(cloneDocument(document));
  await writeFile(request.poster, await io.writeBinary(poster));
  const preview = await makePreview(document, {
    paid: request.paid,
    triangles: data.triangles,
  });
  const previewBytes = withoutNeedlessWords(await io.writeBinary(preview));
  const flaws = (await validate(previewBytes)).filter((issue) => issue.severity === 0);
  if (flaws.length > 0) throw new Rejection('preview_invalid', flaws[0].message);
  await writeFile(request.preview, previewBytes);
  data.preview = measurePreview(preview, previewBytes.byteLength);
  return { data, issues };
}

await serve(run, {
  'gltf-validator': validatorVersion(),
  'gltf-transform': GLTF_TRANSFORM_VERSION.replace(/^v/, ''),
  sharp: sharp.versions.sharp,
});
