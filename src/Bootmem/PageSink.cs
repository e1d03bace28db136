namespace Bootmem;

/// <summary>Takes what bootmem hands over: the kernel's __free_pages() at the time of free_all_bootmem().</summary>
public unsafe struct PageSink
{
    /// <summary>Handed to <see cref="Take"/> and <see cref="TakeSingles"/>.</summary>
    public void* Context;

    /// <summary>
    /// Takes <c>(context, first pfn, order, block count)</c>: that many blocks of 2^order pages, side by side, in
    /// ascending order. Null: the pages go nowhere.
    /// </summary>
    public delegate*<void*, ulong, int, ulong, void> Take;

    /// <summary>
    /// Takes <c>(context, pfn, words, word count)</c>: a single page, pfn + k, for each bit k of the words that is 0,
    /// in ascending order. The words are the map's own, or as they would be there: they are to be read, during the
    /// call. There may be no such bit. Where pages lie scattered it saves a call for each run of them. Null, or an
    /// observer watches: they go to <see cref="Take"/>.
    /// </summary>
    public delegate*<void*, ulong, ulong*, ulong, void> TakeSingles;
}
