// Charts: the values where one points, or where the arrow keys lead; see components/chart.html. The drawing and its table
// come from the server.
const SVG = "http://www.w3.org/2000/svg";

class Pointer {
  constructor(chart) {
    this.plot = chart.querySelector("[data-chart-plot]");
    this.svg = this.plot.querySelector("svg");
    this.data = JSON.parse(document.getElementById(`${chart.id}-data`).textContent);
    this.count = this.data.labels.length;
    this.slot = -1;
    this.tip = document.createElement("div");
    this.tip.className = "chart-tip";
    this.tip.hidden = true;
    this.tip.setAttribute("role", "status");
    this.guide = document.createElementNS(SVG, "line");
    this.guide.setAttribute("class", "chart-guide");
    this.guide.setAttribute("y1", "0");
    this.guide.setAttribute("y2", String(this.svg.viewBox.baseVal.height));
    this.dots = this.data.series.map((series) => {
      const dot = document.createElement("span");
      dot.className = `chart-dot chart-tone-${series.tone}`;
      dot.hidden = true;
      return dot;
    });
    this.plot.append(this.tip, ...this.dots);
    this.plot.addEventListener("pointermove", (event) => this.show(this.slotAt(event.clientX)));
    this.plot.addEventListener("pointerdown", (event) => this.show(this.slotAt(event.clientX)));
    this.plot.addEventListener("pointerleave", () => this.hide());
    this.plot.addEventListener("blur", () => this.hide());
    this.plot.addEventListener("keydown", (event) => this.key(event));
  }

  slotAt(clientX) {
    const box = this.plot.getBoundingClientRect();
    return Math.max(0, Math.min(this.count - 1, Math.floor(((clientX - box.left) / box.width) * this.count)));
  }

  key(event) {
    const at = this.slot < 0 ? this.count : this.slot;
    const places = { ArrowLeft: at - 1, ArrowRight: this.slot + 1, Home: 0, End: this.count - 1 };
    if (event.key === "Escape") return this.hide();
    if (!(event.key in places)) return;
    event.preventDefault();
    this.show(Math.max(0, Math.min(this.count - 1, places[event.key])));
  }

  show(slot) {
    if (slot === this.slot || !this.count) return;
    this.slot = slot;
    const share = (slot + 0.5) / this.count;
    const x = String(share * this.svg.viewBox.baseVal.width);
    this.guide.setAttribute("x1", x);
    this.guide.setAttribute("x2", x);
    this.svg.append(this.guide);
    const label = document.createElement("b");
    label.textContent = this.data.labels[slot];
    const lines = this.data.series.map((series) => {
      const line = document.createElement("span");
      const key = document.createElement("i");
      key.className = `chart-key chart-tone-${series.tone}`;
      line.append(key, `${series.label}: ${series.values[slot]}`);
      return line;
    });
    this.tip.replaceChildren(label, ...lines);
    this.tip.hidden = false;
    this.tip.classList.toggle("is-left", share > 0.5);
    this.tip.style.left = `${share * 100}%`;
    this.dots.forEach((dot, index) => {
      dot.hidden = false;
      dot.style.left = `${share * 100}%`;
      dot.style.top = `${this.data.series[index].heights[slot] * 100}%`;
    });
  }

  hide() {
    this.slot = -1;
    this.tip.hidden = true;
    this.guide.remove();
    for (const dot of this.dots) dot.hidden = true;
  }
}

for (const chart of document.querySelectorAll("[data-chart]")) new Pointer(chart);
