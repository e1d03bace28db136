using System;

namespace Bootmem;

/// <content>Calls that ask bootmem, or do without it, for what grows with the machine.</content>
public static unsafe partial class KernelApi
{
    /// <summary>Allocates a hash table whose size goes by the machine's memory, and prints its line. All
    /// versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="tablename">The name that is printed.</param>
    /// <param name="bucketsize">The size of an entry in bytes.</param>
    /// <param name="numentries">The number of entries that the command line asks for; 0 if it does not.</param>
    /// <param name="scale">log2 of the bytes of memory that there is to be an entry for.</param>
    /// <param name="flags">Whether it is early, and goes by all memory.</param>
    /// <param name="hash_shift">log2 of the entries.</param>
    /// <param name="hash_mask">The entries less 1.</param>
    /// <param name="limit">The most entries; 0 is a sixteenth of memory.</param>
    /// <param name="sources">nr_kernel_pages, nr_all_pages, hashdist, and where late tables come from.</param>
    /// <returns>The table's address.</returns>
    public static ulong alloc_large_system_hash(
        ref BootMemory mem, ReadOnlySpan<byte> tablename, ulong bucketsize, ulong numentries, int scale,
        HashFlags flags, out int hash_shift, out uint hash_mask, ulong limit, in HashSources sources)
    {
        HashRequest request = new(tablename, bucketsize, numentries, scale, flags, limit);
        if (!LargeSystemHash.TryAllocate(ref mem, request, sources, out HashTable table, out Fault fault))
        {
            mem.Raise(fault);
        }

        hash_shift = table.Shift;
        hash_mask = table.Mask;
        return table.Address;
    }

    /// <summary>Takes memory from a node's remap area, which only i386 NUMA has. From 2.6.13.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="nid">The node's number.</param>
    /// <param name="size">Bytes.</param>
    /// <returns>An address, or 0 if there is no area or it has no room.</returns>
    public static ulong alloc_remap(ref BootMemory mem, int nid, ulong size)
    {
        if (!mem.TryRemap(nid, mem.Word.Wrap(size), out ulong address, out Fault fault))
        {
            mem.Raise(fault);
        }

        return address;
    }
}
