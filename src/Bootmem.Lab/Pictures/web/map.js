// The memory at one moment on a canvas: a band a node and zone, a cell one page or several. Only what can be seen is drawn.
const HEAD = 20;
const ZOOMS = [{ p: 1, s: 4 }, { p: 1, s: 8 }, { p: 1, s: 16 }, { p: 1, s: 32 }, { p: 1, s: 64 }, { p: 1, s: 128 }, { p: 1, s: 288 }];
const BYTES_FROM = 32;

class MapView {
  constructor(state, onPage) {
    this.state = state;
    this.recording = state.recording;
    this.onPage = onPage;
    this.zoom = 0;
    this.cursor = this.recording.blocks.length ? this.recording.blocks[0][2] : 0;
    this.ownerFilter = -1;
    this.root = element("div", undefined, "map");
    this.label = element("h3", "");
    this.view = element("div", undefined, "view");
    this.view.tabIndex = 0;
    this.view.setAttribute("role", "group");
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.tall = element("div", undefined, "tall");
    this.view.append(this.canvas, this.tall);
    this.root.append(this.label, this.view);
    this.context = this.canvas.getContext("2d");
    this.view.addEventListener("scroll", () => this.draw());
    this.view.addEventListener("pointermove", e => this.point(e));
    this.view.addEventListener("pointerdown", e => this.point(e));
    this.view.addEventListener("keydown", e => this.key(e));
    this.view.addEventListener("wheel", e => {
      if (e.ctrlKey) { e.preventDefault(); this.zoomBy(e.deltaY < 0 ? 1 : -1, this.pageAt(e)); }
    }, { passive: false });
  }

  scaleOf(zoom) { return zoom >= 0 ? ZOOMS[Math.min(zoom, ZOOMS.length - 1)] : { p: 2 ** -zoom, s: 4 }; }

  // Where each band lies at a zoom.
  layout(zoom) {
    const { p, s } = this.scaleOf(zoom);
    const columns = Math.max(1, Math.floor((this.width - 2) / s));
    let y = 0;
    const bands = this.recording.blocks.map(([node, zone, start, end, hole]) => {
      const rows = hole ? 0 : Math.ceil((end - start) / p / columns);
      const band = { node, zone, start, end, hole, y, top: y + HEAD, rows };
      y += HEAD + rows * s + 4;
      return band;
    });
    return { p, s, columns, bands, height: y };
  }

  resize() {
    this.width = Math.max(this.view.clientWidth, 40);
    this.height = Math.max(this.view.clientHeight, 40);
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.canvas.style.width = this.width + "px";
    this.canvas.style.height = this.height + "px";
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.place = this.layout(this.zoom);
    this.tall.style.height = Math.min(this.place.height, 15e6) + "px";
  }

  fit() {
    this.resize();
    let zoom = ZOOMS.length - 2;
    while (zoom > -50 && this.layout(zoom).height > this.height) zoom--;
    this.least = zoom;
    this.setZoom(zoom, this.cursor);
  }

  zoomBy(step, pfn) { this.setZoom(Math.min(Math.max(this.zoom + step, this.least ?? -50), ZOOMS.length - 1), pfn ?? this.cursor); }

  // A page that was in sight stays at its height.
  setZoom(zoom, pfn) {
    const before = this.place ? this.yOf(pfn) - this.view.scrollTop : 0;
    this.zoom = zoom;
    this.resize();
    this.view.scrollTop = this.yOf(pfn) - Math.min(Math.max(before, 0), this.height / 2);
    this.draw();
    this.onZoom?.(this);
  }

  yOf(pfn) {
    const { p, s, columns, bands } = this.place;
    const band = bands.find(b => b.start <= pfn && pfn < b.end);
    return band ? band.top + Math.floor((pfn - band.start) / p / columns) * s : 0;
  }

  reveal(pfn) {
    const y = this.yOf(pfn);
    if (y < this.view.scrollTop + HEAD || y > this.view.scrollTop + this.height - this.place.s - 4) this.view.scrollTop = y - this.height / 3;
    this.draw();
  }

