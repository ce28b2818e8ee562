// Bundles <model-viewer> from its sources rather than taking its ready-made file, which breaks our content security
// policy in two ways: it puts its styles into the page as a <style> element, and it compiles a WebAssembly decoder as
// soon as it is loaded, one that our previews never need.
import esbuild from "esbuild";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const STYLE = /<style>([\s\S]*?)<\/style>/;
const RENDER = "render(templateResult, shadowRoot);";

// The same rules as a constructed style sheet, which the policy allows.
function withAdoptedStyles(source) {
  const found = STYLE.exec(source);
  if (!found || found[1].includes("${") || !source.includes(RENDER)) {
    throw new Error("model-viewer's template.js has changed: see static/viewer-bundle.mjs");
  }
  return `const viewerStyles = new CSSStyleSheet();
viewerStyles.replaceSync(${JSON.stringify(found[1])});
${source.replace(STYLE, "").replace(RENDER, `shadowRoot.adoptedStyleSheets = [viewerStyles];\n    ${RENDER}`)}`;
}

const withinOurPolicy = {
  name: "within-our-policy",
  setup(build) {
    build.onLoad({ filter: /@google[\\/]model-viewer[\\/]lib[\\/]template\.js$/ }, async (file) => ({
      contents: withAdoptedStyles(await readFile(file.path, "utf8")),
      loader: "js",
    }));
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
