namespace Bootmem;

/// <content>
/// A short way for what most requests come to: the first free page that their search comes to, and those behind it,
/// are enough.
/// It gives what the long way would; wherever that is not plain to see, it leaves the request to it.
/// </content>
public unsafe partial struct BootMemory
{
    private readonly bool TryFirstPlace(ref BootmemNode target, in AllocationRequest request, out ulong address)
    {
        address = 0;
        ulong align = request.Align;
        if (!ForSpeed.IsWanted || Observer.Notify != null || !target.HasMap || (target.BootStart & (align - 1)) != 0
            || !(request.IsSound || (Behaviour.HasLimit && request.IsSoundWithLimit)))
        {
            return false;
        }

        // The limit is a page number here, though it is compared with bytes below.
        ulong limitPfn = Word.PfnOf(request.Limit);
        ulong endPfn = limitPfn != 0 && limitPfn < target.LowPfn ? limitPfn : target.LowPfn;
        if (request.Limit != 0 && target.BootStart >= request.Limit)
        {
            return false;
        }

        ulong preferred = 0;
        ulong goal = request.Goal;
        if (goal != 0 && goal >= target.BootStart && Word.PfnOf(goal) < endPfn)
        {
            preferred = goal - target.BootStart;
            bool isRaised = target.LastSuccess >= preferred && (limitPfn == 0 || limitPfn > target.LastSuccess);
            preferred = isRaised ? target.LastSuccess : preferred;
        }

        // The first free page, or the first multiple of the step behind it; then all that is wanted there must be free.
        ulong start = Word.RoundUp(preferred, align) >> Word.PageShift;
        ulong pageCount = Word.Subtract(endPfn, Word.PfnOf(target.BootStart));
        ulong free = target.Map.NextFree(ref start, pageCount);
        ulong step = align >> Word.PageShift;
        ulong pages = Word.PagesOf(request.Size);
        if (step > 1 && (start & (step - 1)) != 0)
        {
            start = Word.RoundUp(start, step);
            free = 0;
        }

        if (start >= pageCount || pages - 1 >= pageCount - start)
        {
            return false;
        }

        ulong area = ulong.MaxValue >> (int)(64 - pages);
        ulong startEnd = start + pages;
        bool isInWord = pages <= 64 && (free & area) == area;
        if (!isInWord && (startEnd > target.Map.BitCount || target.Map.FindSet(start, startEnd) != startEnd))
        {
            return false;
        }

        ulong relative = start << Word.PageShift;
        target.LastSuccess = Word.Wrap(relative);
        ulong end = relative + request.Size;
        if (align < Word.PageSize && target.LastOffset != 0 && target.LastPos + 1 == start)
        {
            ulong offset = (target.LastOffset + align - 1) & ~(align - 1);
            end = (target.LastPos << Word.PageShift) + offset + request.Size;
            relative = end - request.Size;
            pages = end <= start << Word.PageShift ? 0 : ((end - 1) >> Word.PageShift) + 1 - start;
        }

        target.LastPos = start + pages - 1;
        target.LastOffset = end & (Word.PageSize - 1);
        if (pages != 0)
        {
            target.Map.Set(start, pages);
        }

        address = Word.Add(relative, target.BootStart);
        if (Memory.Clear != null)
        {
            Memory.Clear(Memory.Context, address, request.Size);
        }

        return true;
    }
}
