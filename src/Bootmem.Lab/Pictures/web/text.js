// What people read, in two languages, and how numbers are written.
const TEXT = {
    en: {
        language: "Language",
        theme: "Dark / light",
        textures: "Textures",
        controls: "Steps",
        first: "First (Home)",
        back: "Step back (←)",
        play: "Play (space)",
        pause: "Pause (space)",
        forward: "Step forward (→)",
        last: "Last (End)",
        slider: "Call",
        speed: "Speed",
        perSecond: "{0} a second",
        calls: "Calls",
        search: "Search: call, address, owner, caller",
        ownerFilter: "Show one owner",
        callFilter: "Show one call",
        anyOwner: "All owners",
        anyCall: "All calls",
        memory: "Memory",
        zoomOut: "Zoom out (−)",
        zoomIn: "Zoom in (+)",
        fit: "All",
        toChange: "To the change",
        why: "What it looked at, and why",
        page: "Page",
        buddy: "Free blocks by order",
        order: "Order",
        noBuddy: "The page allocator has nothing yet.",
        noWhy: "Nothing to tell.",
        legend: "Owners",
        hoverPage: "Point at a page, tap it, or focus the map and use the arrow keys.",
        keys: "Keys: ← → step · Home End first and last · space play · + − zoom · 0 all · c to the change · / search. In the map the arrows go from page to page.",
        address: "Address",
        pfn: "pfn",
        zone: "Zone",
        node: "Node",
        owner: "Owner",
        taken: "By call",
        history: "History",
        bytes: "In the page",
        before: "before the first call",
        callNumber: "Call {0} of {1}",
        changed: "{0} changed",
        start: "Before the first call.",
        over: "no further call",
        onePage: "1 page",
        pages: "{0} pages",
        found: "{0} of {1}",
        perRow: "A row is {0}",
        hole: "a hole of {0}",
        nobody: "unnamed",
        uses: ["hole", "never freed", "free in bootmem", "owned", "free, handed over"],
        by: "by {0}",
        map: "Map of the memory. The arrow keys go from page to page.",
        merged: "takes no page: it lies in one that was taken before",
        kernel: "Kernel",
        bits: "{0} bits",
        callCount: "{0} calls",
        owners: {},
    },
    zh: {
        language: "语言",
        theme: "深色 / 浅色",
        textures: "纹理",
        controls: "步骤",
        first: "第一步 (Home)",
        back: "后退一步 (←)",
        play: "播放 (空格)",
        pause: "暂停 (空格)",
        forward: "前进一步 (→)",
        last: "最后一步 (End)",
        slider: "调用",
        speed: "速度",
        perSecond: "每秒 {0} 步",
        calls: "调用",
        search: "搜索：调用、地址、所有者、调用者",
        ownerFilter: "只看一个所有者",
        callFilter: "只看一种调用",
        anyOwner: "全部所有者",
        anyCall: "全部调用",
        memory: "内存",
        zoomOut: "缩小 (−)",
        zoomIn: "放大 (+)",
        fit: "全部",
        toChange: "看变化处",
        why: "它查看了什么，为什么",
        page: "页",
        buddy: "各阶空闲块",
        order: "阶",
        noBuddy: "页分配器还没有内存。",
        noWhy: "没有说明。",
        legend: "所有者",
        hoverPage: "指向或点按一页，或者让图获得焦点后用方向键。",
        keys: "按键：← → 单步 · Home End 首尾 · 空格 播放 · + − 缩放 · 0 全部 · c 看变化处 · / 搜索。在图中，方向键逐页移动。",
        address: "地址",
        pfn: "页帧号",
        zone: "区",
        node: "节点",
        owner: "所有者",
        taken: "由调用",
        history: "历史",
        bytes: "页内",
        before: "第一次调用之前",
        callNumber: "第 {0} 次调用，共 {1} 次",
        changed: "改变 {0}",
        start: "第一次调用之前。",
        over: "没有后续调用",
        onePage: "1 页",
        pages: "{0} 页",
        found: "{1} 次中的 {0} 次",
        perRow: "一行是 {0}",
        hole: "空洞 {0}",
        nobody: "未命名",
        uses: ["空洞", "从未释放", "bootmem 中空闲", "已占用", "空闲，已移交"],
        by: "由 {0}",
        map: "内存图。方向键逐页移动。",
        merged: "不占新页：它在先前已占用的页内",
        kernel: "内核",
        bits: "{0} 位",
        callCount: "{0} 次调用",
        owners: {
            "kernel image": "内核映像",
            "page directory": "页目录",
            bitmap: "位图",
            initrd: "initrd",
            firmware: "固件保留",
            "zero page": "零页",
            "page tables": "页表",
            mem_map: "mem_map",
            "wait tables": "等待队列表",
            "per-cpu areas": "per-CPU 区",
            "PID hash": "PID 哈希表",
            "Dentry cache": "目录项缓存",
            "Inode-cache": "inode 缓存",
            "pkmap table": "pkmap 页表",
            "fixmap table": "fixmap 页表",
            resources: "资源表",
            "built-in test": "内置测试",
            module: "模块",
            caller: "调用者",
            unnamed: "未命名",
            allocated: "已分配",
            reserved: "已保留",
        },
    },
};
let language = (navigator.language || "").startsWith("zh") ? "zh" : "en";
const t = key => TEXT[language][key];
const fill = (key, ...values) => t(key).replace(/\{(\d)\}/g, (_, i) => values[i]);

// Names are anybody's: no control characters, no marks that turn the direction of writing, no endless text.
const clean = (text, most = 300) => {
    const cut = text.length > most ? text.slice(0, most - 1) + "…" : text;
    return cut.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");
};
const hex = number => "0x" + number.toString(16);
const addressOf = (pfn, shift) => hex(BigInt(pfn) << BigInt(shift));
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

// Exact in the largest unit that divides it, unless that is too long a number to read.
const sizeOf = bytes => {
    let unit = 0,
        number = bytes;
    while (number && number % 1024 === 0 && unit < UNITS.length - 1) {
        number /= 1024;
        unit++;
    }
    if (number > 99999) {
        while (number >= 1024 && unit < UNITS.length - 1) {
            number /= 1024;
            unit++;
        }
        number = number.toFixed(1);
    }
    return `${number} ${UNITS[unit]}`;
};
const FORMATS = { en: new Intl.NumberFormat("en-US"), zh: new Intl.NumberFormat("zh-CN") };
const numberOf = number => FORMATS[language].format(number);
const percentOf = share =>
    Number.isFinite(share) ? `${share > 0 && share < 0.001 ? "<0.1" : (100 * share).toFixed(1)} %` : "";
const countPages = count => (count === 1 ? t("onePage") : fill("pages", numberOf(count)));
const sentence = text => text.charAt(0).toUpperCase() + text.slice(1);

// Owners that the kernels have are known by name; those of a machine's file are shown as they are.
const ownerName = (recording, owner, nobody = t("nobody")) => {
    const name = recording.owners[owner];
    return name ? clean(TEXT[language].owners[name] ?? name, 120) : nobody;
};

// On whose behalf a call was; nothing where nobody said so.
const callerName = (recording, owner) => (recording.owners[owner] === "unnamed" ? "" : ownerName(recording, owner, ""));
const useName = (recording, use, owner) => (use === OWNED ? ownerName(recording, owner) : t("uses")[use]);

const byId = id => document.getElementById(id);
const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
};
