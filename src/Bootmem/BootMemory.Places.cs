using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>
/// A short way for requests that no word of the map answers, in an ordinary node that nobody watches. It gives what the
/// long way would; wherever that is not plain to see, it leaves the request to it.
/// </content>
public unsafe partial struct BootMemory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Outcome TryPlaces(ref BootmemNode target, in AllocationRequest request, out ulong address)
    {
        address = 0;
        if (target.OrdinarySize == 0 || _observer.Notify != null
            || !(request.IsSound || (Behaviour.HasLimit && request.IsSoundWithLimit)))
        {
            return Outcome.NotKnown;
        }

        if (request.Limit != 0 && target.BootStart >= request.Limit)
        {
            return Outcome.Nothing;
        }

        // The limit is a page number here, though it is compared with bytes below.
        ulong limitPfn = Word.PfnOf(request.Limit);
        ulong endPfn = limitPfn != 0 && limitPfn < target.LowPfn ? limitPfn : target.LowPfn;
        ulong preferred = 0;
        ulong goal = request.Goal;
        if (goal != 0 && goal >= target.BootStart && Word.PfnOf(goal) < endPfn)
        {
            preferred = goal - target.BootStart;
            bool isRaised = target.LastSuccess >= preferred && (limitPfn == 0 || limitPfn > target.LastSuccess);
            preferred = isRaised ? target.LastSuccess : preferred;
        }

        // A node's own start may spoil the alignment.
        ulong align = request.Align;
        ulong misaligned = align == 0 ? 0 : target.BootStart & (align - 1);
        ulong offset = misaligned == 0 ? 0 : (align - misaligned) >> Word.PageShift;
        ulong from = (Word.RoundUp(preferred, align) >> Word.PageShift) + offset;
        ulong end = endPfn - Word.PfnOf(target.BootStart);
        ulong pages = Word.PagesOf(request.Size);
        ulong step = align >> Word.PageShift;
        step = step == 0 ? 1 : step;
        if (pages == 0 || step > end)
        {
            return Outcome.NotKnown;
        }

        ulong start = target.Map.HasIndex
            ? target.Map.Index->FirstPlace(from, pages, step, end)
            : WordBits.FindPlace(target.Map.Words, from, pages, step, end);
        if (start == Search.NotFound)
        {
            // At the search's end some kernels look at one page more. It makes no difference where those behind it are
            // wanted, too.
            if (target.Map.HasIndex || !(Behaviour.StopsAtNodeEnd || pages > 1))
            {
                return Outcome.NotKnown;
            }

            start = from > offset
                ? WordBits.FindPlace(target.Map.Words, offset, pages, step, end) : Search.NotFound;
            if (start == Search.NotFound)
            {
                return Outcome.Nothing;
            }
        }

        ulong last = Keep(ref target, request, start, out address);
        if (last >= start)
        {
            target.Map.Set(start, last - start + 1);
        }

        if (Memory.Clear != null)
        {
            Memory.Clear(Memory.Context, address, request.Size);
        }

        return Outcome.Found;
    }
}
