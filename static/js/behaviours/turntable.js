// A card under the pointer or with the focus plays its model's turntable: a sprite of 24 frames in 6 columns.
const COLUMNS = 6;
const ROWS = 4;
const FRAMES = COLUMNS * ROWS;
const FRAME_MS = 80;
const still = matchMedia("(prefers-reduced-motion: reduce)");
let playing = null;

function show(layer, frame) {
  const column = frame % COLUMNS;
  const row = Math.floor(frame / COLUMNS);
  layer.style.backgroundPosition = `${(column * 100) / (COLUMNS - 1)}% ${(row * 100) / (ROWS - 1)}%`;
  layer.nextElementSibling?.style.setProperty("--turn", String(frame / (FRAMES - 1)));
}

function stop() {
  if (!playing) return;
  cancelAnimationFrame(playing.request);
  playing.layer?.nextElementSibling?.remove();
  playing.layer?.remove();
  playing = null;
}

async function play(card) {
  if (playing?.card === card) return;
  stop();
  const stage = card.querySelector("[data-turntable]");
  if (!stage || still.matches) return;
  const turn = { card, layer: null, request: 0 };
  playing = turn;
  const sprite = new Image();
  sprite.src = stage.dataset.turntable;
  try {
    await sprite.decode();
  } catch {
    return;
  }
  if (playing !== turn) return;
  const layer = document.createElement("div");
  layer.className = "turntable";
  layer.style.backgroundImage = `url("${sprite.src}")`;
  const bar = document.createElement("div");
  bar.className = "turntable-bar";
  stage.append(layer, bar);
  turn.layer = layer;
  show(layer, 0);
  layer.classList.add("is-ready");
  const started = performance.now();
  const step = (now) => {
    show(layer, Math.floor((now - started) / FRAME_MS) % FRAMES);
    turn.request = requestAnimationFrame(step);
  };
  turn.request = requestAnimationFrame(step);
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const card = event.target.closest("[data-model-card]");
  if (card) play(card);
  else if (!playing?.card.contains(document.activeElement)) stop();
});
document.addEventListener("pointerleave", stop);
document.addEventListener("focusin", (event) => {
  const card = event.target.closest("[data-model-card]");
  if (card && event.target.matches(":focus-visible")) play(card);
  else stop();
});