  colorOf(use, owner) { return use === OWNED ? this.recording.colors.owners[owner] : this.recording.colors.uses[use]; }

  draw() {
    if (!this.place) return;
    const c = this.context, top = this.view.scrollTop, style = getComputedStyle(document.documentElement);
    this.fore = style.getPropertyValue("--fore");
    this.lit = style.getPropertyValue("--lit");
    c.fillStyle = style.getPropertyValue("--back");
    c.fillRect(0, 0, this.width, this.height);
    c.font = "12px system-ui, sans-serif";
    c.textBaseline = "middle";
    for (const band of this.place.bands) {
      const end = band.top + band.rows * this.place.s;
      if (end < top || band.y > top + this.height) continue;
      c.fillStyle = this.fore;
      const size = sizeOf((band.end - band.start) * 2 ** this.recording.shift);
      c.fillText(clean(`${t("node")} ${band.node} ${band.zone}  ${addressOf(band.start, this.recording.shift)}  ${band.hole ? fill("hole", size) : size}`, 100), 2, band.y - top + HEAD / 2);
      if (!band.hole) this.drawBand(band, top);
    }
  }

  drawBand(band, top) {
    const { p, s, columns } = this.place;
    const perRow = p * columns;
    const firstRow = Math.max(0, Math.floor((top - band.top) / s));
    const lastRow = Math.min(band.rows, Math.ceil((top + this.height - band.top) / s));
    const start = band.start + firstRow * perRow, end = Math.min(band.end, band.start + lastRow * perRow);
    if (start >= end) return;
    const runs = this.state.runs, first = this.state.find(start) * FIELDS;
    this.spans(band, top, start, end, this.colorOf(HOLE, 0), 1);

    // Where a cell is more than a page, owners are drawn last, and of them those that fill a cell: nothing that is taken
    // hides behind what is free.
    for (let pass = p > 1 ? 0 : 4; pass < 5; pass++) {
      for (let i = first; i < runs.length && runs[i] < end; i += FIELDS) {
        const use = runs[i + 2], small = runs[i + 1] - runs[i] < p;
        if (p > 1 && pass !== (use === UNCLAIMED ? 0 : use === HANDED ? 1 : use === FREE ? 2 : small ? 3 : 4)) continue;
        const dim = this.ownerFilter >= 0 && !(use === OWNED && runs[i + 3] === this.ownerFilter);
        this.spans(band, top, Math.max(runs[i], start), Math.min(runs[i + 1], end), this.colorOf(use, runs[i + 3]), dim ? 0.2 : 1);
      }
    }
    if (s >= 8) this.grid(band, top, firstRow, lastRow, end);
    if (s >= BYTES_FROM) this.drawBytes(band, top, start, end);
    this.outline(band, top, start, end);
  }

  // Pages as rectangles, one a row.
  spans(band, top, start, end, color, alpha, stroke) {
    const { p, s, columns } = this.place, c = this.context;
    let cell = Math.floor((start - band.start) / p);
    const last = Math.ceil((end - band.start) / p);
    c.globalAlpha = alpha;
    c.fillStyle = c.strokeStyle = color;
    while (cell < last) {
      const row = Math.floor(cell / columns), from = cell - row * columns, to = Math.min(columns, from + last - cell);
      const middle = Math.floor((last - 1) / columns) - row;
      // Whole rows in between are one rectangle.
      const rows = !stroke && from === 0 && middle > 1 ? middle : 1;
      const y = band.top + row * s - top;
      if (stroke) c.strokeRect(from * s + 1, y + 1, Math.max((to - from) * s - 2, 1), s - 2);
      else c.fillRect(from * s, y, (to - from) * s, s * rows);
      cell = (row + rows) * columns;
    }
    c.globalAlpha = 1;
  }

  grid(band, top, firstRow, lastRow, end) {
    const { s, columns } = this.place, c = this.context;
    c.strokeStyle = "rgba(128,128,128,.35)";
    c.beginPath();
    for (let row = firstRow; row < lastRow; row++) {
      const y = Math.round(band.top + row * s - top) + .5, count = Math.min(columns, end - band.start - row * columns);
      c.moveTo(0, y); c.lineTo(count * s, y);
      for (let i = 1; i <= count; i++) { c.moveTo(i * s - .5, y); c.lineTo(i * s - .5, y + s); }
    }
    c.stroke();
  }

