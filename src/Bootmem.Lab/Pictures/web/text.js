// What people read, in two languages, and how numbers are written.
const TEXT = {
  en: {
    language: "Language", theme: "Dark / light", first: "First (Home)", back: "Step back (←)", play: "Play (space)",
    pause: "Pause (space)", forward: "Step forward (→)", last: "Last (End)", slider: "Call", speed: "Speed",
    calls: "Calls", search: "Search: call, address, owner", ownerFilter: "Owner", callFilter: "Call", anyOwner: "All owners",
    anyCall: "All calls", memory: "Memory", zoomOut: "Zoom out (−)", zoomIn: "Zoom in (+)", fit: "Fit", why: "What it looked at, and why it landed there",
    page: "Page", buddy: "Free blocks by order", noBuddy: "The page allocator has nothing yet.", noWhy: "Nothing to tell.",
    hoverPage: "Point at a page, tap it, or focus the map and use the arrow keys.",
    keys: "Keys: ← → step, Home End, space play, + − zoom, / search. In the map the arrows go from page to page.",
    address: "Address", pfn: "pfn", zone: "Zone", node: "Node", owner: "Owner", taken: "By call", history: "History", bytes: "In the page",
    before: "before the first call", state: "Call {0} of {1}: {2} {3}{4}. {5} changed.", start: "Before the first call.",
    gave: "gives ", pages: "pages", onePage: "1 page", found: "{0} of {1} calls", cell: "a cell is {0}", hole: "a hole of {0}", nobody: "nobody",
    uses: ["hole", "never freed", "free in bootmem", "owned", "free, handed over"], by: "by {0}", map: "Map of the memory",
    merged: "takes no page: it lies in a page that was taken before", kernel: "kernel", ram: "of RAM", differs: "differs",
  },
  zh: {
    language: "语言", theme: "深色 / 浅色", first: "第一步 (Home)", back: "后退一步 (←)", play: "播放 (空格)",
    pause: "暂停 (空格)", forward: "前进一步 (→)", last: "最后一步 (End)", slider: "调用", speed: "速度",
    calls: "调用", search: "搜索：调用、地址、所有者", ownerFilter: "所有者", callFilter: "调用", anyOwner: "所有所有者",
    anyCall: "所有调用", memory: "内存", zoomOut: "缩小 (−)", zoomIn: "放大 (+)", fit: "适合窗口", why: "它查看了什么，为什么落在那里",
    page: "页", buddy: "按阶的空闲块", noBuddy: "页分配器还没有内存。", noWhy: "没有说明。",
    hoverPage: "指向或点按一页，或者让图获得焦点后用方向键。",
    keys: "按键：← → 单步，Home End，空格播放，+ − 缩放，/ 搜索。在图中方向键逐页移动。",
    address: "地址", pfn: "页号", zone: "区", node: "节点", owner: "所有者", taken: "由调用", history: "历史", bytes: "页内",
    before: "第一次调用之前", state: "第 {0} 次调用，共 {1} 次：{2} {3}{4}。改变了 {5}。", start: "第一次调用之前。",
    gave: "得到 ", pages: "页", onePage: "1 页", found: "{1} 次调用中的 {0} 次", cell: "一格是 {0}", hole: "空洞 {0}", nobody: "无",
    uses: ["空洞", "从未释放", "bootmem 中空闲", "已占用", "空闲，已移交"], by: "由 {0}", map: "内存图",
    merged: "不占新页：它在先前已占用的页内", kernel: "内核", ram: "内存", differs: "不同",
  },
};
let language = (navigator.language || "").startsWith("zh") ? "zh" : "en";
const t = key => TEXT[language][key];
const fill = (key, ...values) => t(key).replace(/\{(\d)\}/g, (_, i) => values[i]);

// Names are anybody's: no control characters, no marks that turn the direction of writing, no endless text.
const clean = (text, most = 300) => {
  const cut = text.length > most ? text.slice(0, most - 1) + "…" : text;
  return cut.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");
};
const hex = number => "0x" + number.toString(16);
const addressOf = (pfn, shift) => hex(BigInt(pfn) << BigInt(shift));
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
const sizeOf = bytes => {
  let unit = 0;
  while (bytes >= 1024 && unit < UNITS.length - 1) { bytes /= 1024; unit++; }
  return `${Number.isInteger(bytes) ? bytes : bytes.toFixed(1)} ${UNITS[unit]}`;
};
const countPages = count => count === 1 ? t("onePage") : `${count} ${t("pages")}`;

const byId = id => document.getElementById(id);
const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};
