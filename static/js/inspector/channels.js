// One channel of a material alone, as numbers on the surface: no light falls on it. Colours are shown as colours, data
// as the file stores it, times the material's own factor.
import { Color, MeshBasicMaterial } from "three";

const grey = (value) => new Color(value, value, value);
const white = new Color(1, 1, 1);
const isPbr = (material) => Boolean(material.isMeshStandardMaterial);

// map: the texture it is in; texel: what of the texture; colour: the factor; isColour: whether it is stored as a colour.
export const CHANNELS = {
  basecolor: {
    label: "Base colour",
    has: (material) => Boolean(material.color),
    map: (material) => material.map,
    colour: (material) => material.color,
    texel: "texel.rgb",
    isColour: true,
  },
  metallic: {
    label: "Metallic",
    has: isPbr,
    map: (material) => material.metalnessMap,
    colour: (material) => grey(material.metalness ?? 0),
    texel: "vec3(texel.b)",
  },
  roughness: {
    label: "Roughness",
    has: isPbr,
    map: (material) => material.roughnessMap,
    colour: (material) => grey(material.roughness ?? 1),
    texel: "vec3(texel.g)",
  },
  normal: {
    label: "Normal map",
    has: (material) => Boolean(material.normalMap),
    map: (material) => material.normalMap,
    colour: (material) => (material.normalMap ? white : new Color(0.5, 0.5, 1)),
    texel: "texel.rgb",
  },
  occlusion: {
    label: "Occlusion",
    has: (material) => Boolean(material.aoMap),
    map: (material) => material.aoMap,
    colour: () => white,
    texel: "vec3(texel.r)",
  },
  emissive: {
    label: "Emissive",
    has: (material) => Boolean(material.emissive?.getHex()),
    map: (material) => material.emissiveMap,
    colour: (material) => material.emissive ?? new Color(0, 0, 0),
    texel: "texel.rgb",
    isColour: true,
  },
  alpha: {
    label: "Alpha",
    has: (material) => material.transparent || material.alphaTest > 0,
    map: (material) => (material.transparent || material.alphaTest > 0 ? material.map : null),
    colour: (material) => grey(material.transparent ? material.opacity : 1),
    texel: "vec3(texel.a)",
  },
};

/** Textures of a material by channel, for its statistics. */
export function texturesOf(material) {
  return Object.values(CHANNELS)
    .filter((channel) => channel !== CHANNELS.alpha)
    .map((channel) => ({ label: channel.label, texture: channel.map(material) }))
    .filter(({ texture }) => texture?.image);
}

/** A material that shows channel `name` of `material`. */
export function channelMaterial(name, material) {
  const { map, colour, texel, isColour } = CHANNELS[name];
  const shown = new MeshBasicMaterial({
    map: map(material) ?? null,
    side: material.side,
    vertexColors: name === "basecolor" && material.vertexColors,
    toneMapped: false,
  });
  shown.color.copy(colour(material));
  shown.onBeforeCompile = (shader) => {
    shader.fragmentShader = shader.fragmentShader.replace(
      "#include <map_fragment>",
      `#ifdef USE_MAP\n  vec4 texel = texture2D( map, vMapUv );\n  diffuseColor.rgb *= ${texel};\n#endif`,
    );
    // Data is shown as stored: half is half of white.
    if (!isColour) shader.fragmentShader = shader.fragmentShader.replace("#include <colorspace_fragment>", "");
  };
  shown.customProgramCacheKey = () => `channel-${name}`;
  return shown;
}
