// The memory at one moment on a canvas: a band a node and zone, in rows of 2^n pages, so that each row begins at a
// round address. Only what can be seen is drawn.
const HEAD = 26;
const LEAST_ROW = 0;
const BYTES_FROM = 40;
const LABEL = "12px system-ui, sans-serif";
const SMALL = "11px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";

class MapView {
    constructor(state, onPage) {
        this.state = state;
        this.recording = state.recording;
        this.onPage = onPage;
        this.zoom = LEAST_ROW;
        this.cursor = this.recording.blocks.length ? this.recording.blocks[0][2] : 0;
        this.ownerFilter = -1;
        this.extra = 0;
        this.root = element("div", undefined, "map");
        this.label = element("h3", "");
        this.view = element("div", undefined, "view");
        this.view.tabIndex = 0;
        this.view.setAttribute("role", "group");
        this.canvas = document.createElement("canvas");
        this.canvas.setAttribute("aria-hidden", "true");
        this.tall = element("div", undefined, "tall");
        this.view.append(this.canvas, this.tall);
        this.root.append(this.label, this.view);
        this.context = this.canvas.getContext("2d");
        this.widths = new Map();
        this.view.addEventListener("scroll", () => {
            this.draw();
            this.onScroll?.(this);
        });
        this.view.addEventListener("pointermove", e => this.point(e));
        this.view.addEventListener("pointerdown", e => this.point(e));
        this.view.addEventListener("dblclick", e => this.onZoomBy?.(1, this.pageAt(e)));
        this.view.addEventListener("keydown", e => this.key(e));
        this.view.addEventListener(
            "wheel",
            e => {
                if (e.ctrlKey) {
                    e.preventDefault();
                    this.onZoomBy?.(e.deltaY < 0 ? 1 : -1, this.pageAt(e));
                }
            },
            { passive: false },
        );
    }

    // Where each band lies if a row is 2^zoom pages.
    layout(zoom) {
        const perRow = 2 ** zoom,
            page = this.inner / perRow;
        const tall = (page >= BYTES_FROM ? 52 : page >= 8 ? 26 : 17) + (zoom === this.most ? this.extra : 0),
            pitch = tall + 3;
        let y = 4;
        const bands = this.recording.blocks.map(([node, zone, start, end, hole]) => {
            const first = Math.floor(start / perRow) * perRow;
            const rows = hole ? 0 : Math.ceil((end - first) / perRow);
            const band = { node, zone, start, end, hole, first, y, top: y + HEAD, rows };
            y += HEAD + rows * pitch + 6;
            return band;
        });
        return { perRow, page, tall, pitch, bands, height: y };
    }

    resize() {
        this.width = Math.max(this.view.clientWidth, 120);
        this.height = Math.max(this.view.clientHeight, 40);
        const last = this.recording.blocks.at(-1),
            ratio = window.devicePixelRatio || 1;
        this.context.font = SMALL;
        this.gutter =
            Math.ceil(this.context.measureText(addressOf(last ? last[3] : 0, this.recording.shift)).width) + 16;
        this.inner = this.width - this.gutter - 8;
        this.canvas.width = Math.round(this.width * ratio);
        this.canvas.height = Math.round(this.height * ratio);
        this.canvas.style.width = this.width + "px";
        this.canvas.style.height = this.height + "px";
        this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
        this.place = this.layout(this.zoom);
        this.tall.style.height = Math.min(this.place.height, 15e6) + "px";
    }

    // The shortest rows with which all of it is in sight, and a frame that is no taller than they need.
    fit() {
        this.view.style.setProperty("--tall", "10000px");
        this.resize();
        const most =
            Math.ceil(Math.log2(Math.max(4, ...this.recording.blocks.map(([, , start, end]) => end - start)))) + 1;
        let zoom = LEAST_ROW;
        while (zoom < most && this.layout(zoom).height > this.height) zoom++;
        const rows = this.layout(zoom).bands.reduce((sum, band) => sum + band.rows, 0);

        // What is left over makes the rows taller.
        this.extra = Math.min(
            Math.max(Math.floor((this.height - this.layout(zoom).height) / Math.max(rows, 1)), 0),
            16,
        );
        this.most = zoom;
        this.view.style.setProperty("--tall", Math.max(this.layout(zoom).height, 300) + 2 + "px");
        this.setZoom(zoom, this.cursor);
    }

    // Closer by a number of steps. A page that was in sight stays at its height.
    zoomBy(steps, pfn) {
        this.setZoom(this.zoom - steps, pfn ?? this.cursor);
    }

