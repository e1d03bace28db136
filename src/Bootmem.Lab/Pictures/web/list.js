// The calls, one a row. Only the rows in sight exist.
const ROW = 60;

class CallList {
    constructor(recordings, onPick) {
        this.recordings = recordings;
        this.onPick = onPick;
        this.box = byId("list");
        this.rows = byId("rows");
        this.shown = [];
        this.current = 0;
        this.texts = recordings[0].steps.map(
            step =>
                `${step.name} ${step.args} ${step.outcome} ${step.caller} ` +
                `${recordings[0].owners[step.owner] ?? ""} ${TEXT.zh.owners[recordings[0].owners[step.owner]] ?? ""}`.toLowerCase(),
        );
        this.places = placesOf(recordings[0]);
        this.box.style.setProperty("--number", String(this.texts.length).length + 1 + "ch");
        this.box.addEventListener("scroll", () => this.draw());
        this.rows.addEventListener("click", event => {
            const row = event.target.closest(".row");
            if (row) onPick(Number(row.dataset.step) + 1);
        });
        this.box.addEventListener("keydown", event => {
            const page = Math.max(1, Math.floor(this.box.clientHeight / ROW) - 1);
            const move = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
            if (move === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            const next = this.shown[Math.min(Math.max(this.nearest() + move, 0), this.shown.length - 1)];
            if (next !== undefined) onPick(next + 1);
        });
    }

    // Words that must stand in a call, or an address: then a call that changed its page counts too.
    filter(words, owner, name) {
        const shift = this.recordings[0].shift;
        const wanted = words
            .toLowerCase()
            .split(/\s+/)
            .filter(word => word)
            .map(text => ({ text, pfn: /^0x[0-9a-f]{1,16}$/.test(text) ? Number(BigInt(text) >> BigInt(shift)) : -1 }));
        this.shown = [];
        for (let i = 0; i < this.texts.length; i++) {
            const step = this.recordings[0].steps[i];
            const isOwner =
                owner < 0 || step.owner === owner || step.changes.some((value, at) => at % 4 === 3 && value === owner);
            if (
                isOwner &&
                (!name || step.name === name) &&
                wanted.every(word => this.texts[i].includes(word.text) || changes(step, word.pfn))
            )
                this.shown.push(i);
        }
        this.rows.style.height = Math.min(this.shown.length * ROW, 15e6) + "px";
        byId("found").textContent = fill("found", numberOf(this.shown.length), numberOf(this.texts.length));
        this.draw();
    }

    // Index of the current call among those shown, or of the one before it.
    nearest() {
        let low = 0,
            high = this.shown.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.shown[middle] < this.current) low = middle + 1;
            else high = middle;
        }
        return this.shown[low] === this.current ? low : low - 1;
    }

    select(step) {
        this.current = step;
        const at = this.nearest();
        if (at >= 0 && this.shown[at] === step) {
            const top = at * ROW,
                height = this.box.clientHeight;
            if (top < this.box.scrollTop || top + ROW > this.box.scrollTop + height)
                this.box.scrollTop = top - height / 2;
        } else if (step < 0) this.box.scrollTop = 0;
        this.draw();
    }

    draw() {
        const first = Math.max(0, Math.floor(this.box.scrollTop / ROW) - 2);
        const last = Math.min(this.shown.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW) + 2);
        const made = [];
        for (let i = first; i < last; i++) made.push(this.row(this.shown[i], i));
        this.rows.replaceChildren(...made);
        if (byId("call-" + this.current)) this.box.setAttribute("aria-activedescendant", "call-" + this.current);
        else this.box.removeAttribute("aria-activedescendant");
    }

    row(step, index) {
        const recording = this.recordings[0],
            call = recording.steps[step],
            other = this.recordings[1]?.steps[step];
        const row = element("div", undefined, "row");
        const differs =
            this.recordings.length > 1 &&
            (!other || other.outcome !== call.outcome || other.name !== call.name || other.args !== call.args);
        row.id = "call-" + step;
        row.dataset.step = step;
        row.style.top = index * ROW + "px";
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", String(step === this.current));
        row.setAttribute("aria-posinset", String(index + 1));
        row.setAttribute("aria-setsize", String(this.shown.length));
        row.classList.toggle("end", call.end === 1);
        row.classList.toggle("later", step > this.current);
        row.classList.toggle("differs", differs);
        const text = element("div", undefined, "call");
        text.append(element("b", clean(call.name)), clean(call.args ? " " + call.args : ""));
        const outcome = say(call.outcome) + (differs ? ` ≠ ${other ? say(other.outcome) : "–"}` : "");
        const who = callerName(recording, call.owner);
        row.append(
            element("div", String(step + 1), "number"),
            text,
            element(
                "div",
                clean([outcome && `→ ${outcome}`, who, say(call.caller)].filter(Boolean).join(" · ")),
                "rest",
            ),
            this.place(call),
        );
        return row;
    }

    // Where in the memory the call changed something.
    place(call) {
        const recording = this.recordings[0],
            made = element("div", undefined, "place"),
            { starts, total } = this.places;
        for (let i = 0; i < call.changes.length && i < 64; i += 4) {
            const from = starts(call.changes[i]),
                to = starts(call.changes[i + 1]),
                mark = element("i");
            mark.style.left = `min(${(100 * from) / total}%, calc(100% - 3px))`;
            mark.style.width = `${(100 * (to - from)) / total}%`;
            mark.style.background =
                call.changes[i + 2] === OWNED
                    ? recording.colors[call.changes[i + 3]]
                    : `var(--use-${call.changes[i + 2]})`;
            if (call.changes[i + 2] !== OWNED) mark.style.outline = "1px solid var(--dim)";
            made.append(mark);
        }
        made.setAttribute("aria-hidden", "true");
        return made;
    }
}

const changes = (step, pfn) => {
    for (let i = 0; pfn >= 0 && i < step.changes.length; i += 4)
        if (step.changes[i] <= pfn && pfn < step.changes[i + 1]) return true;
    return false;
};

// How many drawn pages lie below a page: large holes do not count.
const placesOf = recording => {
    const blocks = recording.blocks.filter(([, , , , hole]) => !hole),
        before = [];
    let total = 0;
    for (const [, , start, end] of blocks) {
        before.push(total);
        total += end - start;
    }
    const starts = pfn => {
        let at = 0;
        for (let i = 0; i < blocks.length && blocks[i][2] <= pfn; i++)
            at = before[i] + Math.min(pfn, blocks[i][3]) - blocks[i][2];
        return at;
    };
    return { starts, total: Math.max(total, 1) };
};
