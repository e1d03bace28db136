namespace Bootmem.Boot;

/// <summary>What the boot of a PC remembers between its steps.</summary>
public struct X86State
{
    /// <summary>max_pfn (i386), end_pfn (x86-64): the page behind the last whole one of RAM.</summary>
    public ulong EndPfn;

    /// <summary>Pages that <c>highmem=</c> asks for, while <see cref="BootOptions.HasHighMem"/>.</summary>
    public ulong HighMemPages;

    /// <summary>x86-64's <c>mem=</c>: no page from here on is used; 0 if it was not given.</summary>
    public ulong EndUserPfn;

    /// <summary><c>numa=fake=N</c>: how many nodes to pretend; 0 if it was not given.</summary>
    public int FakeNodeCount;

    /// <summary><c>numa=off</c>.</summary>
    public bool IsNumaOff;

    /// <summary>Whether the command line has changed the map.</summary>
    public bool HasUserMap;

    /// <summary>Whether the map is a list of exactly what the command line names (<c>memmap=exactmap</c>).</summary>
    public bool IsExactMap;

    /// <summary>x86-64: physical address of the direct mapping's page tables.</summary>
    public ulong TableStart;

    /// <summary>x86-64: the first byte behind them.</summary>
    public ulong TableEnd;

    /// <summary>dma_reserve of x86-64 (2.6.15): pages reserved early below 16 MiB.</summary>
    public ulong DmaReservedPages;
}
