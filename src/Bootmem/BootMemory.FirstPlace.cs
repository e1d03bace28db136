using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>
/// A short way for what most requests come to: the first free page that their search comes to, and those behind it,
/// are enough.
/// It gives what the long way would; wherever that is not plain to see, it leaves the request to it.
/// </content>
public unsafe partial struct BootMemory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        ulong from = Word.RoundUp(preferred, align) >> Word.PageShift;
        from += misaligned == 0 ? 0 : (align - misaligned) >> Word.PageShift;
        ulong end = Word.Subtract(endPfn, Word.PfnOf(target.BootStart));
        end = end < target.Map.BitCount ? end : target.Map.BitCount;
        ulong pages = Word.PagesOf(request.Size);
        ulong step = align >> Word.PageShift;
        step = step == 0 ? 1 : step;
        ulong start = target.Map.HasIndex
            ? target.Map.Index->FirstPlace(from, pages, step, end)
            : WordBits.FirstPlace(target.Map.Words, from, pages, step, end);
        if (start == Search.NotFound)
        {
            return false;
        }

        ulong relative = start << Word.PageShift;
        target.LastSuccess = Word.Wrap(relative);
        ulong lastEnd = relative + request.Size;
        if (align < Word.PageSize && target.LastOffset != 0 && target.LastPos + 1 == start)
        {
            ulong offset = (target.LastOffset + align - 1) & ~(align - 1);
            lastEnd = (target.LastPos << Word.PageShift) + offset + request.Size;
            relative = lastEnd - request.Size;
            pages = lastEnd <= start << Word.PageShift ? 0 : ((lastEnd - 1) >> Word.PageShift) + 1 - start;
        }

        target.LastPos = start + pages - 1;
        target.LastOffset = lastEnd & (Word.PageSize - 1);
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
