using System;

namespace Bootmem;

/// <summary>The calls of the kernel's API, by the kernel's own names.</summary>
public enum Call : byte
{
#pragma warning disable CS1591, SA1300 // The kernel's names say it; docs/calls has a page on each.
    bootmem_bootmap_pages,
    init_bootmem,
    init_bootmem_node,
    reserve_bootmem,
    reserve_bootmem_node,
    free_bootmem,
    free_bootmem_node,
    free_all_bootmem,
    free_all_bootmem_node,
    __alloc_bootmem,
    __alloc_bootmem_node,
    __alloc_bootmem_limit,
    __alloc_bootmem_node_limit,
    alloc_bootmem,
    alloc_bootmem_low,
    alloc_bootmem_pages,
    alloc_bootmem_low_pages,
    alloc_bootmem_node,
    alloc_bootmem_pages_node,
    alloc_bootmem_low_pages_node,
    alloc_bootmem_limit,
    alloc_bootmem_low_limit,
    alloc_bootmem_pages_limit,
    alloc_bootmem_low_pages_limit,
    alloc_bootmem_node_limit,
    alloc_bootmem_pages_node_limit,
    alloc_bootmem_low_pages_node_limit,
    alloc_large_system_hash,
    alloc_remap,
#pragma warning restore CS1591, SA1300
}

/// <summary>The calls by name.</summary>
public static class Calls
{
    /// <summary>The number of calls: the values of <see cref="Call"/> are 0 .. Count-1.</summary>
    public const int Count = (int)Call.alloc_remap + 1;

    /// <summary>The kernel's name of a call.</summary>
    /// <param name="call">A call.</param>
    public static ReadOnlySpan<byte> Name(Call call) => call switch
    {
        Call.bootmem_bootmap_pages => "bootmem_bootmap_pages"u8,
        Call.init_bootmem => "init_bootmem"u8,
        Call.init_bootmem_node => "init_bootmem_node"u8,
        Call.reserve_bootmem => "reserve_bootmem"u8,
        Call.reserve_bootmem_node => "reserve_bootmem_node"u8,
        Call.free_bootmem => "free_bootmem"u8,
        Call.free_bootmem_node => "free_bootmem_node"u8,
        Call.free_all_bootmem => "free_all_bootmem"u8,
        Call.free_all_bootmem_node => "free_all_bootmem_node"u8,
        Call.__alloc_bootmem => "__alloc_bootmem"u8,
        Call.__alloc_bootmem_node => "__alloc_bootmem_node"u8,
        Call.__alloc_bootmem_limit => "__alloc_bootmem_limit"u8,
        Call.__alloc_bootmem_node_limit => "__alloc_bootmem_node_limit"u8,
        Call.alloc_bootmem => "alloc_bootmem"u8,
        Call.alloc_bootmem_low => "alloc_bootmem_low"u8,
        Call.alloc_bootmem_pages => "alloc_bootmem_pages"u8,
        Call.alloc_bootmem_low_pages => "alloc_bootmem_low_pages"u8,
        Call.alloc_bootmem_node => "alloc_bootmem_node"u8,
        Call.alloc_bootmem_pages_node => "alloc_bootmem_pages_node"u8,
        Call.alloc_bootmem_low_pages_node => "alloc_bootmem_low_pages_node"u8,
        Call.alloc_bootmem_limit => "alloc_bootmem_limit"u8,
        Call.alloc_bootmem_low_limit => "alloc_bootmem_low_limit"u8,
        Call.alloc_bootmem_pages_limit => "alloc_bootmem_pages_limit"u8,
        Call.alloc_bootmem_low_pages_limit => "alloc_bootmem_low_pages_limit"u8,
        Call.alloc_bootmem_node_limit => "alloc_bootmem_node_limit"u8,
        Call.alloc_bootmem_pages_node_limit => "alloc_bootmem_pages_node_limit"u8,
        Call.alloc_bootmem_low_pages_node_limit => "alloc_bootmem_low_pages_node_limit"u8,
        Call.alloc_large_system_hash => "alloc_large_system_hash"u8,
        _ => "alloc_remap"u8,
    };

    /// <summary>Whether a call came with the limit argument of 2.6.14.</summary>
    /// <param name="call">A call.</param>
    public static bool IsLimitCall(Call call) =>
        call is Call.__alloc_bootmem_limit or Call.__alloc_bootmem_node_limit
            or (>= Call.alloc_bootmem_limit and <= Call.alloc_bootmem_low_pages_node_limit);
}
