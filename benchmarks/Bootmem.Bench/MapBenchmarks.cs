using BenchmarkDotNet.Attributes;

namespace Bootmem.Bench;

/// <summary>A node that comes up, is freed and handed over, beside <see cref="System.Span{T}.Fill"/> over its
/// bitmap.</summary>
[ShortRunJob]
public class MapBenchmarks
{
    private BenchNode _node = null!;

    /// <summary>RAM in GiB.</summary>
    [Params(1, 64, 1024)]
    public int Gigabytes { get; set; }

    [Params(false, true)]
    public bool IsIndexed { get; set; }

    [GlobalSetup]
    public void SetUp() => _node = new BenchNode(Gigabytes, IsIndexed);

    [GlobalCleanup]
    public void CleanUp() => _node.Dispose();

    [Benchmark(Baseline = true)]
    public void SpanFill() => _node.Map.Fill(0xff);

    [Benchmark]
    public void Initialise()
    {
        _node.Reset();
        _node.Initialise();
    }

    [Benchmark]
    public void InitialiseAndFree()
    {
        _node.Reset();
        _node.Initialise();
        _node.FreeAll();
    }

    [Benchmark]
    public ulong InitialiseFreeAndHandOver()
    {
        _node.Reset();
        _node.Initialise();
        _node.FreeAll();
        _node.HandOver();
        return _node.Handed;
    }
}
