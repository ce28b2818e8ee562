// Bundles <model-viewer> from its sources rather than taking its ready-made file, which breaks our content security
// policy in two ways: it puts its styles into the page as a <style> element, and it compiles a WebAssembly decoder as
// soon as it is loaded, one that our previews never need.
import esbuild from "esbuild";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const STYLE = /<style>([\s\S]*?)<\/style>/;
const ELEMENT = "class ModelViewerElementBase extends ReactiveElement {";

function changed(file) {
  return new Error(`model-viewer's ${file} has changed: see static/viewer-bundle.mjs`);
}

// The rules of the <style> element as a constructed style sheet, which the policy allows …
function withoutStyleElement(source) {
  const found = STYLE.exec(source);
  if (!found || found[1].includes("${")) throw changed("template.js");
  return `${source.replace(STYLE, "")}
export const viewerStyles = new CSSStyleSheet();
viewerStyles.replaceSync(${JSON.stringify(found[1])});`;
}

// … and given to the element's base class, which adopts it.
function withStyles(source) {
  if (!source.includes(ELEMENT)) throw changed("model-viewer-base.js");
  return `import { viewerStyles } from "./template.js";
${source.replace(ELEMENT, `${ELEMENT}\n    static styles = viewerStyles;`)}`;
}

const withinOurPolicy = {
  name: "within-our-policy",
  setup(build) {
    for (const [file, change] of [["template", withoutStyleElement], ["model-viewer-base", withStyles]]) {
      build.onLoad({ filter: new RegExp(`@google[\\\\/]model-viewer[\\\\/]lib[\\\\/]${file}\\.js$`) }, async (found) => ({
        contents: change(await readFile(found.path, "utf8")),
        loader: "js",
      }));
    }
    build.onLoad({ filter: /[\\/]meshopt_decoder\.module\.js$/ }, () => ({
      contents: "export const MeshoptDecoder = null;",
      loader: "js",
    }));
  },
};

export function bundleViewer(outfile) {
  return esbuild.build({
    stdin: { contents: 'import "@google/model-viewer/lib/model-viewer.js";', resolveDir: path.dirname(fileURLToPath(import.meta.url)) },
    outfile,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "eof",
    plugins: [withinOurPolicy],
    logLevel: "warning",
  });
}