    setZoom(zoom, pfn) {
        const before = this.place ? this.yOf(pfn) - this.view.scrollTop : 0;
        this.zoom = Math.min(Math.max(zoom, LEAST_ROW), this.most ?? zoom);
        this.resize();
        this.view.scrollTop = this.yOf(pfn) - Math.min(Math.max(before, HEAD), this.height / 2);
        this.draw();
        this.onZoom?.(this);
    }

    // So close that a run of pages fills about a row.
    show(start, end) {
        this.cursor = start;
        this.setZoom(Math.ceil(Math.log2(Math.max(end - start, 1))) + 1, start);
        this.reveal(start);
    }

    yOf(pfn) {
        const { perRow, pitch, bands } = this.place;
        const band = bands.find(b => b.start <= pfn && pfn < b.end);
        return band ? band.top + Math.floor((pfn - band.first) / perRow) * pitch : 0;
    }

    reveal(pfn) {
        const y = this.yOf(pfn);
        if (y < this.view.scrollTop + HEAD || y > this.view.scrollTop + this.height - this.place.pitch)
            this.view.scrollTop = y - this.height / 3;
        this.draw();
    }

    draw() {
        if (!this.place) return;
        const c = this.context,
            top = this.view.scrollTop,
            { bands, pitch } = this.place;
        this.colors = palette();
        c.clearRect(0, 0, this.width, this.height);
        this.view.setAttribute("aria-label", t("map"));
        let last = bands[0]?.node;
        for (const band of bands) {
            const above = last;
            last = band.node;
            if (band.top + band.rows * pitch < top || band.y > top + this.height) continue;
            this.drawHead(band, top, above);
            if (!band.hole) this.drawBand(band, top);
        }
    }

    // A line above a zone, a thick one above a node.
    drawHead(band, top, last) {
        const c = this.context,
            y = band.y - top,
            shift = this.recording.shift;
        c.fillStyle = this.colors.line;
        if (band.y > 10) c.fillRect(0, y, this.width, band.node === last ? 1 : 3);
        c.textBaseline = "middle";
        c.font = "600 " + LABEL;
        c.fillStyle = this.colors.fore;
        const name = clean([`${t("node")} ${band.node}`, band.zone].filter(Boolean).join(" · "), 60);
        c.fillText(name, 8, y + HEAD / 2 + 1);
        const left = 8 + c.measureText(name).width + 12;
        c.font = LABEL;
        c.fillStyle = this.colors.dim;
        const size = sizeOf((band.end - band.start) * 2 ** shift);
        const range = `${addressOf(band.start, shift)} – ${addressOf(band.end, shift)}`;
        const text = band.hole ? fill("hole", size) : size;
        c.fillText(left + 260 < this.width ? `${text}    ${range}` : text, left, y + HEAD / 2 + 1);
    }

    // x of a page in its row.
    x(pfn, row) {
        return this.gutter + (pfn - row) * this.place.page;
    }

    // Calls back for each row's part of some pages, as whole pixels.
    parts(band, top, start, end, least, callback) {
        const { perRow, tall, pitch } = this.place;
        const from = Math.max(start, band.start, band.shown),
            to = Math.min(end, band.end, band.shownEnd);
        for (let at = from; at < to;) {
            const index = Math.floor((at - band.first) / perRow),
                row = band.first + index * perRow;
            const next = Math.min(to, row + perRow);

            // Page numbers beyond 2^53 have no neighbours.
            if (next <= at) return;
            const left = Math.floor(this.x(at, row)),
                right = Math.max(Math.round(this.x(next, row)), left + least);
            if (callback(left, band.top + index * pitch - top, right - left, tall, at, next) === false) return;
            at = next;
        }
    }

