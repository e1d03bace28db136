using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>
/// A short way for requests that no word of the map answers, in a quiet node. It gives what the long way would;
/// wherever that is not plain to see, it leaves the request to it.
/// </content>
public unsafe partial struct BootMemory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Outcome TryPlaces(ref BootmemNode target, in AllocationRequest request, out ulong address)
    {
        address = 0;
        if (target.QuietSize == 0
            || !(request.IsSound || (Behaviour.HasLimit && request.IsSoundWithLimit)))
        {
            return Outcome.NotKnown;
        }

        if (request.Limit != 0 && target.BootStart >= request.Limit)
        {
            return Outcome.Nothing;
        }

        Search search = new(this, target, request);
        if (search.PageCount == 0 || search.Step > search.EndIndex)
        {
            return Outcome.NotKnown;
        }

        ulong start = FindPlace(target.Map, search, search.Preferred);
        if (start == Search.NotFound)
        {
            if (target.Map.HasIndex || !EndsInVain(target.Map, search))
            {
                return Outcome.NotKnown;
            }

            start = search.Preferred > search.Offset
                ? FindPlace(target.Map, search, search.Offset) : Search.NotFound;
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

        return Outcome.Done;
    }

    // Whether a search that finds nothing in a plain map is over there. At its end some kernels look at one page more.
    // It makes no difference where those behind it are wanted, too, or if that page is reserved. Some architectures
    // look at all of the last word or byte, so of those that is not said.
    // As a call it would want the search in memory, not in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool EndsInVain(in Bitmap map, in Search search) =>
        Behaviour.StopsAtNodeEnd || search.PageCount > 1
            || (Options.Search == SearchKind.Generic && map.IsSet(Word.RoundUp(search.EndIndex, search.Step)));

    // Of an indexed map the first places alone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FindPlace(in Bitmap map, in Search search, ulong from) => map.HasIndex
        ? map.Index->FirstPlace(from, search.PageCount, search.Step, search.EndIndex)
        : WordBits.FindPlace(map.Words, from, search.PageCount, search.Step, search.EndIndex);
}
