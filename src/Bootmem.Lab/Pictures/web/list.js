// The calls, one a row. Only the rows in sight exist.
const ROW = 44;

class CallList {
  constructor(recordings, onPick) {
    this.recordings = recordings;
    this.onPick = onPick;
    this.box = byId("list");
    this.rows = byId("rows");
    this.shown = [];
    this.current = 0;
    this.texts = recordings[0].steps.map(step =>
      `${step.name} ${step.args} ${step.outcome} ${step.caller} ${recordings[0].owners[step.owner] ?? ""}`.toLowerCase());
    this.box.addEventListener("scroll", () => this.draw());
    this.rows.addEventListener("click", event => {
      const row = event.target.closest(".row");
      if (row) onPick(Number(row.dataset.step) + 1);
    });
    this.box.addEventListener("keydown", event => {
      const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
      if (move === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const at = this.nearest();
      const next = this.shown[Math.min(Math.max(at + move, 0), this.shown.length - 1)];
      if (next !== undefined) onPick(next + 1);
    });
  }

  filter(words, owner, name) {
    const wanted = words.toLowerCase().split(/\s+/).filter(word => word);
    this.shown = [];
    for (let i = 0; i < this.texts.length; i++) {
      const step = this.recordings[0].steps[i];
      const isOwner = owner < 0 || step.owner === owner || step.changes.some((value, at) => at % 4 === 3 && value === owner);
      if (isOwner && (!name || step.name === name) && wanted.every(word => this.texts[i].includes(word))) this.shown.push(i);
    }
    this.rows.style.height = Math.min(this.shown.length * ROW, 15e6) + "px";
    byId("found").textContent = fill("found", this.shown.length, this.texts.length);
    this.draw();
  }

  // Index of the current call among those shown, or of the one before it.
  nearest() {
    let low = 0, high = this.shown.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.shown[middle] < this.current) low = middle + 1; else high = middle;
    }
    return this.shown[low] === this.current ? low : low - 1;
  }

  select(step) {
    this.current = step;
    const at = this.nearest();
    if (at >= 0 && this.shown[at] === step) {
      const top = at * ROW, height = this.box.clientHeight;
      if (top < this.box.scrollTop || top + ROW > this.box.scrollTop + height) this.box.scrollTop = top - height / 2;
    }
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
    const recording = this.recordings[0], call = recording.steps[step], other = this.recordings[1]?.steps[step];
    const row = element("div", undefined, "row");
    const differs = this.recordings.length > 1 && (!other || other.outcome !== call.outcome || other.name !== call.name || other.args !== call.args);
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
    const outcome = call.outcome + (differs ? ` ≠ ${other ? other.outcome : "–"}` : "");
    row.append(
      element("div", clean(`${step + 1}. ${call.name} ${call.args}`), "call"),
      element("div", clean(`→ ${outcome} · ${call.caller}${recording.owners[call.owner] ? " · " + recording.owners[call.owner] : ""}`), "rest"));
    return row;
  }
}
