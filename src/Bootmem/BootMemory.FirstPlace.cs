using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>
/// A short way for what most requests come to: the first free page that their search comes to, and those behind it in its
/// word of the map, are enough.
/// It gives what the long way would; wherever that is not plain to see, it leaves the request to it.
/// </content>
public unsafe partial struct BootMemory
{
    private readonly bool TryFirstPlace(ref BootmemNode target, in AllocationRequest request, out ulong address)
    {
        address = 0;
        ulong align = request.Align;
        if (!request.IsSound || Observer.Notify != null || !target.HasMap || (target.BootStart & (align - 1)) != 0)
        {
            return false;
        }

        ulong preferred = 0;
        ulong goal = request.Goal;
        if (goal != 0 && goal >= target.BootStart && Word.PfnOf(goal) < target.LowPfn)
        {
            preferred = goal - target.BootStart;
            preferred = target.LastSuccess >= preferred ? target.LastSuccess : preferred;
        }

        // The first free page, and those behind it in its word. In larger steps the search goes its own way to it.
        ulong from = Word.RoundUp(preferred, align) >> Word.PageShift;
        ulong pageCount = target.PageCount(Word);
        ulong start = from;
        ulong free = target.Map.NextFree(ref start, pageCount);
        ulong pages = Word.PagesOf(request.Size);
        ulong area = ulong.MaxValue >> (int)(64 - pages);
        bool isThere = start == from || align <= Word.PageSize;
        if (!isThere || pages - 1 >= 64 || (free & area) != area || start + pages > pageCount)
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
