namespace Bootmem.Lab;

/// <content>What each macro means, in a few sentences.</content>
public sealed partial class ConfigMacro
{
    /// <summary>What it means, in lines of at most 76 characters.</summary>
    public string Help => Name switch
    {
        "HIGHMEM" => """
            y: RAM that the linear map of a 32-bit kernel cannot reach is high memory:
            none of bootmem's, but the page allocator gets it.
            n: that RAM is not used, and the log says so.
            The article's machine has a high zone of its own; it stays with n.
            """,
        "NODES_SHIFT" => """
            The kernel has room for 2^N nodes. A machine with more is refused.
            auto: as many as the machine has.
            """,
        "NR_CPUS" => """
            How many CPUs the kernel is built for. More than 1 is an SMP kernel: bootmem
            gives 32 KiB for each CPU's area, and the wait tables have larger locks.
            auto: 8 on the article's machine, else 1.
            """,
        "NUMA" => """
            A NUMA kernel knows hashdist=: with hashdist=1 the dentry and inode tables
            come page by page from the page allocator and not from bootmem.
            """,
        "CRASH_DUMP" => """
            Keeps saved_max_pfn: the end of RAM that the firmware told of, before mem=
            cut it. The boot's summary shows it. 2.6.12 does not know it.
            """,
        "HAVE_ARCH_ALLOC_REMAP" => """
            Each node but the first sets the end of its own memory aside for its memory
            map, so that the map lies in the node that it describes.
            2.6.12 does not know it.
            """,
        "DEBUG_BOOTMEM" => "bootmem writes a line to the log for each page that is reserved twice.",
        "BITS" => """
            The width of unsigned long, of pointers and of addresses. It decides the
            size of struct page and of hash buckets, and how far RAM may reach.
            auto: 64 where RAM reaches beyond 4 GiB, else 32.
            """,
        "PAGE_SHIFT" => """
            A page has 2^N bytes: 12 is 4 KiB. Small pages make long bitmaps and large
            memory maps; banks must hold whole pages.
            auto: 12.
            """,
        "L1_CACHE_BYTES" => """
            SMP_CACHE_BYTES: what alloc_bootmem(), alloc_bootmem_low() and
            alloc_bootmem_node() align to, in bytes.
            auto: 32.
            """,
        "PAGE_OFFSET" => """
            The virtual address at which the linear map of RAM begins. It must lie in
            the machine's addresses. The article's machine says where its image lies in
            virtual memory, so only its own value fits there.
            auto: the article's 0x90000000; else 0xc0000000, or 0xffff810000000000.
            """,
        "VMALLOC_RESERVE" => """
            Bytes of virtual memory above the linear map that are kept for vmalloc. Of a
            32-bit kernel's address space it leaves that much less for low memory.
            auto: what the machine says, else 128 MiB.
            """,
        "ARCH" => """
            Whose boot is taken: arm goes by banks, i386 and x86_64 by a PC's memory
            map. Banks are RAM of a map, too, and a map's RAM are banks.
            auto: a PC's for a memory map, x86_64 if RAM reaches beyond 4 GiB; else arm.
            """,
        "X86_PAE" => """
            With HIGHMEM, i386 reaches RAM beyond 4 GiB. Without it the log says that
            only 4 GB will be used.
            """,
        "ACPI_SLEEP" => """
            i386 and x86_64 take a page below 1 MiB from bootmem, in which they wake up
            from sleep.
            """,
        "INET" => """
            When the page allocator has taken over, the IP route cache and the hashes of
            TCP are taken from it. The log tells of each.
            """,
        "QUOTA" => """
            When the page allocator has taken over, a page for the hash of disk quotas
            is taken.
            """,
        _ => Meaning,
    };
}
