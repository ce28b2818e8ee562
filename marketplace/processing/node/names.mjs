const PATH = /[A-Za-z]:[\\/]|\\\\|^\/|\/(Users|home)\//;

/** A name as it may be served: of a path of somebody's disk only the last part. */
export function plainName(name) {
  const text = String(name ?? '');
  return PATH.test(text) ? text.split(/[\\/]/).pop() : text;
}
