// What lies over the model: its wires, its bones, its bounding box, and the part that is chosen.
import {
  Box3Helper,
  BufferAttribute,
  BufferGeometry,
  Color,
  LineBasicMaterial,
  MeshBasicMaterial,
  Points,
  PointsMaterial,
  SkeletonHelper,
} from "three";

const JOINT_PIXELS = 7;

/** A copy of `mesh` that moves with it and is drawn with `material`. */
function twinOf(mesh, material) {
  const twin = mesh.clone(false);
  twin.material = material;
  twin.castShadow = twin.receiveShadow = false;
  twin.frustumCulled = mesh.frustumCulled;
  twin.morphTargetInfluences = mesh.morphTargetInfluences;
  twin.position.set(0, 0, 0);
  twin.quaternion.identity();
  twin.scale.set(1, 1, 1);
  twin.updateMatrix();
  twin.raycast = () => {};
  return twin;
}

class Twins {
  constructor(stage, material) {
    this.stage = stage;
    this.material = stage.own(material);
    this.twins = [];
  }

  show(meshes) {
    for (const twin of this.twins) twin.removeFromParent();
    this.twins = meshes.map((mesh) => {
      const twin = twinOf(mesh, this.material);
      mesh.add(twin);
      return twin;
    });
    this.stage.invalidate();
  }
}

/** A dot on each joint; the lines between them are the helper's. */
class Joints extends Points {
  constructor(bones) {
    const geometry = new BufferGeometry().setAttribute("position", new BufferAttribute(new Float32Array(bones.length * 3), 3));
    super(geometry, new PointsMaterial({ color: 0x2f7de1, size: JOINT_PIXELS, sizeAttenuation: false, depthTest: false, toneMapped: false }));
    this.bones = bones;
    this.frustumCulled = false;
    this.renderOrder = 11;
  }

  updateMatrixWorld(force) {
    const places = this.geometry.getAttribute("position");
    this.bones.forEach((bone, number) => {
      const { elements } = bone.matrixWorld;
      places.setXYZ(number, elements[12], elements[13], elements[14]);
    });
    places.needsUpdate = true;
    super.updateMatrixWorld(force);
  }
}

export class Overlays {
  constructor(stage, surfaces) {
    this.stage = stage;
    this.surfaces = surfaces;
    this.wires = new Twins(stage, new MeshBasicMaterial({ wireframe: true, transparent: true, opacity: 0.55, toneMapped: false }));
    this.chosen = new Twins(
      stage,
      new MeshBasicMaterial({
        color: 0xff6a3d,
        transparent: true,
        opacity: 0.42,
        depthWrite: false,
        polygonOffset: true,
        polygonOffsetFactor: -1,
        polygonOffsetUnits: -1,
        toneMapped: false,
      }),
    );
  }

  get hasSkeleton() {
    return this.stage.meshes.some((mesh) => mesh.isSkinnedMesh);
  }

  showWires(on) {
    // The surfaces step back a little, or half of each line would sink into them.
    for (const material of this.surfaces.materials) {
      Object.assign(material, { polygonOffset: on, polygonOffsetFactor: 1, polygonOffsetUnits: 1 });
    }
    this.wires.show(on ? this.stage.meshes : []);
  }

  colourWires(colour) {
    this.wires.material.color.set(colour);
  }

  showSkeleton(on) {
    if (on && !this.skeleton) {
      this.skeleton = new SkeletonHelper(this.stage.model);
      this.skeleton.setColors(new Color(0x2f7de1), new Color(0x2f7de1));
      this.skeleton.material.depthTest = false;
      this.skeleton.material.toneMapped = false;
      this.skeleton.renderOrder = 10;
      this.joints = new Joints(this.skeleton.bones);
      this.stage.scene.add(this.skeleton, this.joints);
    }
    if (this.skeleton) this.skeleton.visible = this.joints.visible = on;
    this.stage.invalidate();
  }

  showBox(on) {
    if (on && !this.box) {
      this.box = new Box3Helper(this.stage.box);
      this.box.material.dispose();
      this.box.material = new LineBasicMaterial({ color: 0xff6a3d, toneMapped: false });
      this.stage.scene.add(this.box);
    }
    if (this.box) this.box.visible = on;
    this.stage.invalidate();
  }

  choose(mesh) {
    this.chosen.show(mesh ? [mesh] : []);
  }
}
