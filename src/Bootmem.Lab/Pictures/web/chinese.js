// The reasons of a call in Chinese. A reason is English text in a recording; its sentences are few, and each is known
// here by its form: %a an address, %n a number, %s a size, %r a range with its size, %t any text, which is translated
// in turn.
const SENTENCES = [
    // Where a search begins and ends.
    ["%t: the search begins at %a, %t, and goes up to %a, %t.", "{0}：搜索从 {1}（{2}）开始，到 {3}（{4}）为止。"],
    [
        "%t: the search would begin at %a, %t: that is not below %a, %t.",
        "{0}：搜索本应从 {1}（{2}）开始，但它不在 {3}（{4}）之下。",
    ],
    ["next is node %n", "接着是节点 {0}"],
    ["node %n", "节点 {0}"],
    ["the goal %a in whole pages, aligned", "目标 {0}，取整页并对齐"],
    ["the goal %a", "目标 {0}"],
    ["last_success, which is not below the goal %a", "last_success，它不在目标 {0} 之下"],
    ["the node's beginning, as there is no goal", "节点起点，因为没有目标"],
    ["the node's beginning, as the goal %a lies outside it", "节点起点，因为目标 {0} 在节点之外"],
    ["the node's beginning, as the goal %a is not below the limit", "节点起点，因为目标 {0} 不在限度之下"],
    ["the node's beginning, as an alignment of 0 makes 0 of %t", "节点起点，因为对齐为 0 会把{0}变成 0"],
    ["the node's end", "节点末尾"],
    ["the limit %a in whole pages", "限度 {0}，取整页"],
    [
        "node %n is passed over: it begins at %a, not below the limit %a.",
        "跳过节点 {0}：它从 {1} 开始，不在限度 {2} 之下。",
    ],
    [
        "nothing from there on: the search starts over at %a, the beginning of node %n.",
        "从那里往后没有：搜索从节点 {1} 的起点 {0} 重新开始。",
    ],
    ["node %n gives nothing.", "节点 {0} 没有给出内存。"],

    // What stands in the way.
    ["in the way: %r, %t.", "挡在路上：{0}，{1}。"],
    ["… and %n more ranges?.", "……还有 {0} 段。"],
    ["never freed since %t", "自{0}起从未释放"],
    ["%t in line %n", "第 {1} 行的 {0}"],
    ["%t in call %n", "第 {1} 次调用 {0}"],
    ["line %n", "第 {0} 行"],
    ["call %n", "第 {0} 次调用"],
    ["an earlier call", "更早的调用"],
    [
        "%n pages? on the way (?:is|are) free, in %n runs?, but too few together or not at a place that is tried.",
        "路上有 {0} 页空闲，分成 {1} 段，但连续的不够，或者不在会尝试的位置上。",
    ],

    // Where it landed.
    ["it takes %n pages? of node %n, %r, for %s.", "它占用节点 {1} 的 {0} 页，{2}，存放 {3}。"],
    ["it does not merge into the %s that the last allocation left: %t.", "它不并入上次分配留下的 {0}：{1}。"],
    ["this call is aligned to a page or more", "这次调用按一页或更大对齐"],
    ["the page behind that one, %a, is not what the search found", "搜索找到的不是紧随其后的页 {0}"],
    [
        "the last allocation ended in page %a and left %s of it, and the page behind it is what the search found: %t",
        "上次分配止于页 {0}，留下其中 {1}，而搜索找到的正是紧随其后的页：{2}",
    ],
    ["this one fits in there, at %a, and takes no page.", "这次正好放得下，在 {0}，不占新页。"],
    [
        "this one begins in there, at %a, and takes %n pages? more, from %a on.",
        "这次从那里的 {0} 开始，再占 {1} 页，自 {2} 起。",
    ],
    [
        "as the alignment is 0, this one lies over that allocation, at %a, and takes no page.",
        "因为对齐为 0，这次在 {0}，压在那次分配之上，不占新页。",
    ],
    [
        "as the alignment is 0, this one begins over that allocation, at %a, and takes %n pages? more, from %a on.",
        "因为对齐为 0，这次从 {0} 开始，压在那次分配之上，再占 {1} 页，自 {2} 起。",
    ],

    // Other calls.
    ["a bitmap of %n pages? takes %n pages?.", "{0} 页的位图占 {1} 页。"],
    [
        "node %n comes up at %r, every page reserved; its bitmap of %s lies at %a.",
        "节点 {0} 启用，范围 {1}，每一页都已保留；它的位图大小为 {2}，位于 {3}。",
    ],
    ["it is now the first that allocations try.", "现在分配首先尝试它。"],
    ["node %n: %r is reserved.", "节点 {0}：{1} 已保留。"],
    ["node %n: %r is reserved; %n of these were reserved before.", "节点 {0}：{1} 已保留；其中 {2} 页先前已保留。"],
    ["node %n: %r is reserved, %s rounded outwards to pages.", "节点 {0}：{1} 已保留，{2} 向外取整到页。"],
    [
        "node %n: %r is reserved, %s rounded outwards to pages; %n of these were reserved before.",
        "节点 {0}：{1} 已保留，{2} 向外取整到页；其中 {3} 页先前已保留。",
    ],
    ["node %n: %r is free.", "节点 {0}：{1} 空闲。"],
    ["node %n: %r is free, %s rounded inwards to pages.", "节点 {0}：{1} 空闲，{2} 向内取整到页。"],
    [
        "node %n: nothing is freed: the range has no whole page in the node, or begins below it.",
        "节点 {0}：什么也没有释放：这段范围在节点内没有整页，或者从节点之下开始。",
    ],
    [
        "node %n: %n pages? \\(%s\\) go to the page allocator, %n of them from the bitmap itself, which is gone.",
        "节点 {0}：{1} 页（{2}）交给页分配器，其中 {3} 页来自位图本身，位图就此消失。",
    ],
    ["this is no call of bootmem.", "这不是 bootmem 的调用。"],

    // Where the kernel stops, and what would help.
    ["the kernel stops with BUG\\(\\): %t.", "内核以 BUG() 停止：{0}。"],
    ["the kernel panics: %t.", "内核 panic：{0}。"],
    ["this cannot be run here: %t.", "这里无法运行：{0}。"],
    ["what the kernel does here is not defined: %t.", "内核在此的行为未定义：{0}。"],
    ["the size is 0", "大小为 0"],
    ["the alignment is not a power of two", "对齐不是 2 的幂"],
    ["the range reaches beyond the node's end", "范围超出节点末尾"],
    ["the range has no page in the node", "范围在节点内没有页"],
    ["the page is free already", "该页已经空闲"],
    ["the search took the bit at the node's end for a free page", "搜索把节点末尾的那一位当成了空闲页"],
    ["Out of memory", "内存不足"],
    ["the node has no bitmap", "节点没有位图"],
    ["the call would touch bits outside the bitmap", "调用会触及位图之外的位"],
    ["the memory to be cleared reaches beyond its node", "要清零的内存超出其节点"],
    ["the node is in the list of nodes already", "节点已在节点表中"],
    ["there is no such node", "没有这个节点"],
    ["there is no memory where the bitmap is to be", "位图所在之处没有内存"],
    ["this kernel does not have the call", "这个内核没有该调用"],
    ["the hash table cannot be had at any size", "任何大小的哈希表都分配不到"],
    ["to change that: %t", "要避免：{0}"],
    ["reserve the memory of the bitmap after its node is brought up.", "在节点启用之后保留位图的内存。"],
    ["ask for at least one byte.", "至少请求一个字节。"],
    ["align to a power of two.", "按 2 的幂对齐。"],
    [
        "2.6.15 stops at the end of the search and goes on to the next node; before it, a request of one page " +
            "must not meet a node without a free page.",
        "2.6.15 在搜索末尾停下并转到下一个节点；在它之前，一页的请求不能遇到没有空闲页的节点。",
    ],
    ["stay within node %n, %r.", "留在节点 {0} 之内，{1}。"],
    ["do not free page %a again: it is free since %t.", "不要再次释放页 {0}：自{1}起它已空闲。"],
    ["bring node %n up first, and make no call on it after its hand-over.", "先启用节点 {0}，移交之后不再对它调用。"],
    [
        "no node has a free page: free some, or bring up a node with memory.",
        "没有节点有空闲页：释放一些，或启用有内存的节点。",
    ],
    [
        "there is room for %n pages?, but not where an alignment of %a looks: a smaller one would do.",
        "放得下 {0} 页，但不在按 {1} 对齐会查看的位置：更小的对齐即可。",
    ],
    [
        "a limit of %a or more, or none, leaves room for %n pages?.",
        "限度为 {0} 或更大，或者没有限度，就放得下 {1} 页。",
    ],
    [
        "%n pages? side by side (?:is|are) needed; the longest free run is %r in node %n: %n pages? more would " +
            "have to be free beside it.",
        "需要连续 {0} 页；最长的空闲段是节点 {2} 中的 {1}：旁边还要再空出 {3} 页。",
    ],

    // Two kernels.
    ["%t and %t part at call %n, %t:", "{0} 与 {1} 在第 {2} 次调用处分道，{3}："],
    ["%t and %t part at call %n:", "{0} 与 {1} 在第 {2} 次调用处分道："],
    ["%t  makes no call any more", "{0}  不再有调用"],
    ["Why: %t See docs/history.md, %t.", "原因：{0}见 docs/history.md，{1}。"],
    ["Why: %t", "原因：{0}"],
    [
        "up to 2.6.14 the search of a node looks at one bit too many: where it finds no free page, it may take " +
            "the bit at the end for one, " +
            "and that is a BUG\\(\\). 2.6.15 leaves the search at the end, and the next node is tried.",
        "到 2.6.14 为止，节点的搜索多看一位：找不到空闲页时，可能把末尾的位当成空闲页，这就是 BUG()。2.6.15 在末尾结束搜索，转而尝试下一个节点。",
    ],
    [
        "from 2.6.13 on the memory map of a node can come from a remap area at that node's end, and bootmem is " +
            "not asked.",
        "从 2.6.13 起，节点的 mem_map 可以来自该节点末尾的 remap 区，不再向 bootmem 请求。",
    ],
    ["none of bootmem's own changes is known to do this.", "已知的 bootmem 自身改动都不会造成这一差别。"],
    [
        "the kernels make different calls. That is no change of bootmem: zones, and the sizes of what the " +
            "kernel allocates, are not the same in every release.",
        "两个内核的调用不同。这不是 bootmem 的改动：各个版本的区和内核所分配内容的大小并不相同。",
    ],

    // What a call gave.
    ["%n pages?", "{0} 页"],
];
const FORMS = {
    a: "(0x[0-9a-f]+)",
    n: "(\\d+)",
    s: "([\\d.]+ (?:[KMGTPE]iB|bytes?))",
    t: "(.+?)",
    r: "(\\[0x[0-9a-f]+, 0x[0-9a-f]+\\) \\([\\d.]+ (?:[KMGTPE]iB|bytes?)\\))",
};
let sentences = null;

// A text of the program in the reader's language; what is not known stays as it is.
const say = (text, depth = 0) => {
    if (language !== "zh" || !text || text.length > 1000 || depth > 4) return text;
    sentences ??= SENTENCES.map(([english, chinese]) => [
        new RegExp(
            "^" +
                english
                    .replace(/([.?])(?=$| )/g, (dot, _, at) =>
                        dot === "." || english[at - 1] === " " ? "\\" + dot : dot,
                    )
                    .replace(/%([anstr])/g, (_, form) => FORMS[form]) +
                "$",
        ),
        chinese,
    ]);
    const left = text.length - text.trimStart().length;
    for (const [form, chinese] of sentences) {
        const found = form.exec(text.trim());
        if (found) {
            return (
                text.slice(0, left) +
                chinese
                    .replace(/\{(\d)\}/g, (_, i) => say(found[Number(i) + 1], depth + 1))
                    .replace(/(\d) bytes?(?![a-z])/g, "$1 字节")
            );
        }
    }
    return text;
};
