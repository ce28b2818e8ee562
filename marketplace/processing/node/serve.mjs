import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

import { Rejection } from './rejection.mjs';

/** Reads the peak resident set of this process, in bytes. */
function peakMemory() {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
  return line ? Number(line[1]) * 1024 : 0;
}

/**
 * The frame of a tool: runs `work` on the request named on the command line and writes its answer where that says.
 * A Rejection is the file's own fault; anything else that is thrown is a crash of the tool.
 */
export async function serve(work, versions) {
  const request = JSON.parse(await readFile(process.argv[2], 'utf8'));
  let answer;
  try {
    answer = await work(request);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    answer = { rejected: { ...error.values, code: error.code, detail: error.message.slice(0, 300) } };
  }
  answer.peak_memory = peakMemory();
  answer.versions = { node: process.versions.node, ...versions };
  await writeFile(request.result, JSON.stringify(answer));
}
