namespace Bootmem;

/// <summary>
/// The search of __alloc_bootmem_core(): where it begins, how it steps, where it ends. All indexes are pages from the
/// node's start.
/// </summary>
internal readonly partial struct Search
{
    /// <summary>No place was found.</summary>
    public const ulong NotFound = ulong.MaxValue;

    private readonly KernelWord _word;
    private readonly SearchKind _kind;
    private readonly bool _stopsAtEnd;

    /// <summary>The first index that may not be taken: the node's end, or the limit.</summary>
    public readonly ulong EndIndex;

    /// <summary>The first index at which the node's own start does not spoil the alignment.</summary>
    public readonly ulong Offset;

    /// <summary>Where the search begins.</summary>
    public readonly ulong Preferred;

    /// <summary>Why it begins there.</summary>
    public readonly SearchStart Start;

    /// <summary>How many pages are looked for.</summary>
    public readonly ulong PageCount;

    /// <summary>The alignment in pages, at least 1.</summary>
    public readonly ulong Step;

    /// <summary>Where a request's search of a node begins and ends.</summary>
    /// <param name="memory">The allocator.</param>
    /// <param name="node">The node.</param>
    /// <param name="request">The request, its size and alignment checked.</param>
    public Search(in BootMemory memory, in BootmemNode node, in AllocationRequest request)
    {
        _word = memory.Word;
        _kind = memory.Options.Search;
        _stopsAtEnd = memory.Behaviour.StopsAtNodeEnd;
        ulong align = request.Align;

        // From here on the limit is a page number. One below a page is none.
        ulong limitPfn = _word.PfnOf(request.Limit);
        ulong endPfn = limitPfn != 0 && limitPfn < node.LowPfn ? limitPfn : node.LowPfn;
        EndIndex = _word.Subtract(endPfn, _word.PfnOf(node.BootStart));

        ulong misaligned = node.BootStart & _word.Wrap(align - 1);
        Offset = align != 0 && misaligned != 0 ? (align - misaligned) >> _word.PageShift : 0;

        ulong preferred = 0;
        Start = SearchStart.NodeStart;
        ulong goal = request.Goal;
        if (goal != 0 && goal >= node.BootStart && _word.PfnOf(goal) < endPfn)
        {
            preferred = _word.Subtract(goal, node.BootStart);
            Start = SearchStart.Goal;

            // 2.6.14 compares its limit, by now a page number, with bytes. That is what it does.
            if (node.LastSuccess >= preferred && (limitPfn == 0 || limitPfn > node.LastSuccess))
            {
                preferred = node.LastSuccess;
                Start = SearchStart.LastSuccess;
            }
        }

        Preferred = _word.Add(_word.RoundUp(preferred, align) >> _word.PageShift, Offset);
        PageCount = _word.PagesOf(request.Size);
        Step = align >> _word.PageShift;
        if (Step == 0)
        {
            Step = 1;
        }
    }

    /// <summary>
    /// The first place at or after an index: a free page at a multiple of the step, and free pages behind it. Behind a
    /// place that fails, the kernel steps once more than it would have to. What is known of the map lets it skip
    /// stretches where nothing can succeed (<see cref="Skip"/>); that changes no outcome.
    /// </summary>
    /// <param name="map">The node's bitmap.</param>
    /// <param name="from">Where to begin.</param>
    /// <returns>
    /// The place's first index, or <see cref="NotFound"/>. Before 2.6.15 it can be <see cref="EndIndex"/> or beyond.
    /// </returns>
    public ulong Scan(in Bitmap map, ulong from)
    {
        ulong i = from;
        while (i < EndIndex)
        {
            ulong begun = i;
            i = _word.RoundUp(NextFree(map, i), Step);
            if (_stopsAtEnd && i >= EndIndex)
            {
                Keep(map, from, begun);
                break;
            }

            ulong next;
            if (map.IsSet(i))
            {
                next = _word.Add(i, Step);
            }
            else
            {
                ulong areaEnd = _word.Add(i, PageCount);
                ulong end = FreeRunEnd(map, i, areaEnd);
                if (end >= areaEnd)
                {
                    Keep(map, from, begun);
                    return i;
                }

                next = _word.Add(_word.RoundUp(end, Step), Step);
            }

            // An index that wrapped would begin again below: the kernel would never come back.
            if (next <= begun)
            {
                break;
            }

            i = Skip(map, from, next);
            if (i >= EndIndex)
            {
                Keep(map, from, begun);
            }
        }

        return NotFound;
    }

    // How far the pages behind a free page are free too: to the area's end, the search's end, or the first taken page.
    private ulong FreeRunEnd(in Bitmap map, ulong first, ulong areaEnd)
    {
        ulong j = first + 1;
        ulong stop = areaEnd < EndIndex ? areaEnd : EndIndex;
        return j < stop ? map.FindSet(j, stop) : j;
    }

    // find_next_zero_bit(), which is each architecture's own.
    private ulong NextFree(in Bitmap map, ulong from)
    {
        switch (_kind)
        {
            case SearchKind.X86:
                return map.FindClear(from, _word.RoundUp(EndIndex, (ulong)_word.Bits));

            case SearchKind.Arm:
                ulong byteEnd = _word.RoundUp(EndIndex, 8);
                ulong found = map.FindClear(from, byteEnd);
                return found < byteEnd ? found : EndIndex;

            default:
                return map.FindClear(from, EndIndex);
        }
    }
}
