// Switches between the looks that a model brings along (the glTF extension KHR_materials_variants).
const EXTENSION = "KHR_materials_variants";

export class Variants {
  constructor(stage, surfaces) {
    this.stage = stage;
    this.surfaces = surfaces;
    this.names = (stage.gltf.userData.gltfExtensions?.[EXTENSION]?.variants ?? []).map((variant) => variant.name);
    this.first = new Map(surfaces.base);
    this.mapped = stage.meshes.filter((mesh) => mesh.userData.gltfExtensions?.[EXTENSION]);
  }

  /** Shows variant `number`, or with -1 the model as it came. */
  async choose(number) {
    const { parser } = this.stage.gltf;
    for (const mesh of this.mapped) {
      const mapping = mesh.userData.gltfExtensions[EXTENSION].mappings.find((entry) => entry.variants.includes(number));
      if (!mapping) {
        this.surfaces.setMaterial(mesh, this.first.get(mesh));
        continue;
      }
      const shown = mesh.material;
      mesh.material = await parser.getDependency("material", mapping.material);
      parser.assignFinalMaterial(mesh);
      const material = mesh.material;
      mesh.material = shown;
      this.stage.ownMaterial(material);
      this.surfaces.setMaterial(mesh, material);
    }
  }
}
