using BenchmarkDotNet.Attributes;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Bench;

/// <summary>The page allocator that bootmem hands over to, on the article's machine after its boot.</summary>
[ShortRunJob]
public unsafe class BuddyBenchmarks
{
    private MachineHost _host = null!;

    /// <summary>The block's order; 0 goes through the per-CPU lists.</summary>
    [Params(0, 3, 10)]
    public int Order { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _host = MachineHost.Load(Repository.Combine("machines", "biscuitos.dts"), new MachineOptions());
        _host.RunUntil(BootStep.Done);
    }

    [GlobalCleanup]
    public void CleanUp() => _host.Dispose();

    [Benchmark]
    public PageResult AllocateAndFree()
    {
        Page* page = PageApi.alloc_pages(ref _host.Pages, GfpMask.Kernel, Order);
        return PageApi.__free_pages(ref _host.Pages, page, Order);
    }
}
