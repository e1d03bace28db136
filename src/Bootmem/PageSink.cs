namespace Bootmem;

/// <summary>Takes what bootmem hands over: the kernel's __free_pages() at the time of free_all_bootmem().</summary>
public unsafe struct PageSink
{
    /// <summary>Handed to <see cref="Take"/>.</summary>
    public void* Context;

    /// <summary>
    /// Takes <c>(context, first pfn, order, block count)</c>: that many blocks of 2^order pages, side by side, in
    /// ascending order. Null: the pages go nowhere.
    /// </summary>
    public delegate*<void*, ulong, int, ulong, void> Take;

    /// <summary>
    /// Takes <c>(context, pfn, free)</c>: a single page for each set bit k, page pfn + k, in ascending order. Of a
    /// word of the map that is mixed it saves a call for each run of free pages. Null, or an observer watches: they
    /// go to
    /// <see cref="Take"/>.
    /// </summary>
    public delegate*<void*, ulong, ulong, void> TakeSingles;
}
