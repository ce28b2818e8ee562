// Chooses the part under the pointer by a click, comes near it by a double click, and turns the light by dragging with
// the shift key held.
import { Raycaster, Vector2 } from "three";

const CLICK_PIXELS = 5;

export class Picking {
  constructor(stage, { choose, focus, turnLight }) {
    this.stage = stage;
    this.raycaster = new Raycaster();
    const { canvas } = stage;
    const { signal } = stage.listening;
    let pressed = null;
    let lit = null;
    // Heard before the camera's controls, which would pan.
    canvas.parentElement.addEventListener("pointerdown", (event) => {
      if (event.target !== canvas) return;
      pressed = { x: event.clientX, y: event.clientY };
      if (!event.shiftKey || event.button !== 0) return;
      lit = { x: event.clientX, angle: stage.lightAngle };
      stage.controls.enabled = false;
      canvas.setPointerCapture(event.pointerId);
    }, { signal, capture: true });
    canvas.addEventListener("pointermove", (event) => {
      if (lit) turnLight(lit.angle + ((event.clientX - lit.x) / canvas.clientWidth) * 2 * Math.PI);
    }, { signal });
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, () => {
        lit = null;
        stage.controls.enabled = true;
      }, { signal });
    }
    const isClick = (event) => pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < CLICK_PIXELS;
    canvas.addEventListener("click", (event) => isClick(event) && !event.shiftKey && choose(this.partAt(event)), { signal });
    canvas.addEventListener("dblclick", (event) => {
      const part = this.partAt(event);
      if (part) focus(part);
    }, { signal });
  }

  partAt(event) {
    const { canvas, camera, meshes } = this.stage;
    const area = canvas.getBoundingClientRect();
    const place = new Vector2(((event.clientX - area.left) / area.width) * 2 - 1, 1 - ((event.clientY - area.top) / area.height) * 2);
    this.raycaster.setFromCamera(place, camera);
    return this.raycaster.intersectObjects(meshes, false)[0]?.object ?? null;
  }
}