  // In a page: the bytes of each allocation.
  drawBytes(band, top, start, end) {
    const { s, columns } = this.place, c = this.context, page = 2 ** this.recording.shift;
    for (let pfn = start; pfn < end; pfn++) {
      const cell = pfn - band.start, x = (cell % columns) * s, y = band.top + Math.floor(cell / columns) * s - top;
      for (const [step, from, to] of this.state.bytes(pfn)) {
        const left = x + from / page * s, width = Math.max((to - from) / page * s, 1);
        c.fillStyle = step % 2 ? "rgba(255,255,255,.38)" : "rgba(0,0,0,.25)";
        c.fillRect(left, y + s * .3, width, s * .5);
        if (width > 24) { c.fillStyle = "#fff"; c.fillText(String(step + 1), left + 3, y + s * .55); }
      }
      if (s >= 128) { c.fillStyle = "#000"; c.fillText(addressOf(pfn, this.recording.shift), x + 4, y + 12); }
    }
  }

  // What the last call changed is lit; the page that is looked at has a frame.
  outline(band, top, start, end) {
    const step = this.recording.steps[this.state.at - 1], c = this.context, { p, s } = this.place;
    c.lineWidth = 2;
    for (let i = 0; step && i < step.changes.length; i += 4) {
      const from = Math.max(step.changes[i], start), to = Math.min(step.changes[i + 1], end);
      if (from >= to) continue;
      this.spans(band, top, from, to, this.lit, 1, true);
      if (s < 12 && (to - from) / p < 4) this.ring(band, top, from);
    }
    if (this.cursor >= start && this.cursor < end && document.activeElement === this.view) {
      this.spans(band, top, this.cursor, this.cursor + 1, this.fore, 1, true);
    }
    c.lineWidth = 1;
  }

  // A change too small to be seen.
  ring(band, top, pfn) {
    const { p, s, columns } = this.place, c = this.context, cell = Math.floor((pfn - band.start) / p);
    c.strokeStyle = this.lit;
    c.beginPath();
    c.arc((cell % columns + .5) * s, band.top + (Math.floor(cell / columns) + .5) * s - top, 9, 0, 2 * Math.PI);
    c.stroke();
  }

  pageAt(event) {
    const box = this.canvas.getBoundingClientRect(), { p, s, columns, bands } = this.place;
    const x = event.clientX - box.left, y = event.clientY - box.top + this.view.scrollTop;
    const band = bands.find(b => y >= b.top && y < b.top + b.rows * s);
    const column = Math.floor(x / s);
    if (!band || column < 0 || column >= columns) return undefined;
    const pfn = band.start + (Math.floor((y - band.top) / s) * columns + column) * p;
    return pfn < band.end ? pfn : undefined;
  }

  point(event) {
    const pfn = this.pageAt(event);
    if (pfn === undefined) return;
    this.cursor = pfn;
    // A cell of several pages tells of the first one that somebody owns.
    for (let i = this.state.find(pfn) * FIELDS; i < this.state.runs.length && this.state.runs[i] < pfn + this.place.p; i += FIELDS) {
      if (this.state.runs[i + 2] === OWNED) { this.cursor = Math.max(pfn, this.state.runs[i]); break; }
    }
    this.onPage(this, this.cursor);
  }

  key(event) {
    const { p, columns, bands } = this.place;
    const move = { ArrowLeft: -p, ArrowRight: p, ArrowUp: -p * columns, ArrowDown: p * columns }[event.key];
    if (move === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const drawn = bands.filter(b => !b.hole), next = this.cursor + move;
    if (drawn.some(b => b.start <= next && next < b.end)) this.cursor = next;
    else {
      const other = move > 0 ? drawn.find(b => b.start > this.cursor) : drawn.filter(b => b.end <= this.cursor).pop();
      if (other) this.cursor = move > 0 ? other.start : other.end - 1;
    }
    this.reveal(this.cursor);
    this.onPage(this, this.cursor);
  }
}
