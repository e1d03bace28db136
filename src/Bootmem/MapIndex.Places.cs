using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>
/// The first places that a search comes to. Where one whole group is wanted at a multiple of its size, as huge pages
/// are, what groups are kept as says nearly all.
/// </content>
internal unsafe partial struct MapIndex
{
    // How many places are tried; then the search proper is to go on, which keeps how far it came.
    private const int MostPlaces = 4;
    private const int MostGroups = 64;

    /// <summary>Reserves the first group that is all free, if it is near, as a search for one whole group in steps of
    /// groups finds it.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="end">The first page that may not be taken; not beyond the map.</param>
    /// <returns>The group's first page, or <see cref="Search.NotFound"/>.</returns>
    public ulong TakeGroup(ulong from, ulong end)
    {
        ulong place = PassGroups(from, end, MostGroups, out bool isFound);
        if (!isFound)
        {
            return Search.NotFound;
        }

        Set(place, GroupSize);
        return place;
    }

    /// <summary>The first place, if it is near.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="pages">How many pages are wanted.</param>
    /// <param name="step">The step, a power of two.</param>
    /// <param name="end">The first page that may not be taken; not beyond the map.</param>
    /// <returns>The place, or <see cref="Search.NotFound"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ulong FirstPlace(ulong from, ulong pages, ulong step, ulong end)
    {
        for (int left = MostPlaces; left > 0 && from < end; left--)
        {
            ulong place = (FindClear(from, end) + step - 1) & ~(step - 1);
            if (place >= end || pages - 1 >= end - place)
            {
                break;
            }

            ulong taken = FindSet(place, place + pages);
            if (taken == place + pages)
            {
                return place;
            }

            // Behind a place that failed the next one is passed over, unless that one was taken at its first page.
            from = taken == place ? place + step : ((taken + step - 1) & ~(step - 1)) + step;
        }

        return Search.NotFound;
    }

    /// <summary>Where a search for one whole group, in steps of groups, goes on: no place before can be
    /// taken.</summary>
    /// <param name="from">How far it is.</param>
    /// <param name="end">The first page that may not be taken; not beyond the map.</param>
    public ulong SkipGroups(ulong from, ulong end) => PassGroups(from, end, ulong.MaxValue, out _);

    // The first group that is free, or where the search has to go on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong PassGroups(ulong from, ulong end, ulong most, out bool isFound)
    {
        ulong group = CountOf(from, GroupShift);
        ulong endGroup = end >> GroupShift;
        isFound = false;
        for (; most > 0; most--)
        {
            ulong open = NextOpen(group);
            if (open >= endGroup)
            {
                break;
            }

            group = open;
            ushort state = StateOf(group << GroupShift);
            ulong taken = state == GroupState.AllFree ? GroupSize : FirstTaken(group, state);
            if (taken == GroupSize)
            {
                isFound = true;
                break;
            }

            // The search goes on from the place that failed to the next free page, and from there to the next place:
            // that is the next one, whichever page is free. If some pages were free, that one is passed over.
            group += taken == 0 ? 1UL : 2;
        }

        return group << GroupShift;
    }

    private readonly ulong FirstTaken(ulong group, ushort state) =>
        GroupState.IsInBits(state)
            ? WordBits.FindSet(_words + (group << (GroupShift - 6)), 0, GroupSize)
            : GroupState.FirstFree((ushort)~state, 0);
}
