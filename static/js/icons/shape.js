// Icons of the sprite, for what scripts build.

// Marks a name for the sprite that the build makes.
export function icon(name) {
  return name;
}

// The drawing itself; decorative, so words must stand beside it.
export function shape(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.getElementById("toasts").dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}