    drawBand(band, top) {
        const { perRow, pitch, page, tall } = this.place,
            c = this.context,
            shift = this.recording.shift;
        const firstRow = Math.max(0, Math.floor((top - band.top) / pitch));
        const lastRow = Math.min(band.rows, Math.ceil((top + this.height - band.top) / pitch));
        band.shown = Math.max(band.start, band.first + firstRow * perRow);
        band.shownEnd = Math.min(band.end, band.first + lastRow * perRow);
        if (band.shown >= band.shownEnd) return;
        c.font = SMALL;
        c.textBaseline = "middle";
        c.textAlign = "right";
        c.fillStyle = this.colors.dim;
        for (let row = firstRow; row < lastRow; row++) {
            const pfn = Math.max(band.first + row * perRow, band.start);
            c.fillText(addressOf(pfn, shift), this.gutter - 6, band.top + row * pitch - top + tall / 2 + 1);
        }
        c.textAlign = "left";
        const runs = this.state.runs,
            first = this.state.find(band.shown) * FIELDS;
        c.fillStyle = this.colors.uses[HOLE];
        this.parts(band, top, band.shown, band.shownEnd, 0, (x, y, w, h) => c.fillRect(x, y, w, h));

        // Owners are drawn last, and of them those narrower than a pixel: nothing that is taken hides behind what is free.
        const large = [],
            small = [],
            labels = [];
        const paint = i => {
            const use = runs[i + 2],
                owner = runs[i + 3],
                isDim = this.ownerFilter >= 0 && !(use === OWNED && owner === this.ownerFilter);
            if (isDim) c.globalAlpha = 0.22;
            c.fillStyle = this.colorOf(use, owner);
            this.parts(band, top, runs[i], runs[i + 1], use === OWNED ? 2 : 0, (x, y, w, h) => c.fillRect(x, y, w, h));
            c.globalAlpha = 1;
            return !isDim;
        };
        for (let i = first; i < runs.length && runs[i] < band.shownEnd; i += FIELDS) {
            if (runs[i + 2] === OWNED) ((runs[i + 1] - runs[i]) * page < 2 ? small : large).push(i);
            else paint(i);
        }
        for (const i of large) {
            if (!paint(i)) continue;
            if (page < BYTES_FROM && (runs[i + 1] - runs[i]) * page >= 14) labels.push(i);
            if (!showsTextures) continue;
            c.fillStyle = textureOf(c, runs[i + 3]);
            this.parts(band, top, runs[i], runs[i + 1], 2, (x, y, w, h) => c.fillRect(x, y, w, h));
        }
        for (const i of small) paint(i);
        if (page >= 8) this.grid(band, top);
        if (page >= BYTES_FROM) this.drawBytes(band, top);
        for (const i of labels) this.drawLabel(band, top, runs[i], runs[i + 1], runs[i + 3]);
        this.outline(band, top);
    }

    colorOf(use, owner) {
        return use === OWNED ? this.recording.colors[owner] : this.colors.uses[use];
    }

    widthOf(text) {
        let width = this.widths.get(text);
        if (width === undefined) {
            this.context.font = LABEL;
            this.widths.set(text, (width = this.context.measureText(text).width));
        }
        return width;
    }

    // The owner's name where there is room for it, else its letter.
    drawLabel(band, top, start, end, owner) {
        const c = this.context,
            name = ownerName(this.recording, owner),
            mark = this.recording.marks[owner];
        this.parts(band, top, start, end, 0, (x, y, w, h) => {
            const text = w >= this.widthOf(name) + 10 ? name : w >= 14 ? mark : "";
            if (!text) return w < 14;
            const wide = this.widthOf(text),
                left = x + (w - wide) / 2;
            c.font = LABEL;
            c.fillStyle = this.recording.colors[owner];
            if (showsTextures) c.fillRect(left - 3, y + 1, wide + 6, h - 2);
            c.fillStyle = inkOn(this.recording.colors[owner]);
            c.fillText(text, left, y + h / 2 + 1);
            return false;
        });
    }

    grid(band, top) {
        const { perRow } = this.place,
            c = this.context;
        c.strokeStyle = "rgba(120,120,120,.4)";
        c.lineWidth = 1;
        c.beginPath();
        this.parts(band, top, band.shown, band.shownEnd, 0, (x, y, w, h, from, to) => {
            const row = Math.floor(from / perRow) * perRow;
            for (let pfn = from + 1; pfn <= to; pfn++) {
                const at = Math.round(this.x(pfn, row)) - 0.5;
                c.moveTo(at, y);
                c.lineTo(at, y + h);
            }
        });
        c.stroke();
    }

    // In a page: its number above, the bytes of each allocation below.
    drawBytes(band, top) {
        const { page } = this.place,
            c = this.context,
            bytes = 2 ** this.recording.shift;
        for (let pfn = band.shown; pfn < band.shownEnd; pfn++) {
            const { use, owner } = this.state.page(pfn);
            const color = this.colorOf(use, owner);
            this.parts(band, top, pfn, pfn + 1, 0, (x, y, w) => {
                const name = use === OWNED ? ownerName(this.recording, owner) : "";
                c.font = LABEL;
                c.fillStyle = use === OWNED ? inkOn(color) : this.colors.fore;
                const text = [hex(pfn) + (name ? "  " + name : ""), hex(pfn), this.recording.marks[owner] ?? ""].find(
                    s => this.widthOf(s) + 8 < w,
                );
                if (showsTextures && use === OWNED && text) {
                    c.fillStyle = color;
                    c.fillRect(x + 2, y + 2, this.widthOf(text) + 6, 20);
                    c.fillStyle = inkOn(color);
                }
                if (text) c.fillText(text, x + 5, y + 12);
                for (const [step, from, to] of this.state.bytes(pfn)) {
                    const left = x + (from / bytes) * page,
                        width = Math.max(((to - from) / bytes) * page - 1, 1.5);
                    c.fillStyle = "#fff";
                    c.fillRect(left, y + 24, width, 22);
                    c.fillStyle = step % 2 ? "#33475b" : "#6a7f94";
                    c.fillRect(left, y + 25, width, 20);
                    const label = String(step + 1);
                    if (width > this.widthOf(label) + 6) {
                        c.fillStyle = "#fff";
                        c.fillText(label, left + 4, y + 36);
                    }
                }
            });
        }
    }

