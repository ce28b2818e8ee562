import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { Rejection } from './rejection.mjs';

const require = createRequire(import.meta.url);

export const ASSIMP_VERSION = require('assimpjs/package.json').version;

/** The last part of a path of any operating system or of an address, as people may see it. */
export function baseName(reference) {
  let text = reference;
  try {
    text = decodeURIComponent(reference);
  } catch {
    // A percent sign that stands for itself.
  }
  return text.trim().split(/[\\/]/).pop().replace(/\p{C}/gu, '').slice(0, 120);
}

/** Finds companions: by the place beside the model, else by base name; `files` has lower-case names. */
export class Companions {
  constructor(files) {
    this.files = new Map(Object.entries(files));
  }

  find(reference) {
    const plain = reference.trim().replaceAll('\\', '/').replace(/^(\.\/|\/\/)+/, '').toLowerCase();
    const isElsewhere = /^([a-z]:|\/|[a-z][a-z0-9+.-]*:\/\/|~)|(^|\/)\.\.(\/|$)/.test(plain);
    return (isElsewhere ? null : this.files.get(plain)) ?? this.files.get(baseName(reference).toLowerCase()) ?? null;
  }
}

// Assimp fails at many a clip; without them the model is there at least, at rest.
const COLLADA_CLIPS = /<library_(animation_clips|animations)\b[\s\S]*?<\/library_\1>/g;

async function convert(content, extension, label, lookUp) {
  try {
    // An instance of its own: one that has failed is not to be trusted again.
    const assimp = await require('assimpjs')();
    return assimp.ConvertFile(
      `model${extension}`, 'glb2', content, (name) => Boolean(lookUp(name)), (name) => lookUp(name) ?? new Uint8Array(),
    );
  } catch (error) {
    throw new Rejection('unreadable_model', String(error?.message ?? error), { label });
  }
}

/**
 * Reads a model with assimp into the bytes of a GLB, whose pictures may still be references.
 * Assimp runs in WebAssembly, sees no file system, and gets companions only through `companions`.
 * @returns {Promise<{bytes, dropped}>} `dropped`: kinds of things that had to be left out
 * @throws {Rejection} where assimp cannot read it
 */
export async function readWithAssimp({ path, extension, label, companions, contents }) {
  const content = new Uint8Array(await readFile(path));
  const lookUp = (name) => contents.get(companions.find(name));
  let result = await convert(content, extension, label, lookUp);
  const dropped = [];
  if (!result.IsSuccess() && extension === '.dae') {
    const still = Buffer.from(content).toString('utf8').replace(COLLADA_CLIPS, '');
    result = await convert(new Uint8Array(Buffer.from(still)), extension, label, lookUp);
    dropped.push('animation');
  }
  if (!result.IsSuccess() || result.FileCount() === 0) throw new Rejection('unreadable_model', result.GetErrorCode(), { label });
  return { bytes: Buffer.from(result.GetFile(0).GetContent()), dropped };
}
