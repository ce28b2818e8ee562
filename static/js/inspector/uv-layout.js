// Draws how a part's surface lies in its texture: the texture, and the edges of the triangles over it.
const MAX_TRIANGLES = 60_000;

function picture(pen, image, size) {
  pen.globalAlpha = 0.55;
  pen.drawImage(image, 0, 0, size, size);
  pen.globalAlpha = 1;
}

/** Draws the UVs of `meshes` on `canvas`; returns how many triangles they have. */
export function drawLayout(canvas, meshes, texture) {
  const size = canvas.width;
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, size, size);
  if (texture?.image) picture(pen, texture.image, size);
  const edges = new Path2D();
  let triangles = 0;
  for (const { geometry } of meshes) {
    const uvs = geometry.getAttribute("uv");
    if (!uvs) continue;
    const corners = geometry.index ?? { count: uvs.count, getX: (place) => place };
    for (let place = 0; place + 2 < corners.count; place += 3) {
      triangles += 1;
      if (triangles > MAX_TRIANGLES) continue;
      for (let corner = 0; corner < 3; corner += 1) {
        const vertex = corners.getX(place + corner);
        const x = uvs.getX(vertex) * size;
        const y = uvs.getY(vertex) * size;
        if (corner === 0) edges.moveTo(x, y);
        else edges.lineTo(x, y);
      }
      edges.closePath();
    }
  }
  pen.lineWidth = triangles > 8000 ? 0.5 : 1;
  pen.strokeStyle = getComputedStyle(canvas).color;
  pen.stroke(edges);
  return triangles;
}
