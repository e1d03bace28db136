namespace Bootmem;

/// <content>The hand-over of a node to the page allocator.</content>
public unsafe partial struct BootMemory
{
    // How many pages behind the map are still read: a machine has no more memory there that would read as 0.
    private const ulong MostBeyondMap = 1 << 22;

    /// <summary>
    /// Hands every free page of a node to the page allocator, then the pages of the bitmap itself:
    /// free_all_bootmem_core(). The bitmap is gone after that; the node's numbers stay.
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
        if (!HasNode(node))
        {
            return Fail(call, node, Fault.NoPage, 0, 0, FaultKind.Undefined, FaultReason.NoSuchNode, out fault);
        }

        ref BootmemNode target = ref _nodes[node];
        if (!target.HasMap)
        {
            return Fail(call, node, Fault.NoPage, 0, 0, FaultKind.Bug, FaultReason.NoMap, out fault);
        }

        ulong pageCount = target.PageCount(Word);
        if (pageCount > target.Map.BitCount + MostBeyondMap)
        {
            return Fail(call, node, Fault.NoPage, 0, 0, FaultKind.Undefined, FaultReason.OutsideMap, out fault);
        }

        BlockGiver giver = new(this, call, node, sink);
        GiveFreePages(target, pageCount, ref giver);

        // The map's own pages. The number of bytes is rounded down here where bootmem_bootmap_pages() rounds it up.
        ulong mapPages = Word.PagesOf(pageCount >> 3);
        ulong mapIndex = Word.PfnOf(target.MapAddress) - Word.PfnOf(target.BootStart);
        giver.Flush();
        giver.Blocks(mapIndex, 0, mapPages);
        giver.Flush();
        pages = giver.Pages;
        Fault.SetNone(out fault);

        // Observers may look at the map for the last time.
        target.HasMap = false;
        target.QuietSize = 0;
        target.PlainSize = 0;
        Notify(BootEventKind.MapGone, call, node, mapIndex, mapPages, target.MapAddress, pageCount >> 3);
        target.Map = default;
        return true;
    }

    // Whether free words go as one block: the kernel compares ffs() of the start, cut to an int, with ffs() of the
    // word's bits, and asks for one bit more than would do. A start whose low 32 bits are all 0 is not aligned, to it.
    private readonly bool HandsOverWords(ulong bootStart) =>
        bootStart == 0 || Bits.FindFirstSet((uint)bootStart) - Word.PageShift > Bits.FindFirstSet((uint)Word.Bits);

    // Word after word: one that is all free goes as one block, of any other each free page. The node's last word counts
    // as all free if its padding is, too: a free that wraps can reach that.
    private readonly void GiveFreePages(in BootmemNode target, ulong pageCount, ref BlockGiver giver)
    {
        bool byWords = HandsOverWords(target.BootStart);
        ulong wordEnd = byWords ? Word.RoundUp(pageCount, (ulong)Word.Bits) : pageCount;
        ulong mapEnd = wordEnd < target.Map.BitCount ? wordEnd : target.Map.BitCount;
        for (ulong first = 0; first < mapEnd;)
        {
            MapStretch stretch = target.Map.StretchAt(first);
            ulong end = stretch.End < mapEnd ? stretch.End : mapEnd;
            if (stretch.Kind == StretchKind.Free)
            {
                GiveRun(first, end, byWords, ref giver);
            }
            else if (stretch.Kind == StretchKind.Bits)
            {
                GiveWords(stretch, end, pageCount, byWords, ref giver);
            }

            first = end;
        }

        // A node whose first page number wrapped has more pages than its map: what lies behind the map reads as 0,
        // and its last word goes whole.
        if (wordEnd > mapEnd)
        {
            GiveRun(mapEnd, wordEnd, byWords, ref giver);
        }
    }

    private readonly void GiveWords(
        in MapStretch stretch, ulong end, ulong pageCount, bool byWords, ref BlockGiver giver)
    {
        ulong* words = stretch.Words;
        ulong count = end - stretch.First;
        ulong pages = pageCount - stretch.First < count ? pageCount - stretch.First : count;
        bool byHalves = byWords && Word.Bits == 32;
        for (ulong done = 0; done < count;)
        {
            // What is all free or all reserved is gone through at the speed of memory.
            ulong word = words[done >> 6];
            if (word == 0 || word == ulong.MaxValue)
            {
                ulong stop = word == 0 ? WordBits.FindSet(words, done, count) : WordBits.FindClear(words, done, count);
                stop = stop < count ? stop & ~63UL : count;
                if (word == 0)
                {
                    GiveRun(stretch.First + done, stretch.First + stop, byWords, ref giver);
                }

                done = stop;
                continue;
            }

            // Mixed words go together. The node's last one may be cut, and half of one may be a word of the kernel's.
            ulong left = pages - done;
            ulong mixed = CountMixed(words + (done >> 6), left >> 6, byHalves);
            if (mixed != 0)
            {
                giver.Singles(stretch.First + done, words + (done >> 6), mixed);
                done += mixed << 6;
                continue;
            }

            GiveWord(stretch.First + done, left < 64 ? Cut(word, left, byHalves) : word, byHalves, ref giver);
            done += 64;
        }
    }

    // A word in which the node ends, with all behind that reserved; but for the rest of a half that is all free.
    private static ulong Cut(ulong word, ulong pages, bool byHalves)
    {
        if (byHalves && (uint)(word >> (int)(pages & 32)) == 0)
        {
            pages = (pages + 31) & ~31UL;
        }

        return pages == 64 ? word : word | (ulong.MaxValue << (int)pages);
    }

    // How many words in front have free and reserved pages; where halves go as blocks, none of them all free.
    private static ulong CountMixed(ulong* words, ulong count, bool byHalves)
    {
        ulong done = 0;
        while (done < count && words[done] is not (0 or ulong.MaxValue) && !(byHalves && HasFreeHalf(words[done])))
        {
            done++;
        }

        return done;
    }

    private static bool HasFreeHalf(ulong word) => (uint)word == 0 || word >> 32 == 0;

    // A word of 64 bits that is mixed.
    private static void GiveWord(ulong first, ulong word, bool byHalves, ref BlockGiver giver)
    {
        if (!byHalves || !HasFreeHalf(word))
        {
            giver.Singles(first, &word, 1);
            return;
        }

        for (int half = 0; half < 64; half += 32)
        {
            ulong pages = (word >> half) & uint.MaxValue;
            if (pages == 0)
            {
                giver.Blocks(first + (ulong)half, Bits.Log2(32), 1);
            }
            else
            {
                pages |= ulong.MaxValue << 32;
                giver.Singles(first + (ulong)half, &pages, 1);
            }
        }
    }

    // Free pages from a word's first page on: the words, then single pages behind the last one.
    private readonly void GiveRun(ulong first, ulong end, bool byWords, ref BlockGiver giver)
    {
        int order = byWords ? Bits.Log2((ulong)Word.Bits) : 0;
        ulong blocks = (end - first) >> order;
        giver.Blocks(first, order, blocks);
        giver.Blocks(first + (blocks << order), 0, end - first - (blocks << order));
    }

    internal readonly void NotifyHandedOver(Call call, int node, ulong first, int order, ulong count) =>
        Notify(BootEventKind.HandedOver, call, node, first, count << order, 0, 0, order);
}
