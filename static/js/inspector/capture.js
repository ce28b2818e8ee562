// A picture of the view as it is, twice as large as on the screen.
const MAX_EDGE = 4096;

function paint(pen, background, width, height) {
  if (background === "checker") return;
  if (background !== "stage") {
    pen.fillStyle = background === "dark" ? "#131314" : "#ffffff";
    pen.fillRect(0, 0, width, height);
    return;
  }
  const style = getComputedStyle(document.documentElement);
  const light = pen.createRadialGradient(width / 2, height * 0.38, 0, width / 2, height * 0.38, Math.max(width, height) * 0.75);
  light.addColorStop(0, style.getPropertyValue("--stage-a").trim());
  light.addColorStop(1, style.getPropertyValue("--stage-b").trim());
  pen.fillStyle = light;
  pen.fillRect(0, 0, width, height);
}

/** A PNG of what `stage` shows before `background`; transparent where that is "checker". */
export async function capture(stage, background) {
  const { renderer, canvas, width, height } = stage;
  const ratio = renderer.getPixelRatio();
  renderer.setPixelRatio(Math.min(2 * Math.max(ratio, 1), MAX_EDGE / Math.max(width, height)));
  const copy = document.createElement("canvas");
  try {
    stage.draw();
    copy.width = canvas.width;
    copy.height = canvas.height;
    const pen = copy.getContext("2d");
    paint(pen, background, copy.width, copy.height);
    pen.drawImage(canvas, 0, 0);
  } finally {
    renderer.setPixelRatio(ratio);
    stage.draw();
  }
  return new Promise((resolve, reject) => {
    copy.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be made."))), "image/png");
  });
}

/** Hands `blob` to the visitor as a file. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