    // What the last call changed is lit; the page that is looked at has a frame.
    outline(band, top) {
        const step = this.recording.steps[this.state.at - 1],
            c = this.context;
        const frame = (color, width) => (x, y, w, h) => {
            c.lineWidth = width;
            c.strokeStyle = color;
            c.strokeRect(x - 1, y - 1, Math.max(w + 2, 4), h + 2);
        };
        for (let i = 0; step && i < step.changes.length; i += 4) {
            const start = Math.max(step.changes[i], band.shown),
                end = Math.min(step.changes[i + 1], band.shownEnd);
            if (start >= end) continue;
            this.parts(band, top, start, end, 2, frame(this.colors.card, 4));
            this.parts(band, top, start, end, 2, frame(this.colors.lit, 2));
            if ((end - start) * this.place.page < 14)
                this.parts(band, top, start, start + 1, 2, (x, y, w, h) => this.pointer(x + w / 2, y + h));
        }
        if (document.activeElement === this.view)
            this.parts(band, top, this.cursor, this.cursor + 1, 2, frame(this.colors.fore, 2));
    }

    // An arrow below a change too narrow to be seen.
    pointer(x, y) {
        const c = this.context;
        c.beginPath();
        c.moveTo(x, y + 2);
        c.lineTo(x - 6, y + 12);
        c.lineTo(x + 6, y + 12);
        c.closePath();
        c.fillStyle = this.colors.lit;
        c.strokeStyle = this.colors.card;
        c.lineWidth = 2;
        c.stroke();
        c.fill();
    }

    pageAt(event) {
        const box = this.canvas.getBoundingClientRect(),
            { page, perRow, pitch, bands } = this.place;
        const x = event.clientX - box.left - this.gutter,
            y = event.clientY - box.top + this.view.scrollTop;
        const band = bands.find(b => y >= b.top && y < b.top + b.rows * pitch);
        if (!band || x < 0 || x >= this.inner) return undefined;
        const pfn = band.first + Math.floor((y - band.top) / pitch) * perRow + Math.floor(x / page);
        return pfn >= band.start && pfn < band.end ? pfn : undefined;
    }

    // How many pages a few pixels are: nobody points at less.
    get reach() {
        return Math.max(1, Math.round(4 / this.place.page));
    }

    point(event) {
        const pfn = this.pageAt(event);
        if (pfn === undefined) return;
        this.cursor = pfn;

        // Where pages are narrow: the nearest one that somebody owns.
        const runs = this.state.runs,
            reach = this.reach;
        let nearest = reach;
        for (
            let i = this.state.find(Math.max(0, pfn - reach)) * FIELDS;
            i < runs.length && runs[i] < pfn + reach;
            i += FIELDS
        ) {
            if (runs[i + 2] !== OWNED) continue;
            const page = Math.min(Math.max(pfn, runs[i]), runs[i + 1] - 1),
                far = Math.abs(page - pfn);
            if (far < nearest) {
                nearest = far;
                this.cursor = page;
            }
        }
        this.onPage(this, this.cursor);
    }

    key(event) {
        const { perRow, bands } = this.place,
            reach = this.place.page >= 4 ? 1 : 2 ** Math.ceil(Math.log2(this.reach));
        const move = { ArrowLeft: -reach, ArrowRight: reach, ArrowUp: -perRow, ArrowDown: perRow }[event.key];
        if (move === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        const drawn = bands.filter(b => !b.hole),
            next = this.cursor + move;
        if (drawn.some(b => b.start <= next && next < b.end)) this.cursor = next;
        else {
            const other =
                move > 0 ? drawn.find(b => b.start > this.cursor) : drawn.filter(b => b.end <= this.cursor).pop();
            if (other) this.cursor = move > 0 ? other.start : other.end - 1;
        }
        this.reveal(this.cursor);
        this.onPage(this, this.cursor);
    }
}
