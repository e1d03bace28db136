namespace Bootmem;

/// <content>
/// The search for one whole group at a multiple of its size, as huge pages ask for: what groups are kept as says nearly
/// all.
/// </content>
internal unsafe partial struct MapIndex
{
    // Then the search that keeps how far it came goes on.
    private const int MostGroups = 64;

    /// <summary>Finds the first group that is free, as the search of __alloc_bootmem_core() comes to it.</summary>
    /// <param name="place">Where to begin; then where the group begins.</param>
    /// <param name="end">The first page that may not be taken; not beyond the map.</param>
    /// <returns>Whether there is one that is near.</returns>
    public bool FindFreeGroup(ref ulong place, ulong end)
    {
        ulong group = CountOf(place, GroupShift);
        ulong endGroup = end >> GroupShift;
        for (int left = MostGroups; left > 0; left--)
        {
            group = NextOpen(group);
            if (group >= endGroup)
            {
                return false;
            }

            ushort state = StateOf(group << GroupShift);
            ulong taken = state == GroupState.AllFree ? GroupSize : FirstTaken(group, state);
            if (taken == GroupSize)
            {
                place = group << GroupShift;
                return true;
            }

            // The search goes on from the place that failed to the next free page, and from there to the next place:
            // that is the next one, whichever page is free. If some pages were free, that one is passed over.
            group += taken == 0 ? 1UL : 2;
        }

        return false;
    }

    private readonly ulong FirstTaken(ulong group, ushort state) =>
        GroupState.IsInBits(state)
            ? WordBits.FindSet(_words + (group << (GroupShift - 6)), 0, GroupSize)
            : GroupState.FirstFree((ushort)~state, 0);
}
