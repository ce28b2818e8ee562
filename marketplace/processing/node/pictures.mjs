import { TGALoader } from 'three/examples/jsm/loaders/TGALoader.js';
import sharp from 'sharp';

const starts = (bytes, ...head) => head.every((byte, i) => bytes[i] === byte);

/** Media type of a picture by its first bytes; null for what is none of these. */
export function mimeOf(bytes) {
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47)) return 'image/png';
  if (starts(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(bytes, 0x52, 0x49, 0x46, 0x46) && bytes[8] === 0x57) return 'image/webp';
  if (starts(bytes, 0x49, 0x49, 0x2a, 0) || starts(bytes, 0x4d, 0x4d, 0, 0x2a)) return 'image/tiff';
  if (starts(bytes, 0x47, 0x49, 0x46, 0x38)) return 'image/gif';
  return null;
}

function isTarga(bytes) {
  const [colourMap, type] = [bytes[1], bytes[2]];
  return bytes.length > 18 && colourMap <= 1 && [1, 2, 3, 9, 10, 11].includes(type) && [8, 16, 24, 32].includes(bytes[16]);
}

async function fromTarga(bytes, maxEdge) {
  const [width, height] = [bytes[12] | (bytes[13] << 8), bytes[14] | (bytes[15] << 8)];
  if (width < 1 || height < 1 || Math.max(width, height) > maxEdge) return null;
  const exact = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { data } = new TGALoader().parse(exact);
  return sharp(data, { raw: { width, height, channels: 4 } }).png({ compressionLevel: 1 }).toBuffer();
}

/** A picture that came inside a model file as one that glTF may hold, {image, mimeType}; null where it cannot be read. */
export async function webPicture(bytes, { maxEdge }) {
  const mimeType = mimeOf(bytes);
  if (['image/png', 'image/jpeg', 'image/webp'].includes(mimeType)) return { image: bytes, mimeType };
  try {
    const options = { limitInputPixels: maxEdge * maxEdge, failOn: 'error' };
    const png = mimeType ? await sharp(bytes, options).png({ compressionLevel: 1 }).toBuffer()
      : isTarga(bytes) ? await fromTarga(bytes, maxEdge) : null;
    return png && { image: new Uint8Array(png), mimeType: 'image/png' };
  } catch {
    return null;
  }
}
