using System.Text;

namespace Bootmem.Lab.Scripts;

/// <summary>What a script says about its machine and kernel before its first call.</summary>
public readonly record struct ScriptHeader()
{
    /// <summary>Which kernel's bootmem: the line <c>kernel V</c>.</summary>
    public KernelVersion Version { get; init; } = KernelVersion.V2_6_12;

    /// <summary>Width of the kernel's <c>unsigned long</c>, 32 or 64: the line <c>bits N</c>.</summary>
    public int Bits { get; init; } = 32;

    /// <summary>log2 of the page size in bytes, 6 .. 24: the line <c>page N</c>.</summary>
    public int PageShift { get; init; } = 12;

    /// <summary>SMP_CACHE_BYTES in bytes: the line <c>cache_line N</c>.</summary>
    public ulong CacheLine { get; init; } = 32;

    /// <summary>__pa(MAX_DMA_ADDRESS): the line <c>dma_goal ADDR</c>.</summary>
    public ulong DmaGoal { get; init; } = 0x100_0000;

    /// <summary>The architecture's search for a 0 bit: the line <c>search generic|x86|arm</c>.</summary>
    public SearchKind Search { get; init; } = SearchKind.Generic;

    /// <summary>The kernel's release name.</summary>
    public string KernelName => Encoding.ASCII.GetString(KernelVersions.Name(Version));

    /// <summary>The machine's arithmetic.</summary>
    public KernelWord Word => new(Bits, PageShift);

    /// <summary>What the allocator wants to know.</summary>
    public BootMemoryOptions ToOptions() => new()
    {
        Version = Version,
        Bits = Bits,
        PageShift = PageShift,
        CacheLine = Word.Wrap(CacheLine),
        DmaGoal = Word.Wrap(DmaGoal),
        Search = Search,
    };
}
