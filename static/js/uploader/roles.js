// What each chosen file is for, said before a byte is sent. The server decides by the same rules, and by content:
// see marketplace/assembly/.
import { bytes } from "./figures.js";

const JUNK = /(^|\/)(__macosx|\.git|\.svn)\/|(^|\/)(\.ds_store|thumbs\.db|desktop\.ini|\.gitignore|\.gitattributes|\._[^/]*)$/i;
const FORM_OF_KINDS = "textures, materials, PDF, TXT and MD";

export const isJunk = (path) => JUNK.test(path);

const extensionOf = (path) => path.slice(path.lastIndexOf("/") + 1).toLowerCase().match(/\.[^.]+$/)?.[0] ?? "";
const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);
const stemOf = (path) => nameOf(path).replace(/\.[^.]+$/, "");

export class Roles {
  constructor(config) {
    this.config = config;
    this.formats = new Map(config.formats.flatMap((format) => format.extensions.map((extension) => [extension, format])));
  }

  // Sets `role` (words), `problem` (a sentence or "") and `rank` (for the order) of every item.
  assign(items) {
    const mains = items.filter((item) => this.formats.has(extensionOf(item.path)));
    const taken = new Set(mains.map((item) => this.formats.get(extensionOf(item.path))).map((format) => format.name));
    const takesTextures = mains.some((item) => this.formats.get(extensionOf(item.path)).companions);
    const hasArchive = items.some((item) => extensionOf(item.path) === ".zip");
    for (const item of items) {
      const extension = extensionOf(item.path);
      [item.role, item.rank, item.problem] = this.#role(extension, taken, takesTextures, hasArchive);
      if (item.file.size > this.config.maxBytes) item.problem = `It has ${bytes(item.file.size)}; at most ${bytes(this.config.maxBytes)} can be uploaded.`;
      if (!item.file.size) item.problem = "It is empty.";
    }
  }

  #role(extension, taken, takesTextures, hasArchive) {
    const { config } = this;
    const format = this.formats.get(extension);
    if (format) {
      const version = config.existing[format.name];
      return [`${format.label} model${version ? `, replaces version ${version}` : ""}`, 0, format.off];
    }
    if (extension === ".zip") return ["zip: looked into when it has arrived", 1, ""];
    if (extension in config.materials) {
      const wanted = config.formats.find((other) => other.name === config.materials[extension]);
      return [`material of the ${wanted.label}`, 2, taken.has(wanted.name) ? "" : `It belongs to a file in ${wanted.label}: choose that along with it.`];
    }
    if (config.textures.includes(extension)) {
      if (takesTextures) return ["texture", 3, ""];
      if (config.pictures.includes(extension)) return ["picture for the gallery", 5, ""];
      return ["texture", 3, hasArchive ? "" : "None of the chosen files can use this texture."];
    }
    if (config.documents.includes(extension)) return ["document", 4, ""];
    const labels = config.formats.map((other) => other.label).join(", ");
    return ["", 6, `This kind of file is not taken. Models come as ${labels}; with them ${FORM_OF_KINDS}.`];
  }

  // What will become of the items, in a sentence; and why they cannot be sent as they are.
  outcome(items) {
    const usable = items.filter((item) => !item.problem);
    const mains = usable.filter((item) => this.formats.has(extensionOf(item.path)));
    const hasArchive = usable.some((item) => extensionOf(item.path) === ".zip");
    const labelled = (item) => this.formats.get(extensionOf(item.path)).label;
    const repeated = new Set(mains.map(labelled)).size < mains.length;
    if (this.config.model) {
      const twice = mains.find((item, place) => mains.findIndex((other) => labelled(other) === labelled(item)) < place);
      return { text: "", problem: twice ? `A model has one file of each format, and several of these are in ${labelled(twice)}.` : "" };
    }
    if (!mains.length && !hasArchive) return { text: "", problem: usable.length ? "There is no 3D file among these. Choose the model’s own file along with them." : "" };
    if (hasArchive) return { text: "What the zips hold is sorted when they have arrived.", problem: "" };
    const models = new Map();
    for (const item of mains) {
      const key = repeated ? stemOf(item.path).toLowerCase() : "";
      models.set(key, [...(models.get(key) ?? []), item]);
    }
    const named = [...models.values()].map((files) => `${stemOf(files[0].path)} (${files.map(labelled).join(", ")})`);
    const shown = named.slice(0, 4).join(", ") + (named.length > 4 ? ` and ${named.length - 4} more` : "");
    return { text: `${named.length === 1 ? "Becomes one model" : `Becomes ${named.length} models`}: ${shown}.`, problem: "" };
  }
}
