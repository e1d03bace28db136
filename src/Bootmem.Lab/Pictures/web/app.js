// Ties the two views together: one number, how many calls were made, decides what both show.
const data = JSON.parse(byId("data").textContent);
const recordings = data.recordings.map(readRecording);
const states = recordings.map(recording => new PageState(recording));
const count = Math.max(...recordings.map(recording => recording.steps.length));
let at = 0;
let timer = 0;
let lookedAt = null;

const maps = states.map(state => new MapView(state, showPage));
const list = new CallList(recordings.length > 1 && recordings[1].steps.length > recordings[0].steps.length
  ? [...recordings].reverse() : recordings, go);
maps.forEach(map => {
  byId("maps").append(map.root);
  map.onZoom = showScale;
  map.view.addEventListener("focus", () => { map.draw(); showPage(map, map.cursor); });
  map.view.addEventListener("blur", () => map.draw());
});

function go(step) {
  at = Math.min(Math.max(step, 0), count);
  states.forEach(state => state.go(at));
  byId("slider").value = at;
  byId("counter").textContent = `${at} / ${count}`;
  const line = states.map(state => stepText(state)).join("  |  ");
  byId("live").textContent = line;
  byId("slider").setAttribute("aria-valuetext", line);
  list.select(at - 1);
  maps.forEach(map => {
    const changes = at > 0 && map.recording.steps[at - 1] ? map.recording.steps[at - 1].changes : [];
    if (changes.length && map.zoom > (map.least ?? 0)) map.reveal(changes[0]); else map.draw();
  });
  showWhy();
  showLegend();
  showBuddies();
  if (lookedAt) showPage(...lookedAt);
}

function stepText(state) {
  const step = state.recording.steps[at - 1];
  if (!step) return t("start");
  let pages = 0;
  for (let i = 0; i < step.changes.length; i += 4) pages += step.changes[i + 1] - step.changes[i];
  const outcome = step.outcome ? ` → ${step.outcome}` : "";
  return clean(fill("state", at, state.stepCount, step.name, step.args, outcome, countPages(pages)));
}

function showWhy() {
  const parts = [];
  for (const recording of recordings) {
    const step = recording.steps[at - 1];
    if (!step) continue;
    if (recordings.length > 1) parts.push(element("h3", clean(recording.kernel)));
    parts.push(element("p", clean(`${step.name} ${step.args} → ${step.outcome}`)), element("p", clean(fill("by", step.caller))));
    for (const line of (step.why || t("noWhy")).split("\n").slice(0, 50)) parts.push(element("p", clean(line, 1000)));
    if (step.size > 0 && !step.changes.length) parts.push(element("p", t("merged")));
  }
  byId("why").replaceChildren(...parts);
}

function showLegend() {
  const recording = recordings[0], totals = states[0].totals(), items = [];
  let ram = 0;
  for (const [key, pages] of totals) ram += key >= 65536 ? pages : 0;
  for (const [key, pages] of [...totals].sort((a, b) => b[1] - a[1]).slice(0, 60)) {
    const use = Math.floor(key / 65536), owner = key % 65536;
    const item = element("li"), box = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    box.setAttribute("width", "14"); box.setAttribute("height", "14"); box.setAttribute("aria-hidden", "true");
    rect.setAttribute("width", "14"); rect.setAttribute("height", "14"); rect.setAttribute("fill", maps[0].colorOf(use, owner));
    box.append(rect);
    const name = use === OWNED ? recording.owners[owner] || t("nobody") : t("uses")[use];
    item.append(box, element("span", clean(`${name}: ${sizeOf(pages * 2 ** recording.shift)} (${(100 * pages / ram).toFixed(1)} %)`, 80)));
    items.push(item);
  }
  byId("legend").replaceChildren(...items);
}

function showBuddies() {
  const parts = [];
  states.forEach((state, index) => {
    const lists = state.buddies();
    if (!lists.length) return;
    const table = element("table"), head = element("tr");
    head.append(element("th", recordings.length > 1 ? recordings[index].kernel : ""));
    lists[0][2].forEach((_, order) => head.append(element("th", String(order))));
    table.append(head);
    for (const [node, zone, counts] of lists.slice(0, 64)) {
      const row = element("tr");
      row.append(element("th", clean(`${node} ${zone}`, 40)));
      for (const number of counts) row.append(element("td", String(number)));
      table.append(row);
    }
    parts.push(table);
  });
  byId("buddy").replaceChildren(...(parts.length ? parts : [element("p", t("noBuddy"))]));
}

function showPage(map, pfn) {
  lookedAt = [map, pfn];
  const state = map.state, recording = map.recording, page = state.page(pfn), entries = element("dl");
  const add = (key, text) => entries.append(element("dt", t(key)), element("dd", text));
  const callText = step => clean(`${step + 1}. ${recording.steps[step].name} ${recording.steps[step].args}`, 120);
  const nameOf = (use, owner) => clean(use === OWNED ? recording.owners[owner] || t("nobody") : t("uses")[use], 120);
  const block = recording.blocks.find(([, , start, end]) => start <= pfn && pfn < end);
  add("address", addressOf(pfn, recording.shift));
  add("pfn", hex(pfn));
  if (block) add("zone", clean(`${t("node")} ${block[0]} ${block[1]}`, 60));
  add("owner", nameOf(page.use, page.owner));
  add("taken", page.step >= 0 ? callText(page.step) : t("before"));
  const bytes = state.bytes(pfn).slice(-20);
  if (bytes.length) add("bytes", bytes.map(([step, from, to]) => `${hex(from)}–${hex(to)}: ${callText(step)}`).join("; "));
  const history = state.history(pfn).slice(-20);
  if (history.length) add("history", history.map(h => `${h.step + 1}: ${nameOf(h.use, h.owner)}`).join(" → "));
  byId("page").replaceChildren(entries);
}

