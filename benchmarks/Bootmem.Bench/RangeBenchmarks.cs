using BenchmarkDotNet.Attributes;

namespace Bootmem.Bench;

/// <summary>A range in the middle of 64 GiB, reserved and freed.</summary>
[ShortRunJob]
public class RangeBenchmarks
{
    private BenchNode _node = null!;

    /// <summary>The range in pages: one, less than a word's bits, and 1 GiB; no end of it is a word's.</summary>
    [Params(1, 50, (1 << 18) - 7)]
    public int Pages { get; set; }

    [Params(false, true)]
    public bool IsIndexed { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _node = new BenchNode(64, IsIndexed);
        _node.Initialise();
        _node.FreeAll();
    }

    [GlobalCleanup]
    public void CleanUp() => _node.Dispose();

    [Benchmark]
    public void ReserveAndFree()
    {
        ulong start = ((_node.PageCount / 2) + 3) * BenchNode.Page;
        _node.Reserve(start, (ulong)Pages * BenchNode.Page);
        _node.Free(start, (ulong)Pages * BenchNode.Page);
    }
}
