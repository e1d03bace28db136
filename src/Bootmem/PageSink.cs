namespace Bootmem;

/// <summary>Takes what bootmem hands over: the kernel's __free_pages() at the time of free_all_bootmem().</summary>
public unsafe struct PageSink
{
    /// <summary>Handed to <see cref="Take"/>.</summary>
    public void* Context;

    /// <summary>
    /// Takes <c>(context, first pfn, order, block count)</c>: that many blocks of 2^order pages, side by side, in ascending
    /// order. Null: the pages go nowhere.
    /// </summary>
    public delegate*<void*, ulong, int, ulong, void> Take;
}
