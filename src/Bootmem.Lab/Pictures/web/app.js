// Ties the two views together: one number, how many calls were made, decides what both show.
const data = JSON.parse(byId("data").textContent);
const recordings = data.recordings.map(readRecording);
const states = recordings.map(recording => new PageState(recording));
const count = Math.max(...recordings.map(recording => recording.steps.length));
let at = 0;
let timer = 0;
let lookedAt = null;

const maps = states.map(state => new MapView(state, lookAt));
const list = new CallList(
    recordings.length > 1 && recordings[1].steps.length > recordings[0].steps.length
        ? [...recordings].reverse()
        : recordings,
    go,
);
maps.forEach(map => {
    byId("maps").append(map.root);
    map.onZoom = showScale;
    map.onZoomBy = (steps, pfn) => maps.forEach(each => each.zoomBy(steps, pfn));
    map.onScroll = () =>
        maps.forEach(other => {
            if (other.view.scrollTop !== map.view.scrollTop) other.view.scrollTop = map.view.scrollTop;
        });
    map.view.addEventListener("focus", () => {
        map.draw();
        lookAt(map, map.cursor);
    });
    map.view.addEventListener("blur", () => map.draw());
});

function go(step) {
    at = Math.min(Math.max(step, 0), count);
    states.forEach(state => state.go(at));
    byId("slider").value = at;
    byId("counter").textContent = `${numberOf(at)} / ${numberOf(count)}`;
    showNow();
    list.select(at - 1);
    maps.forEach(map => {
        const step = at > 0 ? map.recording.steps[at - 1] : undefined;
        if (step?.changes.length && map.zoom < map.most) map.reveal(step.changes[0]);
        else map.draw();
    });
    showWhy();
    showLegend();
    showBuddies();
    if (lookedAt) lookAt(...lookedAt);
}

function lookAt(map, pfn) {
    lookedAt = [map, pfn];
    byId("page").replaceChildren(...pageFacts(map, pfn, recordings.length > 1, go));
}

function pagesOf(step) {
    let pages = 0;
    for (let i = 0; i < step.changes.length; i += 4) pages += step.changes[i + 1] - step.changes[i];
    return pages;
}

// The call that was made last, large. The same is spoken, and told of the slider.
function showNow() {
    const parts = recordings.map(recording => {
        const step = recording.steps[at - 1],
            part = element("div", undefined, "now"),
            kernel = recordings.length > 1 ? recording.kernel : "";
        if (!step) {
            part.append(element("p", clean([kernel, t(at > 0 ? "over" : "start")].filter(Boolean).join(": ")), "what"));
            return part;
        }
        const what = element("p", undefined, "what"),
            pages = pagesOf(step);
        what.append(
            clean(`${step.name}${step.args ? " " + step.args : ""}`),
            step.outcome ? " → " : "",
            element("b", clean(say(step.outcome))),
        );
        const facts = [
            kernel,
            fill("callNumber", numberOf(at), numberOf(recording.steps.length)),
            callerName(recording, step.owner),
            fill("by", say(step.caller)),
            pages ? fill("changed", countPages(pages)) : step.size > 0 ? t("merged") : fill("changed", countPages(0)),
        ];
        part.append(what, element("p", clean(facts.filter(Boolean).join(" · ")), "rest"));
        part.classList.toggle("end", step.end === 1);
        return part;
    });
    byId("live").replaceChildren(...parts);
    byId("slider").setAttribute("aria-valuetext", parts.map(part => part.textContent).join(" | "));
}

function showWhy() {
    const parts = [];
    for (const recording of recordings) {
        const step = recording.steps[at - 1];
        if (!step) continue;
        if (recordings.length > 1) parts.push(element("h3", clean(recording.kernel)));
        for (const line of (step.why.length ? step.why : [t("noWhy")]).slice(0, 50))
            parts.push(element("p", clean(sentence(say(line)), 1000)));
    }
    byId("why").replaceChildren(...(parts.length ? parts : [element("p", t("start"))]));
}

function showLegend() {
    const all = states.map(state => state.totals()),
        keys = new Map();
    all.forEach(totals => {
        for (const [key, pages] of totals) keys.set(key, Math.max(keys.get(key) ?? 0, pages));
    });
    const filter = Number(byId("owner-filter").value || -1),
        focused = document.activeElement?.dataset?.owner;
    let ram = 0;
    for (const [key, pages] of all[0]) ram += key >= 65536 ? pages : 0;
    const items = [...keys]
        .sort((a, b) => b[1] - a[1])
        .slice(0, 100)
        .map(([key]) => {
            const use = Math.floor(key / 65536),
                owner = key % 65536,
                recording = recordings[0];
            const item = element("li"),
                button = element("button");
            button.type = "button";
            button.dataset.owner = use === OWNED ? owner : -use - 2;
            const sizes = all.map(totals => totals.get(key) ?? 0),
                bytes = pages => sizeOf(pages * 2 ** recording.shift);
            const differs = sizes.some(size => size !== sizes[0]);
            button.append(
                swatch(recording, use, owner),
                element("span", useName(recording, use, owner)),
                element("span", differs ? sizes.map(bytes).join(" | ") : bytes(sizes[0]), "number"),
                element("span", use === HOLE ? "" : percentOf(sizes[0] / ram), "number"),
            );
            if (use === OWNED) button.setAttribute("aria-pressed", String(owner === filter));
            else button.disabled = true;
            item.append(button);
            return item;
        });
    byId("legend").replaceChildren(...items);
    if (focused !== undefined)
        byId("legend")
            .querySelector(`[data-owner="${CSS.escape(focused)}"]`)
            ?.focus();
}

