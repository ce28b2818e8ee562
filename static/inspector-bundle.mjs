// Bundles the inspector (three.js and our code) in pieces: its page, the embedded view and the moderators' comparison
// share what they have in common, and what a visitor does not ask for is not fetched.
import esbuild from "esbuild";
import path from "node:path";
import { fileURLToPath } from "node:url";

const sources = path.join(path.dirname(fileURLToPath(import.meta.url)), "js", "inspector");

export function bundleInspector(outdir) {
  return esbuild.build({
    entryPoints: Object.fromEntries(["page", "embed", "compare"].map((name) => [name, path.join(sources, `${name}.js`)])),
    outdir,
    // The pieces name each other, so they carry their hash themselves; the two entries get theirs from the server.
    chunkNames: "pieces/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "eof",
    logLevel: "warning",
  });
}
