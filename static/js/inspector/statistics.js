// What the preview is made of, part by part and material by material. Names do not come with a preview: they are counted.
import { texturesOf } from "./channels.js";

export const MAX_ROWS = 200;

function trianglesOf(mesh) {
  const { geometry } = mesh;
  const corners = geometry.index ? geometry.index.count : geometry.getAttribute("position").count;
  return Math.floor(corners / 3) * (mesh.isInstancedMesh ? mesh.count : 1);
}

export function statisticsOf(stage, surfaces) {
  const materials = surfaces.materials;
  const parts = stage.meshes.map((mesh, place) => ({
    mesh,
    name: `Part ${place + 1}`,
    triangles: trianglesOf(mesh),
    vertices: mesh.geometry.getAttribute("position").count,
    material: materials.indexOf(surfaces.materialOf(mesh)),
    isSkinned: Boolean(mesh.isSkinnedMesh),
    morphs: mesh.morphTargetInfluences?.length ?? 0,
  }));
  return {
    parts,
    materials: materials.map((material, place) => ({
      material,
      name: `Material ${place + 1}`,
      colour: material.color ? `#${material.color.getHexString()}` : "#808080",
      triangles: parts.reduce((sum, part) => sum + (part.material === place ? part.triangles : 0), 0),
      textures: texturesOf(material).map(({ label, texture }) => ({ label, width: texture.image.width, height: texture.image.height })),
      isUnlit: Boolean(material.isMeshBasicMaterial),
      isSeeThrough: material.transparent || material.transmission > 0,
    })),
    triangles: parts.reduce((sum, part) => sum + part.triangles, 0),
    vertices: parts.reduce((sum, part) => sum + part.vertices, 0),
  };
}
