using System;

namespace Bootmem.Boot;

/// <summary>How a call on pages ended. All but the first two leave everything as it was.</summary>
public enum PageResult : byte
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>Done: the count went down, and the page has users left.</summary>
    StillInUse,

    /// <summary>The page is reserved. The kernel lets this pass; from 2.6.15 on it takes the count down
    /// first.</summary>
    Reserved,

    /// <summary>The page is not reserved: it was given to the page allocator before.</summary>
    NotReserved,

    /// <summary>The page has no user: it is free already, or not the first of its block. The kernel's BUG().</summary>
    NoUser,

    /// <summary>The block has a page that is in use, or on a list. The kernel's bad_page(), if it notices.</summary>
    BadPage,

    /// <summary>The order is above 10.</summary>
    BadOrder,

    /// <summary>The page's number is not a multiple of the block's size. The kernel's BUG().</summary>
    Misaligned,

    /// <summary>The block begins in one zone and ends beyond it.</summary>
    CrossesZone,

    /// <summary>No zone has such a page.</summary>
    NoSuchPage,
}

/// <summary>The results in words.</summary>
public static class PageResults
{
    /// <summary>What a result means.</summary>
    /// <param name="result">A result.</param>
    public static ReadOnlySpan<byte> Describe(PageResult result) => result switch
    {
        PageResult.Done => "done"u8,
        PageResult.StillInUse => "the page has other users"u8,
        PageResult.Reserved => "the page is reserved"u8,
        PageResult.NotReserved => "the page is not reserved"u8,
        PageResult.NoUser => "the page has no user"u8,
        PageResult.BadPage => "the block has a page that is in use or free"u8,
        PageResult.BadOrder => "the order is above 10"u8,
        PageResult.Misaligned => "the page is not aligned to the block"u8,
        PageResult.CrossesZone => "the block reaches beyond its zone"u8,
        _ => "no zone has the page"u8,
    };
}
