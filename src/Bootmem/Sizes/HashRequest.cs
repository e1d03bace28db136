using System;

namespace Bootmem;

/// <summary>HASH_HIGHMEM and HASH_EARLY.</summary>
[Flags]
public enum HashFlags
{
    /// <summary>Neither.</summary>
    None,

    /// <summary>HASH_HIGHMEM: the size goes by all pages, not by those of the kernel alone.</summary>
    HighMem = 1,

    /// <summary>HASH_EARLY: the table comes from bootmem.</summary>
    Early = 2,
}

/// <summary>A hash table whose size goes by the machine's memory: the arguments of alloc_large_system_hash().</summary>
public readonly ref struct HashRequest
{
    /// <summary>The name that is printed.</summary>
    public readonly ReadOnlySpan<byte> Name;

    /// <summary>The size of an entry in bytes; 0 is a fault.</summary>
    public readonly ulong BucketSize;

    /// <summary>The number of entries that the command line asks for; 0 if it does not. Its next power of two is
    /// taken, and a power of two is doubled.</summary>
    public readonly ulong EntryCount;

    /// <summary>log2 of the bytes of memory that there is to be an entry for.</summary>
    public readonly int Scale;

    /// <summary>Where from, and by which memory.</summary>
    public readonly HashFlags Flags;

    /// <summary>The most entries; 0 is a sixteenth of memory.</summary>
    public readonly ulong Limit;

    /// <summary>A table.</summary>
    /// <param name="name">The name that is printed.</param>
    /// <param name="bucketSize">The size of an entry in bytes.</param>
    /// <param name="entryCount">The number of entries that was asked for; 0 if none was.</param>
    /// <param name="scale">log2 of the bytes of memory an entry: 0 .. 63.</param>
    /// <param name="flags">Where from, and by which memory.</param>
    /// <param name="limit">The most entries; 0 is a sixteenth of memory.</param>
    public HashRequest(
        ReadOnlySpan<byte> name, ulong bucketSize, ulong entryCount, int scale, HashFlags flags, ulong limit)
    {
        Name = name;
        BucketSize = bucketSize;
        EntryCount = entryCount;
        Scale = scale;
        Flags = flags;
        Limit = limit;
    }
}

/// <summary>What alloc_large_system_hash() knows of the machine, and where tables come from that are not
/// early.</summary>
public unsafe struct HashSources
{
    /// <summary>nr_kernel_pages: the pages of all zones but HighMem, holes left out.</summary>
    public ulong KernelPages;

    /// <summary>nr_all_pages: the pages of all zones, holes left out.</summary>
    public ulong AllPages;

    /// <summary>hashdist: whether tables are spread over the nodes by vmalloc().</summary>
    public bool IsDistributed;

    /// <summary>Whether a number of entries that is a power of two stays as it is: 2.6.17 and later. The eleven kernels
    /// double it.</summary>
    public bool RoundsPlainly;

    /// <summary>Handed to the functions below.</summary>
    public void* Context;

    /// <summary>Takes <c>(context, size in bytes)</c>, returns an address or 0: __vmalloc(). Null gives
    /// nothing.</summary>
    public delegate*<void*, ulong, ulong> Vmalloc;

    /// <summary>Takes <c>(context, order)</c>, returns an address or 0: __get_free_pages(). Null gives nothing. Orders
    /// above 10 are not asked for: the page allocator has none.</summary>
    public delegate*<void*, int, ulong> Pages;
}

/// <summary>A hash table that was allocated.</summary>
public struct HashTable
{
    /// <summary>Its address in bytes.</summary>
    public ulong Address;

    /// <summary>Its size in bytes.</summary>
    public ulong Bytes;

    /// <summary>log2 of its entries.</summary>
    public int Shift;

    /// <summary>Its entries less 1: what a hash is masked with.</summary>
    public uint Mask;
}
