import { createHash } from 'node:crypto';

/** Channels of many clips move at the same times: stored once, they take half the space. */
function shareTimes(document) {
  const known = new Map();
  for (const animation of document.getRoot().listAnimations()) {
    for (const sampler of animation.listSamplers()) {
      const times = sampler.getInput();
      const array = times?.getArray();
      if (!array) continue;
      const key = createHash('md5').update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)).digest('hex');
      if (known.has(key)) sampler.setInput(known.get(key));
      else known.set(key, times);
    }
  }
}

/** Rotations as 16-bit numbers, which the standard allows and no eye tells from floats. */
function packRotations(document) {
  const packed = new Map();
  for (const animation of document.getRoot().listAnimations()) {
    for (const channel of animation.listChannels()) {
      const sampler = channel.getSampler();
      const output = sampler?.getOutput();
      // The tangents of a cubic spline are not unit quaternions and would not fit.
      if (channel.getTargetPath() !== 'rotation' || sampler.getInterpolation() === 'CUBICSPLINE') continue;
      if (!(output?.getArray() instanceof Float32Array)) continue;
      if (!packed.has(output)) {
        const short = Int16Array.from(output.getArray(), (value) => Math.round(Math.max(-1, Math.min(1, value)) * 32767));
        packed.set(output, document.createAccessor().setType('VEC4').setNormalized(true).setArray(short).setBuffer(output.getBuffer()));
      }
      sampler.setOutput(packed.get(output));
    }
  }
}

const REST = { translation: (node) => node.getTranslation(), rotation: (node) => node.getRotation(), scale: (node) => node.getScale() };
const REST_TOLERANCE = 1e-4;

function isAtRest(channel) {
  const node = channel.getTargetNode();
  const output = channel.getSampler()?.getOutput();
  const rest = REST[channel.getTargetPath()]?.(node);
  if (!rest || !output || channel.getSampler().getInterpolation() === 'CUBICSPLINE') return false;
  const size = Math.max(...rest.map(Math.abs), 1e-6);
  const element = [];
  for (let i = 0; i < output.getCount(); i++) {
    output.getElement(i, element);
    if (element.some((value, c) => Math.abs(value - rest[c]) > REST_TOLERANCE * size)) return false;
  }
  return true;
}

/** Many programs write a channel for every bone, moved or not: those that hold a node where it rests anyway go. */
function dropResting(document) {
  for (const animation of document.getRoot().listAnimations()) {
    for (const channel of animation.listChannels().filter(isAtRest)) {
      if (animation.listChannels().length > 1) channel.dispose();
    }
    const used = new Set(animation.listChannels().map((channel) => channel.getSampler()));
    for (const sampler of animation.listSamplers()) if (!used.has(sampler)) sampler.dispose();
  }
}

/** Makes clips small without changing what is seen of them. Expects resampled ones. */
export function compactClips(document) {
  dropResting(document);
  shareTimes(document);
  packRotations(document);
}