function showScale() {
  const { p, s } = maps[0].place;
  byId("scale").textContent = fill("cell", `${countPages(p)}, ${sizeOf(p * 2 ** recordings[0].shift)}`) + (s >= BYTES_FROM ? ` · ${t("bytes")}` : "");
}

function play(on) {
  clearInterval(timer);
  timer = 0;
  if (on) {
    if (at >= count) go(0);
    timer = setInterval(() => { if (at >= count) play(false); else go(at + 1); }, Number(byId("speed").value));
  }
  byId("play").textContent = timer ? "❚❚" : "▶▶";
  byId("play").setAttribute("aria-label", t(timer ? "pause" : "play"));
  byId("play").title = t(timer ? "pause" : "play");
}

function applyFilters() {
  const owner = Number(byId("owner-filter").value);
  list.filter(byId("search").value, owner, byId("call-filter").value);
  maps.forEach(map => { map.ownerFilter = owner; map.draw(); });
}

function fillFilters() {
  const option = (value, text) => { const made = element("option", clean(text, 60)); made.value = value; return made; };
  const owner = byId("owner-filter").value || "-1", call = byId("call-filter").value;
  const names = [...new Set(recordings[0].steps.map(step => step.name))].slice(0, 500);
  byId("owner-filter").replaceChildren(option("-1", t("anyOwner")),
    ...recordings[0].owners.slice(0, 500).map((name, index) => [name, index]).filter(([name]) => name).map(([name, index]) => option(index, name)));
  byId("call-filter").replaceChildren(option("", t("anyCall")), ...names.map(name => option(name, name)));
  byId("owner-filter").value = owner;
  byId("call-filter").value = call;
}

function speak() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  byId("language").value = language;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-p]")) node.placeholder = t(node.dataset.p);
  for (const node of document.querySelectorAll("[data-l]")) { node.setAttribute("aria-label", t(node.dataset.l)); if (node.tagName === "BUTTON") node.title = t(node.dataset.l); }
  byId("title").textContent = clean(recordings[0].title, 200);
  document.title = clean(recordings[0].title, 80);
  let pages = 0;
  for (const [, , start, end, hole] of recordings[0].blocks) pages += hole ? 0 : end - start;
  byId("facts").textContent = clean(`${recordings.map(r => `${t("kernel")} ${r.kernel}`).join(" / ")} · ${recordings[0].bits} bit · ${sizeOf(pages * 2 ** recordings[0].shift)}`);
  maps.forEach(map => {
    map.canvas.setAttribute("aria-label", t("map"));
    map.view.setAttribute("aria-label", t("map"));
    map.label.textContent = recordings.length > 1 ? clean(map.recording.kernel) : "";
  });
  if (data.verdict) { byId("verdict").hidden = false; byId("verdict").textContent = clean(data.verdict, 4000).replaceAll("\ufffd", "\n"); }
  fillFilters();
  applyFilters();
  play(timer !== 0);
  if (maps[0].place) { showScale(); go(at); }
  if (!lookedAt) byId("page").replaceChildren(element("p", t("hoverPage")));
}

byId("slider").max = count;
byId("slider").addEventListener("input", e => go(Number(e.target.value)));
byId("first").addEventListener("click", () => go(0));
byId("back").addEventListener("click", () => go(at - 1));
byId("forward").addEventListener("click", () => go(at + 1));
byId("last").addEventListener("click", () => go(count));
byId("play").addEventListener("click", () => play(!timer));
byId("speed").addEventListener("change", () => { if (timer) play(true); });
byId("zoom-in").addEventListener("click", () => maps.forEach(map => map.zoomBy(1)));
byId("zoom-out").addEventListener("click", () => maps.forEach(map => map.zoomBy(-1)));
byId("zoom-fit").addEventListener("click", () => maps.forEach(map => map.fit()));
byId("language").addEventListener("change", e => { language = e.target.value; speak(); });
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  maps.forEach(map => map.draw());
});
for (const id of ["search", "owner-filter", "call-filter"]) byId(id).addEventListener("input", applyFilters);
document.addEventListener("keydown", event => {
  const tag = event.target.tagName;
  if (event.ctrlKey || event.altKey || event.metaKey || tag === "INPUT" || tag === "SELECT") return;
  const act = {
    ArrowRight: () => go(at + 1), ArrowLeft: () => go(at - 1), Home: () => go(0), End: () => go(count),
    "+": () => maps.forEach(map => map.zoomBy(1)), "=": () => maps.forEach(map => map.zoomBy(1)),
    "-": () => maps.forEach(map => map.zoomBy(-1)), "/": () => byId("search").focus(),
    " ": tag === "BUTTON" ? undefined : () => play(!timer),
  }[event.key];
  if (act) { event.preventDefault(); act(); }
});
new ResizeObserver(() => maps.forEach(map => {
  if (map.width !== Math.max(map.view.clientWidth, 40) || map.height !== Math.max(map.view.clientHeight, 40)) {
    if (map.zoom === map.least) map.fit(); else map.setZoom(map.zoom, map.cursor);
  }
})).observe(byId("maps"));

document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
speak();
go(data.start ?? count);
maps.forEach(map => map.fit());
showScale();
