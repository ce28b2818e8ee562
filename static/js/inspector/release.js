// Frees what a scene holds on the graphics card: geometries, materials, their textures, and the pictures behind them.

export function releaseMaterial(material) {
  for (const value of Object.values(material)) {
    if (!value?.isTexture) continue;
    value.dispose();
    value.source?.data?.close?.();
  }
  material.dispose();
}

export function release(roots) {
  const materials = new Set();
  for (const root of roots) {
    root.traverse((part) => {
      part.geometry?.dispose();
      part.skeleton?.dispose();
      if (part.isInstancedMesh || part.isLight) part.dispose();
      for (const material of [part.material].flat()) if (material) materials.add(material);
    });
  }
  for (const material of materials) releaseMaterial(material);
}
