import validator from 'gltf-validator';

// Enough to meet every kind of issue in a broken file; they are folded by code before they are shown.
const MAX_ISSUES = 2000;

export function validatorVersion() {
  return validator.version();
}

/**
 * Runs the Khronos validator and folds its issues by code.
 * @returns {Promise<Array<{code, severity, message, pointer, count}>>} severity 0 error, 1 warning, 2 information, 3 hint
 */
export async function validate(bytes) {
  const report = await validator.validateBytes(new Uint8Array(bytes), { maxIssues: MAX_ISSUES, writeTimestamp: false });
  const folded = new Map();
  for (const { code, severity, message, pointer } of report.issues.messages) {
    const seen = folded.get(code);
    if (seen) seen.count += 1;
    else folded.set(code, { code, severity, message, pointer: pointer ?? '', count: 1 });
  }
  return [...folded.values()];
}
