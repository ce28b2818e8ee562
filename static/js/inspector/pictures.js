// Pictures drawn here rather than fetched: the ball that lights matcap, and the checker that shows how UVs lie.
import { CanvasTexture, RepeatWrapping, SRGBColorSpace } from "three";

function drawn(size, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  draw(canvas.getContext("2d"), size);
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  return texture;
}

/** A ball of warm clay, lit from the upper left, with a cool rim. */
export function matcapTexture() {
  return drawn(256, (pen, size) => {
    pen.fillStyle = "#3b3a3c";
    pen.fillRect(0, 0, size, size);
    const body = pen.createRadialGradient(size * 0.36, size * 0.3, size * 0.02, size * 0.5, size * 0.5, size * 0.52);
    for (const [place, colour] of [[0, "#fdf8f2"], [0.25, "#e4dad0"], [0.55, "#b3a79c"], [0.82, "#6f6660"], [1, "#46423f"]]) {
      body.addColorStop(place, colour);
    }
    pen.fillStyle = body;
    pen.fillRect(0, 0, size, size);
    const rim = pen.createRadialGradient(size / 2, size / 2, size * 0.4, size / 2, size / 2, size / 2);
    rim.addColorStop(0, "rgb(140 160 190 / 0)");
    rim.addColorStop(1, "rgb(140 160 190 / 0.4)");
    pen.fillStyle = rim;
    pen.fillRect(0, 0, size, size);
  });
}

/** White that darkens a little towards the rim: enough to read a shape by. */
export function softTexture() {
  return drawn(128, (pen, size) => {
    const ball = pen.createRadialGradient(size * 0.45, size * 0.42, 0, size / 2, size / 2, size / 2);
    ball.addColorStop(0.35, "#ffffff");
    ball.addColorStop(1, "#a6a6a6");
    pen.fillStyle = ball;
    pen.fillRect(0, 0, size, size);
  });
}

const CELLS = 8;

/** Cells named A1 to H8, each with a hue of its own, so that stretching, mirroring and seams are seen. */
export function checkerTexture(anisotropy) {
  const texture = drawn(1024, (pen, size) => {
    const cell = size / CELLS;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = `600 ${cell * 0.34}px system-ui, sans-serif`;
    for (let row = 0; row < CELLS; row += 1) {
      for (let column = 0; column < CELLS; column += 1) {
        const isDark = (row + column) % 2 === 1;
        pen.fillStyle = `hsl(${(column / CELLS) * 300} ${35 + row * 5}% ${isDark ? 38 : 76}%)`;
        pen.fillRect(column * cell, row * cell, cell, cell);
        pen.fillStyle = isDark ? "#ffffff" : "#1b1a19";
        pen.fillText(`${String.fromCharCode(65 + column)}${row + 1}`, (column + 0.5) * cell, (row + 0.53) * cell);
      }
    }
  });
  texture.wrapS = texture.wrapT = RepeatWrapping;
  // As glTF has it: the first row is at the top.
  texture.flipY = false;
  texture.anisotropy = anisotropy;
  return texture;
}
