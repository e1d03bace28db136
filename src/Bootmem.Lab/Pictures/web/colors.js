// What is drawn with: the page's own colours, which a theme changes, and a texture and a letter for each owner, for
// those who do not see colours.
let showsTextures = false;
let cachedPalette = null;
const palette = () =>
    (cachedPalette ??= (() => {
        const style = getComputedStyle(document.documentElement),
            of = name => style.getPropertyValue("--" + name).trim();
        return {
            card: of("card"),
            fore: of("fore"),
            dim: of("dim"),
            line: of("line"),
            lit: of("lit"),
            mark: of("mark"),
            uses: [of("use-0"), of("use-1"), of("use-2"), "", of("use-4")],
        };
    })());

// Black or white, whichever is read more easily on a colour.
const inks = new Map();
const inkOn = color => {
    let ink = inks.get(color);
    if (!ink) {
        const part = at => {
            const v = parseInt(color.slice(at, at + 2), 16) / 255;
            return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        };
        ink = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5) > 0.179 ? "#000" : "#fff";
        inks.set(color, ink);
    }
    return ink;
};

// Lines in a square of 8, by owner.
const TEXTURES = [
    [[0, 8, 8, 0]],
    [[0, 0, 8, 8]],
    [[0, 4, 8, 4]],
    [[4, 0, 4, 8]],
    [
        [0, 8, 8, 0],
        [0, 0, 8, 8],
    ],
    [
        [0, 4, 8, 4],
        [4, 0, 4, 8],
    ],
    [
        [0, 2, 8, 2],
        [0, 6, 8, 6],
    ],
];
const textures = new Map();
const textureOf = (context, owner) => {
    const index = owner % TEXTURES.length;
    if (!textures.has(index)) {
        const tile = document.createElement("canvas");
        tile.width = tile.height = 8;
        const c = tile.getContext("2d");
        c.strokeStyle = "rgba(255,255,255,.5)";
        c.lineWidth = 1.2;
        for (const [x, y, u, v] of TEXTURES[index]) {
            c.beginPath();
            c.moveTo(x, y);
            c.lineTo(u, v);
            c.stroke();
        }
        textures.set(index, context.createPattern(tile, "repeat"));
    }
    return textures.get(index);
};

// A box of an owner's colour and letter. There is one for each.
const swatches = new Map();
const swatch = (recording, use, owner) => {
    const key = use * 65536 + owner;
    if (!swatches.has(key)) swatches.set(key, newSwatch(recording, use, owner));
    return swatches.get(key);
};
const forgetColors = () => {
    cachedPalette = null;
    swatches.clear();
};
const newSwatch = (recording, use, owner) => {
    const made = document.createElement("canvas"),
        c = made.getContext("2d"),
        color = use === OWNED ? recording.colors[owner] : palette().uses[use];
    made.className = "swatch";
    made.width = 44;
    made.height = 32;
    made.setAttribute("aria-hidden", "true");
    c.fillStyle = color;
    c.fillRect(0, 0, 44, 32);
    if (use === OWNED) {
        if (showsTextures) {
            c.fillStyle = textureOf(c, owner);
            c.fillRect(0, 0, 44, 32);
            c.fillStyle = color;
            c.fillRect(11, 3, 22, 26);
        }
        c.fillStyle = inkOn(color);
        c.font = "600 22px system-ui, sans-serif";
        c.textAlign = "center";
        c.textBaseline = "middle";
        c.fillText(recording.marks[owner], 22, 17);
    }
    return made;
};
