// Builds what the browser gets into static/dist/: `node static/build.mjs [--watch]`.
import { compile, optimize } from "@tailwindcss/node";
import { Scanner } from "@tailwindcss/oxide";
import esbuild from "esbuild";
import { watch } from "node:fs";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { bundleInspector } from "./inspector-bundle.mjs";
import { bundleViewer } from "./viewer-bundle.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const modules = path.join(root, "node_modules");
const watching = process.argv.includes("--watch");
const dist = path.join(here, "dist");
// A whole build appears at once, so that a running site never sees half of it.
const out = watching ? dist : path.join(here, `.dist-${process.pid}`);

async function files(folder, extensions) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && extensions.includes(path.extname(entry.name)))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

async function buildCss() {
  const input = path.join(here, "css", "site.css");
  const site = await readFile(input, "utf8");
  const parts = (await readdir(path.dirname(input))).filter((name) => name.endsWith(".css") && name !== "site.css").sort();
  // What a script imports becomes that script's own stylesheet: pages outside the site, such as the admin's.
  const scripts = await Promise.all((await files(path.join(here, "js"), [".js"])).map((file) => readFile(file, "utf8")));
  const imports = parts
    .filter((name) => !site.includes(`"./${name}"`) && !scripts.some((script) => script.includes(`/css/${name}"`)))
    .map((name) => `@import "./${name}" layer(utilities.site);\n`);
  const compiler = await compile(site + imports.join(""), { base: path.dirname(input), onDependency() {} });
  const css = compiler.build(new Scanner({ sources: compiler.sources }).scan());
  const { code } = optimize(css, { file: "site.css", minify: true });
  await writeFile(path.join(out, "site.css"), code.replaceAll("./files/", "./fonts/"));
}

async function copyFonts() {
  const folder = path.join(modules, "@fontsource-variable", "inter", "files");
  const target = path.join(out, "fonts");
  await mkdir(target, { recursive: true });
  const subsets = (await readdir(folder)).filter((name) => name.endsWith("-wght-normal.woff2"));
  await Promise.all(subsets.map((name) => cp(path.join(folder, name), path.join(target, name))));
}

// Every static/js/*.js is a bundle a page may load; what they share lies in the folders beside them.
async function buildScripts() {
  const entryPoints = (await readdir(path.join(here, "js"))).filter((name) => name.endsWith(".js"));
  await esbuild.build({
    entryPoints: entryPoints.map((name) => path.join(here, "js", name)),
    outdir: path.join(out, "js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    sourcemap: false,
    logLevel: "warning",
  });
}

// Icons: named in templates as {% icon "name" %} or icon_name="name", in scripts as icon("name"); what the database or
// Python code names is listed in static/icons.txt.
async function buildIcons() {
  const used = new Set();
  const listed = await readFile(path.join(here, "icons.txt"), "utf8");
  for (const line of listed.split("\n")) if (line.trim() && !line.startsWith("#")) used.add(line.trim());
  const sources = [...(await files(path.join(root, "templates"), [".html"])), ...(await files(path.join(here, "js"), [".js"]))];
  for (const source of sources) {
    const text = await readFile(source, "utf8");
    for (const match of text.matchAll(/\bicon(?:_name)?(?:\s+|=|\()"([a-z0-9-]+)"/g)) used.add(match[1]);
  }
  const symbols = [];
  const missing = [];
  for (const name of [...used].sort()) {
    const svg = await readFile(path.join(modules, "lucide-static", "icons", `${name}.svg`), "utf8").catch(() => null);
    if (svg === null) missing.push(name);
    else {
      const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).replace(/\s+/g, " ").trim();
      symbols.push(
        `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`,
      );
    }
  }
  if (missing.length) throw new Error(`no such Lucide icon: ${missing.join(", ")}`);
  await writeFile(path.join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

const buildViewer = () => bundleViewer(path.join(out, "vendor", "model-viewer.min.js"));

const buildInspector = () => bundleInspector(path.join(out, "js", "inspector"));

const copyImages = () => cp(path.join(here, "img"), path.join(out, "img"), { recursive: true });

// WhiteNoise sends what lies compressed beside a file. Where `collectstatic` runs, it does the same for its own copies.
async function compressAll() {
  const brotli = promisify(brotliCompress);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  const sources = await files(out, [".css", ".js", ".svg"]);
  await Promise.all(
    sources.map(async (source) => {
      const content = await readFile(source);
      await writeFile(`${source}.br`, await brotli(content, quality));
      await writeFile(`${source}.gz`, await promisify(gzip)(content, { level: 9 }));
    }),
  );
}

async function build(steps) {
  const started = performance.now();
  const results = await Promise.allSettled(steps.map((step) => step()));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  console.log(`static/dist built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

await mkdir(out, { recursive: true });
// What an earlier build compressed is not what is written now.
if (watching) await Promise.all((await files(dist, [".br", ".gz"])).map((file) => rm(file)));
try {
  await build([buildCss, copyFonts, buildScripts, buildIcons, buildViewer, buildInspector, copyImages]);
  if (!watching) {
    await compressAll();
    await rm(dist, { recursive: true, force: true });
    await rename(out, dist);
  }
} catch (error) {
  console.error(`static/dist not built: ${error.message}`);
  process.exitCode = 1;
} finally {
  if (!watching) await rm(out, { recursive: true, force: true });
}

if (watching) {
  let waiting = null;
  const rebuild = () => {
    clearTimeout(waiting);
    waiting = setTimeout(
      () => build([buildCss, buildScripts, buildIcons, buildInspector, copyImages]).catch((error) => console.error(error.message)),
      150,
    );
  };
  for (const folder of ["css", "js", "img"]) watch(path.join(here, folder), { recursive: true }, rebuild);
  watch(path.join(root, "templates"), { recursive: true }, rebuild);
}
