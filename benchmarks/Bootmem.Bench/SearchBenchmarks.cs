using BenchmarkDotNet.Attributes;

namespace Bootmem.Bench;

/// <summary>One allocation of two pages and its free, behind reserved or fragmented memory.</summary>
[ShortRunJob]
public class SearchBenchmarks
{
    private BenchNode _node = null!;

    /// <summary>What lies in front, in a node of 64 GiB.</summary>
    public enum Front
    {
        /// <summary>Nothing: what is looked for is near.</summary>
        Free,

        /// <summary>32 GiB that are reserved: it is far.</summary>
        Full,

        /// <summary>Every other page is reserved, in the first GiB: it is far, and much looks like it on the
        /// way.</summary>
        Comb,
    }

    [ParamsAllValues]
    public Front InFront { get; set; }

    [Params(false, true)]
    public bool IsIndexed { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _node = new BenchNode(64, IsIndexed);
        _node.Initialise();
        _node.FreeAll();
        if (InFront == Front.Full)
        {
            _node.Reserve(0, _node.PageCount / 2 * BenchNode.Page);
        }

        for (ulong i = 0; InFront == Front.Comb && i < 1 << 18; i += 2)
        {
            _node.Reserve(i * BenchNode.Page, BenchNode.Page);
        }
    }

    [GlobalCleanup]
    public void CleanUp() => _node.Dispose();

    [Benchmark]
    public ulong AllocateAndFree()
    {
        AllocationRequest request = new(Call.alloc_bootmem_low_pages, 2 * BenchNode.Page, BenchNode.Page, 0);
        _node.Memory.TryAllocate(request, out ulong address, out _);
        _node.Free(address, 2 * BenchNode.Page);
        return address;
    }
}
