// [data-sprite]: pictures from all around, one beside the other in one file, turned by dragging or by its slider, for
// models whose creator shows pictures only.
const COLUMNS = 6;

export function turnSprites(scope) {
  for (const sprite of scope.querySelectorAll("[data-sprite]")) {
    const view = sprite.querySelector("svg");
    const slider = sprite.querySelector("input");
    const frames = Number(slider.max) + 1;
    const { width, height } = view.viewBox.baseVal;
    const show = () => {
      const frame = Number(slider.value);
      view.setAttribute("viewBox", `${(frame % COLUMNS) * width} ${Math.floor(frame / COLUMNS) * height} ${width} ${height}`);
    };
    slider.addEventListener("input", show);
    let from = null;
    view.addEventListener("pointerdown", (event) => {
      from = { x: event.clientX, frame: Number(slider.value) };
      view.setPointerCapture(event.pointerId);
    });
    view.addEventListener("pointermove", (event) => {
      if (!from) return;
      const turned = Math.round(((event.clientX - from.x) / view.clientWidth) * frames);
      slider.value = String((((from.frame + turned) % frames) + frames) % frames);
      slider.dispatchEvent(new Event("input"));
    });
    for (const end of ["pointerup", "pointercancel"]) view.addEventListener(end, () => (from = null));
  }
}