function showBuddies() {
    const parts = [];
    states.forEach((state, index) => {
        const lists = state.buddies();
        if (!lists.length) return;
        const table = element("table"),
            head = element("tr"),
            first = element("th", t("order"));
        if (recordings.length > 1) table.append(element("caption", clean(recordings[index].kernel)));
        first.scope = "col";
        head.append(first);
        lists[0][2].forEach((_, order) => {
            const cell = element("th", String(order));
            cell.scope = "col";
            head.append(cell);
        });
        table.append(head);
        for (const [node, zone, counts] of lists.slice(0, 64)) {
            const row = element("tr"),
                name = element("th", clean(`${t("node")} ${node} ${zone}`, 40));
            name.scope = "row";
            row.append(name);
            for (const number of counts)
                row.append(element("td", number ? numberOf(number) : "·", number ? "" : "none"));
            table.append(row);
        }
        parts.push(table);
    });
    byId("buddy").replaceChildren(...(parts.length ? parts : [element("p", t("noBuddy"))]));
}

function showScale() {
    const { perRow, page } = maps[0].place;
    byId("scale").textContent =
        fill("perRow", `${sizeOf(perRow * 2 ** recordings[0].shift)}, ${countPages(perRow)}`) +
        (page >= BYTES_FROM ? ` · ${t("bytes")}` : "");
}

// How many pages are taken after each call, behind the slider.
function showCurve() {
    const canvas = byId("curve"),
        ratio = window.devicePixelRatio || 1,
        w = canvas.clientWidth,
        h = canvas.clientHeight,
        c = canvas.getContext("2d");
    const owned = states[0].owned,
        most = Math.max(
            1,
            owned.reduce((a, b) => Math.max(a, b), 0),
        ),
        left = 8;
    canvas.width = w * ratio;
    canvas.height = h * ratio;
    c.scale(ratio, ratio);
    const x = step => left + ((w - 2 * left) * step) / Math.max(count, 1),
        y = pages => h - 8 - ((h - 10) * pages) / most;
    c.beginPath();
    c.moveTo(x(0), h - 8);
    const stride = Math.max(1, Math.floor(owned.length / w));
    for (let i = 0; i < owned.length; i += stride) {
        c.lineTo(x(i), y(owned[i]));
        c.lineTo(x(Math.min(i + stride, owned.length - 1)), y(owned[i]));
    }
    c.lineTo(x(owned.length - 1), h - 8);
    c.closePath();
    c.fillStyle = palette().line;
    c.fill();
}

function play(on) {
    clearInterval(timer);
    timer = 0;
    if (on) {
        if (at >= count) go(0);
        timer = setInterval(
            () => {
                if (at >= count) play(false);
                else go(at + 1);
            },
            Number(byId("speed").value),
        );
    }
    byId("live").setAttribute("aria-live", timer ? "off" : "polite");
    byId("play-sign").setAttribute("d", timer ? "M3 2h4v12H3zM9 2h4v12H9z" : "M4 2v12l10-6z");
    byId("play").setAttribute("aria-label", t(timer ? "pause" : "play"));
    byId("play").title = t(timer ? "pause" : "play");
}

function applyFilters() {
    const owner = Number(byId("owner-filter").value);
    list.filter(byId("search").value, owner, byId("call-filter").value);
    maps.forEach(map => {
        map.ownerFilter = owner;
        map.draw();
    });
    showLegend();
}

function fillFilters() {
    const option = (value, text) => {
        const made = element("option", clean(text, 60));
        made.value = value;
        return made;
    };
    const owner = byId("owner-filter").value || "-1",
        call = byId("call-filter").value,
        speed = byId("speed").value || "300";
    const names = [...new Set(recordings[0].steps.map(step => step.name))].slice(0, 500);
    byId("owner-filter").replaceChildren(
        option("-1", t("anyOwner")),
        ...recordings[0].owners
            .slice(0, 500)
            .map((name, index) => [name, index])
            .filter(([name]) => name)
            .map(([, index]) => option(index, ownerName(recordings[0], index))),
    );
    byId("call-filter").replaceChildren(option("", t("anyCall")), ...names.map(name => option(name, name)));
    byId("speed").replaceChildren(
        ...[
            [1000, 1],
            [300, 3],
            [100, 10],
            [20, 50],
        ].map(([pause, rate]) => option(pause, fill("perSecond", rate))),
    );
    byId("owner-filter").value = owner;
    byId("call-filter").value = call;
    byId("speed").value = speed;
}

