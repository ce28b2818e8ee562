import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { EXTTextureWebP } from '@gltf-transform/extensions';
import { listTextureSlots } from '@gltf-transform/functions';
import sharp from 'sharp';

import { Rejection } from './rejection.mjs';

export const PREVIEW_MAX_EDGE = 1024;
const POSTER_MAX_EDGE = 2048;
const PLAIN_FORMATS = ['image/png', 'image/jpeg'];
const BASIS_RGBA32 = 13;

const require = createRequire(import.meta.url);

let transcoder = null;

/** Loads three's Basis transcoder, a script made for browsers, once and only when a file needs it. */
async function basisTranscoder() {
  if (!transcoder) {
    const script = require.resolve('three/examples/jsm/libs/basis/basis_transcoder.js');
    const folder = dirname(script);
    const module = { exports: {} };
    new Function('module', 'exports', 'require', '__filename', '__dirname', readFileSync(script, 'utf8'))(
      module, module.exports, require, script, folder,
    );
    transcoder = await module.exports({ wasmBinary: readFileSync(join(folder, 'basis_transcoder.wasm')) });
    transcoder.initializeBasis();
  }
  return transcoder;
}

function transcodeToPixels(basis, image) {
  const file = new basis.KTX2File(image);
  try {
    if (!file.isValid() || !file.startTranscoding()) throw new Rejection('image_unreadable', 'KTX2');
    const pixels = new Uint8Array(file.getImageTranscodedSizeInBytes(0, 0, 0, BASIS_RGBA32));
    if (!file.transcodeImage(pixels, 0, 0, 0, BASIS_RGBA32, 0, -1, -1)) throw new Rejection('image_unreadable', 'KTX2');
    return { pixels, width: file.getWidth(), height: file.getHeight() };
  } finally {
    file.close();
    file.delete();
  }
}

/** Replaces KTX2 textures, which neither sharp nor the renderer reads, by PNG of the same size. */
export async function decodeBasisTextures(document) {
  const textures = document.getRoot().listTextures().filter((texture) => texture.getMimeType() === 'image/ktx2');
  for (const texture of textures) {
    const { pixels, width, height } = transcodeToPixels(await basisTranscoder(), texture.getImage());
    const png = await sharp(pixels, { raw: { width, height, channels: 4 } }).png({ compressionLevel: 1 }).toBuffer();
    texture.setImage(new Uint8Array(png)).setMimeType('image/png');
  }
  for (const extension of document.getRoot().listExtensionsUsed()) {
    if (extension.extensionName === 'KHR_texture_basisu') extension.dispose();
  }
}

async function readable(texture, work) {
  try {
    return await work(sharp(texture.getImage(), { limitInputPixels: 8192 * 8192, failOn: 'error' }));
  } catch (error) {
    throw new Rejection('image_unreadable', `${texture.getName()} ${error.message}`.trim());
  }
}

function withImages(document) {
  const textures = document.getRoot().listTextures();
  for (const texture of textures) if (!texture.getImage()) texture.dispose();
  return textures.filter((texture) => texture.getImage());
}

// From fine to coarse: edges of colour and of other maps in pixels, WebP quality, and about what share of the first
// one's bytes a step has.
const STEPS = [
  { colour: PREVIEW_MAX_EDGE, other: PREVIEW_MAX_EDGE, quality: 82, share: 1 },
  { colour: PREVIEW_MAX_EDGE, other: 512, quality: 80, share: 0.65 },
  { colour: PREVIEW_MAX_EDGE, other: 512, quality: 68, share: 0.5 },
  { colour: 512, other: 512, quality: 76, share: 0.3 },
  { colour: 512, other: 256, quality: 64, share: 0.2 },
];

async function encode(texture, original, { paid, step }) {
  const slots = listTextureSlots(texture);
  const isNormalMap = slots.some((slot) => /normal/i.test(slot));
  const limit = slots.some((slot) => /color/i.test(slot)) ? step.colour : step.other;
  texture.setImage(original.image).setMimeType(original.mimeType);
  const bytes = await readable(texture, async (image) => {
    const { width, height } = await image.metadata();
    const scale = Math.min(paid ? 0.5 : 1, limit / Math.max(width, height));
    return image
      .resize(Math.max(1, Math.floor(width * scale)), Math.max(1, Math.floor(height * scale)), { fit: 'fill' })
      .webp({ quality: step.quality + (isNormalMap ? 10 : 0), alphaQuality: 90, smartSubsample: isNormalMap, effort: 2 })
      .toBuffer();
  });
  texture.setImage(new Uint8Array(bytes)).setMimeType('image/webp');
  return bytes.byteLength;
}

/**
 * Re-encodes every texture as WebP for the browser, as coarsely as it takes to have at most `room` bytes together;
 * camera data and comments inside the pictures stay behind. Of a paid model each edge is at most half of the original's.
 * @returns {Promise<number>} bytes of all textures
 */
export async function shrinkTextures(document, { paid, room }) {
  const textures = withImages(document);
  if (textures.length === 0) return 0;
  const originals = new Map(textures.map((texture) => [texture, { image: texture.getImage(), mimeType: texture.getMimeType() }]));
  let finest = 0;
  let total = 0;
  for (const step of STEPS) {
    const isCoarsest = step === STEPS.at(-1);
    if (finest * step.share > room && !isCoarsest) continue;
    total = 0;
    for (const texture of textures) total += await encode(texture, originals.get(texture), { paid, step });
    finest ||= total;
    if (total <= room) break;
  }
  document.createExtension(EXTTextureWebP).setRequired(true);
  return total;
}

/** Leaves only PNG and JPEG of at most 2048 px, which is all that the renderer reads. */
export async function plainTextures(document) {
  for (const texture of withImages(document)) {
    const size = texture.getSize();
    if (PLAIN_FORMATS.includes(texture.getMimeType()) && size && Math.max(...size) <= POSTER_MAX_EDGE) continue;
    const bytes = await readable(texture, (image) =>
      image
        .resize({ width: POSTER_MAX_EDGE, height: POSTER_MAX_EDGE, fit: 'inside', withoutEnlargement: true })
        .png({ compressionLevel: 1 })
        .toBuffer(),
    );
    texture.setImage(new Uint8Array(bytes)).setMimeType('image/png');
  }
  for (const extension of document.getRoot().listExtensionsUsed()) {
    if (['EXT_texture_webp', 'EXT_texture_avif'].includes(extension.extensionName)) extension.dispose();
  }
}
