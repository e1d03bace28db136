// Allocations that share a page, one after another.
const BYTE_COLORS = ["#4f76a3", "#b3651f", "#55803f", "#96548f"];

// What there is to know of one page: where it is, whose, since when, and what lies in it.
function pageFacts(map, pfn, namesKernel, go) {
    const state = map.state,
        recording = map.recording,
        page = state.page(pfn),
        entries = element("dl");
    const add = (key, ...parts) => {
        const made = element("dd");
        made.append(...parts);
        entries.append(element("dt", t(key)), made);
    };
    const link = (step, text) => {
        const made = element("button", clean(text, 160), "link");
        made.type = "button";
        made.addEventListener("click", () => go(step + 1));
        return made;
    };
    const callText = step => `${step + 1}. ${recording.steps[step].name} ${recording.steps[step].args}`;
    const block = recording.blocks.find(([, , start, end]) => start <= pfn && pfn < end);
    if (namesKernel) add("kernel", clean(recording.kernel));
    add("address", `${addressOf(pfn, recording.shift)} – ${addressOf(pfn + 1, recording.shift)}`);
    add("pfn", `${hex(pfn)} (${numberOf(pfn)})`);
    if (block) add("zone", clean([`${t("node")} ${block[0]}`, block[1]].filter(Boolean).join(" · "), 60));
    add("owner", useName(recording, page.use, page.owner));
    add("taken", page.step >= 0 ? link(page.step, callText(page.step)) : t("before"));
    const bytes = state.bytes(pfn).slice(-20);
    const bytesLink = ([step, from, to], index) => {
        const made = link(step, `${hex(from)}–${hex(to)}: ${callText(step)}`);
        made.style.borderLeft = `8px solid ${BYTE_COLORS[index % BYTE_COLORS.length]}`;
        made.style.paddingLeft = "8px";
        return made;
    };
    if (bytes.length) add("bytes", ...bytes.map(bytesLink));
    const history = state.history(pfn).slice(-20);
    if (history.length)
        add("history", ...history.map(h => link(h.step, `${h.step + 1}: ${useName(recording, h.use, h.owner)}`)));
    return bytes.length ? [entries, byteMap(bytes, 2 ** recording.shift)] : [entries];
}

// The bytes of a page, 64 rows of them, each allocation in a colour of its own with the number of its call.
function byteMap(bytes, size) {
    const made = element("canvas", undefined, "bytes"),
        c = made.getContext("2d"),
        rows = 64,
        width = 640,
        tall = 8,
        perRow = size / rows;
    made.width = width;
    made.height = rows * tall;
    made.setAttribute("aria-hidden", "true");
    c.fillStyle = palette().uses[FREE];
    c.fillRect(0, 0, made.width, made.height);
    c.font = "600 20px system-ui, sans-serif";
    c.textBaseline = "middle";
    bytes.forEach(([step, from, to], index) => {
        c.fillStyle = BYTE_COLORS[index % BYTE_COLORS.length];
        let best = [0, 0, 0];
        for (let at = from; at < to;) {
            const row = Math.floor(at / perRow),
                next = Math.min(to, (row + 1) * perRow),
                full = at % perRow === 0 ? Math.floor((to - at) / perRow) : 0;
            const x = ((at - row * perRow) / perRow) * width,
                h = Math.max(full, 1) * tall,
                w = full ? width : ((next - at) / perRow) * width;
            c.fillRect(x, row * tall, Math.max(w, 1), h - (full > 1 ? 0 : 1));
            if (h > best[2]) best = [x + 8, row * tall + h / 2, h];
            at = full ? (row + full) * perRow : next;
        }
        c.fillStyle = "#fff";
        if (best[2] >= 3 * tall) c.fillText(String(step + 1), best[0], best[1]);
    });
    return made;
}
