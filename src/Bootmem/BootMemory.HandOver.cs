namespace Bootmem;

/// <content>The hand-over of a node to the page allocator.</content>
public unsafe partial struct BootMemory
{
    // How many pages behind the map are still read: a machine has no more memory there that would read as 0.
    private const ulong MostBeyondMap = 1 << 22;

    /// <summary>
    /// Hands every free page of a node to the page allocator, then the pages of the bitmap itself: free_all_bootmem_core().
    /// The bitmap is gone after that; the node's numbers stay.
    /// </summary>
    /// <param name="call">The call this is done for.</param>
    /// <param name="node">The node's number.</param>
    /// <param name="sink">Where the pages go. Whole words of free pages go as one block of 32 or 64 pages if the node's
    /// start is aligned to two of them, all others page by page.</param>
    /// <param name="pages">How many pages were handed over.</param>
    /// <param name="fault">Why not, if not.</param>
    public bool TryHandOver(Call call, int node, in PageSink sink, out ulong pages, out Fault fault)
    {
        pages = 0;
        fault = NewFault(call, node, Fault.NoPage, 0, 0);
        if (!HasNode(node))
        {
            return Fail(ref fault, FaultKind.Undefined, FaultReason.NoSuchNode);
        }

        ref BootmemNode target = ref _nodes[node];
        if (!target.HasMap)
        {
            return Fail(ref fault, FaultKind.Bug, FaultReason.NoMap);
        }

        ulong pageCount = target.PageCount(Word);
        if (pageCount > target.Map.BitCount + MostBeyondMap)
        {
            return Fail(ref fault, FaultKind.Undefined, FaultReason.OutsideMap);
        }

        // A node whose first page number wrapped has more pages than its map: what lies behind the map reads as 0, and its
        // last word goes whole.
        bool byWords = HandsOverWords(target.BootStart);
        ulong readEnd = byWords && pageCount > target.Map.BitCount
            ? Word.RoundUp(pageCount, (ulong)Word.Bits) : pageCount;
        ulong run = target.Map.FindClear(0, readEnd);
        while (run < readEnd)
        {
            ulong end = target.Map.FindSet(run, readEnd);
            HandOverRun(call, node, sink, run, end, byWords);
            pages += end - run;
            run = target.Map.FindClear(end, readEnd);
        }

        // The map's own pages. The number of bytes is rounded down here where bootmem_bootmap_pages() rounds it up.
        ulong mapPages = Word.PagesOf(pageCount >> 3);
        ulong mapIndex = Word.PfnOf(target.MapAddress) - Word.PfnOf(target.BootStart);
        HandOverBlocks(call, node, sink, mapIndex, 0, mapPages);
        pages += mapPages;

        target.Map = default;
        target.HasMap = false;
        Notify(BootEventKind.MapGone, call, node, mapIndex, mapPages, target.MapAddress, pageCount >> 3);
        return true;
    }

    // Whether free words go as one block: the kernel compares ffs() of the start, cut to an int, with ffs() of the word's
    // bits, and asks for one bit more than would do. A start whose low 32 bits are all 0 is not aligned, to it.
    private readonly bool HandsOverWords(ulong bootStart) =>
        bootStart == 0 || Bits.FindFirstSet((uint)bootStart) - Word.PageShift > Bits.FindFirstSet((uint)Word.Bits);

    // A run of free pages: single pages up to the first whole word, the words, single pages behind the last one.
    private readonly void HandOverRun(
        Call call, int node, in PageSink sink, ulong first, ulong end, bool byWords)
    {
        ulong bits = (ulong)Word.Bits;
        ulong firstWord = (first + bits - 1) & ~(bits - 1);
        ulong endWord = end & ~(bits - 1);
        if (!byWords || firstWord >= endWord)
        {
            HandOverBlocks(call, node, sink, first, 0, end - first);
            return;
        }

        int order = Bits.Log2(bits);
        HandOverBlocks(call, node, sink, first, 0, firstWord - first);
        HandOverBlocks(call, node, sink, firstWord, order, (endWord - firstWord) >> order);
        HandOverBlocks(call, node, sink, endWord, 0, end - endWord);
    }

    private readonly void HandOverBlocks(
        Call call, int node, in PageSink sink, ulong firstIndex, int order, ulong blockCount)
    {
        if (blockCount == 0)
        {
            return;
        }

        if (sink.Take != null)
        {
            sink.Take(sink.Context, Word.PfnOf(_nodes[node].BootStart) + firstIndex, order, blockCount);
        }

        Notify(BootEventKind.HandedOver, call, node, firstIndex, blockCount << order, 0, 0, order);
    }
}
