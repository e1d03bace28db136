// The pages after each call, as sorted runs in a flat array: first page, page behind, use, owner, call.
const FIELDS = 5;
const HOLE = 0,
    UNCLAIMED = 1,
    FREE = 2,
    OWNED = 3,
    HANDED = 4;

class PageState {
    constructor(recording) {
        this.recording = recording;
        this.stepCount = recording.steps.length;
        this.spacing = Math.max(64, Math.ceil(this.stepCount / 64));
        this.runs = [];
        this.at = 0;
        for (const [start, end] of recording.banks) this.set(start, end, UNCLAIMED, 0, -1);

        // How many pages are taken after each number of calls, as far as they were made.
        this.owned = [0];
        this.keyframes = [this.runs.slice()];
    }

    // Index of the first run that ends behind a page.
    find(pfn) {
        let low = 0,
            high = this.runs.length / FIELDS;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.runs[middle * FIELDS + 1] <= pfn) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    // How many more pages are taken then.
    set(start, end, use, owner, step) {
        if (start >= end) return 0;
        const runs = this.runs;
        const first = this.find(start);
        let last = first;
        const left = [],
            right = [];
        let taken = use === OWNED ? end - start : 0;
        for (; last * FIELDS < runs.length && runs[last * FIELDS] < end; last++) {
            const [s, e, u, o, c] = runs.slice(last * FIELDS, last * FIELDS + FIELDS);
            if (u === OWNED) taken -= Math.min(e, end) - Math.max(s, start);
            if (s < start) left.push(s, start, u, o, c);
            if (e > end) right.push(end, e, u, o, c);
        }
        runs.splice(first * FIELDS, (last - first) * FIELDS, ...left, start, end, use, owner, step, ...right);
        return taken;
    }

    // Goes to the state after a number of calls: from the nearest keyframe, or from where it is.
    go(count) {
        if (count > this.stepCount) count = this.stepCount;
        const frame = Math.min(Math.floor(count / this.spacing), this.keyframes.length - 1);
        if (count < this.at || frame * this.spacing > this.at) {
            this.runs = this.keyframes[frame].slice();
            this.at = frame * this.spacing;
        }
        while (this.at < count) {
            const changes = this.recording.steps[this.at].changes;
            let owned = this.owned[this.at];
            for (let i = 0; i < changes.length; i += 4) {
                owned += this.set(changes[i], changes[i + 1], changes[i + 2], changes[i + 3], this.at);
            }
            this.owned[++this.at] = owned;
            if (this.at === this.keyframes.length * this.spacing) this.keyframes.push(this.runs.slice());
        }
    }

    page(pfn) {
        const i = this.find(pfn) * FIELDS;
        return i < this.runs.length && this.runs[i] <= pfn
            ? { use: this.runs[i + 2], owner: this.runs[i + 3], step: this.runs[i + 4] }
            : { use: HOLE, owner: 0, step: -1 };
    }

    // Every call that changed a page, up to now.
    history(pfn) {
        const found = [];
        for (let step = 0; step < this.at; step++) {
            const changes = this.recording.steps[step].changes;
            for (let i = 0; i < changes.length; i += 4) {
                if (changes[i] <= pfn && pfn < changes[i + 1])
                    found.push({ step, use: changes[i + 2], owner: changes[i + 3] });
            }
        }
        return found;
    }

    // Allocations that lie in a page, up to now: [call, first byte in the page, byte behind].
    bytes(pfn) {
        const page = 2 ** this.recording.shift,
            start = pfn * page,
            found = [];
        const since = this.page(pfn).use === OWNED ? 0 : this.at;
        for (let step = since; step < this.at; step++) {
            const call = this.recording.steps[step];
            if (call.size > 0 && call.address < start + page && call.address + call.size > start) {
                found.push([step, Math.max(call.address - start, 0), Math.min(call.address + call.size - start, page)]);
            }
        }
        return found;
    }

    buddies() {
        for (let step = this.at - 1; step >= 0; step--) {
            if (this.recording.steps[step].buddies.length) return this.recording.steps[step].buddies;
        }
        return [];
    }

    // Pages by what they are: a map from use and owner to a count.
    totals() {
        const counts = new Map();
        for (let i = 0; i < this.runs.length; i += FIELDS) {
            const key = this.runs[i + 2] * 65536 + (this.runs[i + 2] === OWNED ? this.runs[i + 3] : 0);
            counts.set(key, (counts.get(key) || 0) + this.runs[i + 1] - this.runs[i]);
        }
        return counts;
    }
}

// Names for what stands in an array of the data.
const readRecording = raw => ({
    title: raw.title,
    kernel: raw.kernel,
    shift: raw.shift,
    bits: raw.bits,
    banks: raw.banks,
    blocks: raw.blocks,
    owners: raw.owners,
    colors: raw.colors,
    marks: raw.marks,
    steps: raw.steps.map(([name, args, outcome, caller, why, owner, address, size, end, changes, buddies]) => ({
        name,
        args,
        outcome,
        caller,
        why: why.map(line => raw.lines[line]),
        owner,
        address,
        size,
        end,
        changes,
        buddies,
    })),
});
