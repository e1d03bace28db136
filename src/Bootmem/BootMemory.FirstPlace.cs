namespace Bootmem;

/// <content>
/// A short way for what most requests come to: the first free page that their search comes to, and those behind it,
/// are enough.
/// It gives what the long way would; wherever that is not plain to see, it leaves the request to it.
/// </content>
public unsafe partial struct BootMemory
{
    // How many places are tried before the search proper is.
    private const int MostPlaces = 4;

    private readonly bool TryFirstPlace(ref BootmemNode target, in AllocationRequest request, out ulong address)
    {
        address = 0;
        ulong align = request.Align;
        if (!ForSpeed.IsWanted || Observer.Notify != null || !target.HasMap
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

        // A node's own start may spoil the alignment.
        ulong misaligned = target.BootStart & (align - 1);
        ulong start = Word.RoundUp(preferred, align) >> Word.PageShift;
        start += misaligned == 0 ? 0 : (align - misaligned) >> Word.PageShift;
        ulong pageCount = Word.Subtract(endPfn, Word.PfnOf(target.BootStart));
        ulong pages = Word.PagesOf(request.Size);
        if (!TryPlaces(target.Map, ref start, pages, align >> Word.PageShift, pageCount))
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

    // The first places that the search comes to, each as it does: from a free page on to a multiple of the step, where
    // all that is wanted must be free. Whatever is near the node's end is left to it.
    private static bool TryPlaces(in Bitmap map, ref ulong place, ulong pages, ulong step, ulong end)
    {
        end = end < map.BitCount ? end : map.BitCount;
        if (pages == GroupState.Size && step == GroupState.Size && map.HasIndex)
        {
            return map.Index->FindFreeGroup(ref place, end);
        }

        for (int left = MostPlaces; left > 0; left--)
        {
            ulong free = map.NextFree(ref place, end);
            if (step > 1 && (place & (step - 1)) != 0)
            {
                place = (place + step - 1) & ~(step - 1);
                free = 0;
            }

            if (place >= end || pages - 1 >= end - place)
            {
                return false;
            }

            ulong area = ulong.MaxValue >> (int)(64 - pages);
            if (pages <= 64 && (free & area) == area)
            {
                return true;
            }

            ulong taken = map.FindSet(place, place + pages);
            if (taken == place + pages)
            {
                return true;
            }

            // A place behind one that failed is passed over, unless that was taken at its first page.
            place = step <= 1 ? taken + 1
                : taken == place ? place + step : ((taken + step - 1) & ~(step - 1)) + step;
        }

        return false;
    }
}
