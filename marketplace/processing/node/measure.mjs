import { ImageUtils } from '@gltf-transform/core';

import { plainName } from './names.mjs';
import { Rejection } from './rejection.mjs';
import { forEachDrawnMesh, mainScene, sceneTriangles, triangleCount } from './scene.mjs';

const MAX_NAMES = 200;
/** What is drawn: each node instance counted, as a renderer pays for it. */
function measureGeometry(document) {
  const totals = { triangles: 0, vertices: 0, draw_calls: 0, instances: 0, uv_sets: 0, has_vertex_colors: false };
  const lacking = { normals: 0, uvs: 0 };
  const meshes = new Set();
  forEachDrawnMesh(document, (_node, mesh, copies) => {
    meshes.add(mesh);
    totals.instances += copies;
    for (const primitive of mesh.listPrimitives()) {
      const position = primitive.getAttribute('POSITION');
      if (!position) continue;
      const semantics = primitive.listSemantics();
      totals.triangles += triangleCount(primitive) * copies;
      totals.vertices += position.getCount() * copies;
      totals.draw_calls += 1;
      const uvSets = semantics.filter((semantic) => semantic.startsWith('TEXCOORD_')).length;
      totals.uv_sets = Math.max(totals.uv_sets, uvSets);
      totals.has_vertex_colors ||= semantics.includes('COLOR_0');
      const lit = !primitive.getMaterial()?.getExtension('KHR_materials_unlit');
      if (triangleCount(primitive) > 0 && lit && !semantics.includes('NORMAL')) lacking.normals += 1;
      if (uvSets === 0) lacking.uvs += 1;
    }
  });
  return { ...totals, meshes: meshes.size, primitives_without_normals: lacking.normals, primitives_without_uvs: lacking.uvs };
}

function measureTextures(document) {
  const textures = document.getRoot().listTextures().filter((texture) => texture.getImage());
  let memory = 0;
  let largest = 0;
  let oddSized = 0;
  for (const texture of textures) {
    const size = texture.getSize();
    if (!size) continue;
    largest = Math.max(largest, ...size);
    oddSized += size.every((edge) => Number.isInteger(Math.log2(edge))) ? 0 : 1;
    memory += ImageUtils.getVRAMByteLength(texture.getImage(), texture.getMimeType()) ?? Math.ceil((size[0] * size[1] * 16) / 3);
  }
  return { textures: textures.length, max_texture_size: largest, texture_memory: Math.ceil(memory), textures_not_power_of_two: oddSized };
}

/** Materials that take no light, and those without any map of metal, roughness, relief or occlusion. */
function measureMaterials(document) {
  const materials = document.getRoot().listMaterials();
  const isPlain = (material) =>
    !material.getMetallicRoughnessTexture() && !material.getNormalTexture() && !material.getOcclusionTexture()
    && !material.getExtension('KHR_materials_pbrSpecularGlossiness');
  return {
    materials: materials.length,
    plain_materials: materials.filter(isPlain).length,
    unlit_materials: materials.filter((material) => material.getExtension('KHR_materials_unlit')).length,
  };
}

/**
 * Measures the file as its creator made it.
 * @throws {Rejection} when nothing is drawn, or when more is drawn than can be processed
 */
export function measure(document, json, limits) {
  const root = document.getRoot();
  const geometry = measureGeometry(document);
  if (!mainScene(document) || geometry.draw_calls === 0) throw new Rejection('nothing_to_show');
  if (geometry.triangles > limits.max_triangles) throw new Rejection('too_many_triangles', String(geometry.triangles));
  if (geometry.instances > limits.max_instances) throw new Rejection('too_many_instances', String(geometry.instances));
  const joints = new Set(root.listSkins().flatMap((skin) => skin.listJoints()));
  const variants = json.extensions?.KHR_materials_variants?.variants ?? [];
  return {
    ...geometry,
    ...measureMaterials(document),
    ...measureTextures(document),
    animations: root.listAnimations().length,
    animation_names: root.listAnimations().slice(0, MAX_NAMES).map((animation) => plainName(animation.getName()).slice(0, 100)),
    is_rigged: root.listSkins().length > 0,
    joints: joints.size,
    morph_targets: Math.max(0, ...root.listMeshes().flatMap((mesh) => mesh.listPrimitives().map((p) => p.listTargets().length))),
    extensions_used: (json.extensionsUsed ?? []).map(String),
    variants: variants.slice(0, MAX_NAMES).map((variant) => plainName(variant?.name).slice(0, 100)),
    generator: plainName(json.asset?.generator).slice(0, 200),
  };
}

/** What the public is given, in the same terms. */
export function measurePreview(document, size) {
  const { textures, max_texture_size, texture_memory } = measureTextures(document);
  return {
    size,
    triangles: sceneTriangles(document),
    textures,
    max_texture_size,
    texture_memory,
    animations: document.getRoot().listAnimations().length,
    is_rigged: document.getRoot().listSkins().length > 0,
  };
}
