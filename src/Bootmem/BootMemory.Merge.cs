namespace Bootmem;

/// <content>
/// A short way for what a boot asks for most: some bytes, right behind those that it got last. It takes the first node's
/// partial page, and the page behind it where it must, if that is what the search would find; all else goes the long way.
/// </content>
public unsafe partial struct BootMemory
{
    private bool TryMerge(in AllocationRequest request, out ulong address)
    {
        address = 0;
        if (_listHead == NoNode || Observer.Notify != null)
        {
            return false;
        }

        // One page at most is looked for, in steps of one page, without a limit. The node's start is a page's: it spoils
        // no alignment below a page.
        ref BootmemNode target = ref _nodes[_listHead];
        ulong size = request.Size;
        ulong align = request.Align;
        ulong pageSize = Word.PageSize;
        bool isSmall = size - 1 < pageSize && align - 1 < pageSize - 1 && (align & (align - 1)) == 0;
        if (!isSmall || target.LastOffset == 0 || !target.HasMap || request.Limit != 0 || Calls.IsLimitCall(request.Call))
        {
            return false;
        }

        // Where the search begins: at the goal or at last_success. It ends there too, if that is the page wanted.
        ulong goal = request.Goal;
        if (goal < target.BootStart || goal == 0 || Word.PfnOf(goal) >= target.LowPfn)
        {
            return false;
        }

        ulong preferred = goal - target.BootStart;
        preferred = target.LastSuccess >= preferred ? target.LastSuccess : preferred;
        ulong start = Word.RoundUp(preferred, align) >> Word.PageShift;
        return Word.Add(target.LastPos, 1) == start && start < target.PageCount(Word) && target.Map.IsFree(start, 1)
            && Merge(ref target, start, size, align, out address);
    }

    private readonly bool Merge(ref BootmemNode target, ulong start, ulong size, ulong align, out ulong address)
    {
        ulong offset = Word.RoundUp(target.LastOffset, align);
        ulong end = offset + size;
        address = Word.Add((target.LastPos << Word.PageShift) + offset, target.BootStart);
        target.LastSuccess = Word.AddressOf(start);
        target.LastOffset = end & (Word.PageSize - 1);

        // The page behind is taken if anything lies in it; it is partial then, or the last of the request.
        if (end > Word.PageSize)
        {
            target.LastPos = start;
            target.Map.Set(start, 1);
        }

        if (Memory.Clear != null)
        {
            Memory.Clear(Memory.Context, address, size);
        }

        return true;
    }
}
