using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>
/// A short way for huge pages in a node whose map has an index: one whole group of 512 pages, at a multiple of its
/// size. All else is left to the long way.
/// </content>
public unsafe partial struct BootMemory
{
    // Of a request that is as large as a group.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly bool TryTakeGroup(ref BootmemNode target, in AllocationRequest request, out ulong address)
    {
        address = 0;
        ulong size = request.Size;
        if (request.Align != size || !request.IsPlain || (target.BootStart & (size - 1)) != 0)
        {
            return false;
        }

        ulong preferred = PreferredIn(target, request, target.QuietSize);
        if (preferred >= target.QuietSize)
        {
            return false;
        }

        ulong end = target.QuietSize >> Word.PageShift;
        ulong start = target.Map.Index->TakeGroup(preferred >> Word.PageShift, end);
        if (start == Search.NotFound)
        {
            return false;
        }

        Keep(ref target, request, start, out address);
        if (Memory.Clear != null)
        {
            Memory.Clear(Memory.Context, address, size);
        }

        return true;
    }
}
