namespace Bootmem.Boot;

/// <summary>
/// The part of the kernel's <c>struct page</c> that the page allocator uses: 20 bytes of an entry of 32 or more. All
/// zero is a page as a boot leaves it: reserved, on no list, with the first count. So a mem_map that bootmem has
/// cleared needs no pass over its pages.
/// </summary>
public struct Page
{
    /// <summary>The size in bytes: no entry of a mem_map may be smaller.</summary>
    public const int Size = 20;

    /// <summary>What the page is.</summary>
    public PageFlags Flags;

    /// <summary>
    /// page_count(): how many users the page has. Of a reserved page, how many more than it began with: 0 up to
    /// 2.6.14, 1 from 2.6.15.
    /// </summary>
    public int Count;

    /// <summary>The next page of its list: its index in the mem_map, plus 1; 0 at the list's end.</summary>
    public uint Next;

    /// <summary>The page before it in its list, likewise; 0 at the list's head.</summary>
    public uint Previous;

    /// <summary>Of the first page of a free block: its order. Else stale.</summary>
    public int Order;

    /// <summary>PG_reserved: not the page allocator's.</summary>
    public readonly bool IsReserved => (Flags & PageFlags.Given) == 0;

    /// <summary>Whether this is the first page of a free block in the buddy lists.</summary>
    public readonly bool IsBuddy => (Flags & PageFlags.Buddy) != 0;

    /// <summary>Whether the page is on a per-CPU list.</summary>
    public readonly bool IsOnCpuList => (Flags & PageFlags.CpuList) != 0;

    /// <summary>Whether the page is on a list.</summary>
    public readonly bool IsListed => (Flags & (PageFlags.Buddy | PageFlags.CpuList)) != 0;
}

/// <summary>What a page is.</summary>
public enum PageFlags
{
    /// <summary>A reserved page.</summary>
    None = 0,

    /// <summary>The page was given to the page allocator: PG_reserved, upside down.</summary>
    Given = 1,

    /// <summary>The first page of a free block: PG_private, as the buddy lists use it.</summary>
    Buddy = 2,

    /// <summary>On a per-CPU list. The kernel does not mark these.</summary>
    CpuList = 4,
}
