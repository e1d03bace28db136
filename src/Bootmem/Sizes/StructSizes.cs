namespace Bootmem;

/// <summary>
/// The sizes of the kernel's structures that boot allocates arrays of, without debugging options. They follow from the
/// structures' members.
/// </summary>
public static class StructSizes
{
    /// <summary>sizeof(void *), in bytes.</summary>
    /// <param name="word">The machine's arithmetic.</param>
    public static ulong Pointer(KernelWord word) => word.Bytes;

    /// <summary>sizeof(struct page), in bytes: an element of mem_map.</summary>
    /// <param name="word">The machine's arithmetic.</param>
    /// <param name="hasVirtual">Whether the architecture keeps page->virtual (WANT_PAGE_VIRTUAL: mips, m68k, frv,
    /// xtensa).</param>
    public static ulong Page(KernelWord word, bool hasVirtual = false) =>
        (word.Bits == 32 ? 32UL : 56UL) + (hasVirtual ? word.Bytes : 0);

    /// <summary>sizeof(wait_queue_head_t), in bytes: an element of a zone's wait table. The lock is empty on
    /// UP.</summary>
    /// <param name="word">The machine's arithmetic.</param>
    /// <param name="isSmp">CONFIG_SMP.</param>
    public static ulong WaitQueueHead(KernelWord word, bool isSmp) => (word.Bytes << 1) + (isSmp ? word.Bytes : 0);
}
