namespace Bootmem;

/// <content>
/// What makes a search fast in a map with an index. The scan's only state is the page it goes on from: a page may be
/// skipped to if the scan, going on from there, ends as it would have ended.
/// </content>
internal readonly unsafe partial struct Search
{
    // Behind a place that failed. Page next - 1 is reserved, or the scan has its own trail of steps.
    private ulong Skip(in Bitmap map, ulong from, ulong next)
    {
        if (!map.HasIndex || next >= EndIndex)
        {
            return next;
        }

        MapIndex* index = map.Index;
        next = index->Resume(from, next, PageCount, Step, EndIndex);

        // In steps of one page each run of free pages is tried once, at its first page: short ones make no difference.
        // In larger steps what is tried depends on where the runs before it ended, but for whole groups.
        bool isForGroup = Step == GroupState.Size && PageCount == GroupState.Size && EndIndex <= map.BitCount;
        return Step == 1 ? index->SkipShort(next, PageCount, EndIndex)
            : isForGroup ? index->SkipGroups(next, EndIndex) : next;
    }

    // A short way is not worth keeping.
    private void Keep(in Bitmap map, ulong from, ulong begun)
    {
        if (begun != from && map.HasIndex)
        {
            map.Index->Keep(from, begun, PageCount, Step);
        }
    }
}