function speak() {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    byId("language").value = language;
    for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
    for (const node of document.querySelectorAll("[data-p]")) node.placeholder = t(node.dataset.p);
    for (const node of document.querySelectorAll("[data-l]")) {
        node.setAttribute("aria-label", t(node.dataset.l));
        if (node.tagName === "BUTTON") node.title = t(node.dataset.l);
    }
    const first = recordings[0],
        kernels = recordings.map(recording => recording.kernel).join(", ");
    let ram = 0;
    for (const [start, end] of first.banks) ram += end - start;
    document.title = clean(`${first.title} · ${kernels} · Bootmem`, 200);
    byId("title").textContent = clean(first.title, 200);
    const facts = [
        `${t("kernel")} ${kernels}`,
        fill("bits", first.bits),
        ram ? sizeOf(ram * 2 ** first.shift) : "",
        fill("callCount", numberOf(count)),
    ];
    byId("facts").textContent = clean(facts.filter(Boolean).join(" · "));
    maps.forEach(map => {
        map.widths.clear();
        map.label.textContent = recordings.length > 1 ? clean(map.recording.kernel) : "";
        map.label.hidden = recordings.length < 2;
    });
    if (data.verdict) {
        byId("verdict").hidden = false;
        byId("verdict").textContent = data.verdict
            .split("\n")
            .filter(Boolean)
            .map(line => clean(say(line), 1000))
            .join("\n");
    }
    fillFilters();
    applyFilters();
    play(timer !== 0);
    if (maps[0].place) {
        showScale();
        go(at);
    }
    if (!lookedAt) byId("page").replaceChildren(element("p", t("hoverPage")));
}

function showChange() {
    recordings.forEach((recording, index) => {
        const changes = recording.steps[at - 1]?.changes;
        if (changes?.length) maps[index].show(changes[0], changes[1]);
    });
}

const zoom = steps => maps.forEach(map => map.zoomBy(steps));
byId("slider").max = count;
byId("slider").addEventListener("input", e => go(Number(e.target.value)));
byId("first").addEventListener("click", () => go(0));
byId("back").addEventListener("click", () => go(at - 1));
byId("play").addEventListener("click", () => play(!timer));
byId("forward").addEventListener("click", () => go(at + 1));
byId("last").addEventListener("click", () => go(count));
byId("speed").addEventListener("change", () => {
    if (timer) play(true);
});
byId("zoom-in").addEventListener("click", () => zoom(1));
byId("zoom-out").addEventListener("click", () => zoom(-1));
byId("zoom-fit").addEventListener("click", () => maps.forEach(map => map.fit()));
byId("zoom-change").addEventListener("click", showChange);
byId("language").addEventListener("change", e => {
    language = e.target.value;
    speak();
});
byId("theme").addEventListener("click", () => {
    const root = document.documentElement;
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    forgetColors();
    showCurve();
    go(at);
});
byId("textures").addEventListener("click", () => {
    showsTextures = !showsTextures;
    forgetColors();
    byId("textures").setAttribute("aria-pressed", String(showsTextures));
    go(at);
});
byId("legend").addEventListener("click", event => {
    const owner = event.target.closest("button")?.dataset.owner;
    if (owner === undefined) return;
    byId("owner-filter").value = byId("owner-filter").value === owner ? "-1" : owner;
    applyFilters();
});
for (const id of ["search", "owner-filter", "call-filter"]) byId(id).addEventListener("input", applyFilters);
document.addEventListener("keydown", event => {
    const tag = event.target.tagName;
    if (event.ctrlKey || event.altKey || event.metaKey || tag === "INPUT" || tag === "SELECT") return;
    const act = {
        ArrowRight: () => go(at + 1),
        ArrowLeft: () => go(at - 1),
        Home: () => go(0),
        End: () => go(count),
        "+": () => zoom(1),
        "=": () => zoom(1),
        "-": () => zoom(-1),
        0: () => maps.forEach(map => map.fit()),
        c: showChange,
        "/": () => byId("search").focus(),
        " ": tag === "BUTTON" ? undefined : () => play(!timer),
    }[event.key];
    if (act) {
        event.preventDefault();
        act();
    }
});
new ResizeObserver(() => {
    maps.forEach(map => {
        if (map.width === Math.max(map.view.clientWidth, 120) && map.height === Math.max(map.view.clientHeight, 40))
            return;
        if (map.zoom === map.most) map.fit();
        else map.setZoom(map.zoom, map.cursor);
    });
    showCurve();
}).observe(byId("maps"));

document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
states.forEach(state => state.go(count));
speak();
maps.forEach(map => map.fit());
go(data.start ?? count);
showScale();
