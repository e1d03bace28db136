using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>
/// A short way for what a boot asks for most: some bytes, right behind those that it got last. It takes the first
/// node's partial page, and the page behind it where it must, if that is what the search would find; all else goes
/// the long way.
/// </content>
public unsafe partial struct BootMemory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TryMerge(ref BootmemNode target, in AllocationRequest request, out ulong address)
    {
        Unsafe.SkipInit(out address);
        if (!request.IsPlain || request.Goal == 0 || target.LastOffset == 0
            || request.Align >= Word.PageSize)
        {
            return false;
        }

        // The search begins at last_success, which is the page behind the partial one, and the goal lies before that or
        // in it. It ends there too if that page is free: one page at most is looked for, in steps of one page. In a
        // node whose addresses wrap, a goal that is not in it could seem to lie before that.
        ulong start = target.LastPos + 1;
        ulong preferred = start << Word.PageShift;
        if (target.LastSuccess != preferred || preferred >= target.QuietSize
            || request.Goal - target.BootStart > preferred || target.Map.Index->IsSet(start))
        {
            return false;
        }

        ulong offset = (target.LastOffset + request.Align - 1) & ~(request.Align - 1);
        ulong end = offset + request.Size;
        address = Word.Add((target.LastPos << Word.PageShift) + offset, target.BootStart);
        if (end >= Word.PageSize)
        {
            TakeNextPage(ref target, start, end);
        }
        else
        {
            target.LastOffset = end;
        }

        if (Memory.Clear != null)
        {
            Memory.Clear(Memory.Context, address, request.Size);
        }

        return true;
    }

    // The page behind is taken if anything lies in it; it is partial then, or the last of the request.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void TakeNextPage(ref BootmemNode target, ulong start, ulong end)
    {
        target.LastOffset = end & (Word.PageSize - 1);
        if (end > Word.PageSize)
        {
            target.LastPos = start;
            target.Map.Set(start, 1);
        }
    }
}
