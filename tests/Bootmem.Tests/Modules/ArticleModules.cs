using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Modules;

/// <summary>The article's tests as modules: each is loadable on its own, and passes on every kernel.</summary>
public sealed class ArticleModules
{
    public static TheoryData<int, string> Machines()
    {
        TheoryData<int, string> data = [];
        for (int version = 0; version < KernelVersions.Count; version++)
        {
            data.Add(version, "biscuitos.dts");
        }

        data.Add((int)KernelVersion.V2_6_12, "vexpress-a9.dts");
        data.Add((int)KernelVersion.V2_6_15, "numa4-8g.dts");
        return data;
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void BootmemTestsPassWhileBootmemLives(int version, string machine)
    {
        using MachineHost host = ModuleFiles.NewHost((KernelVersion)version, machine);
        using ModuleLoader loader = new(host);
        LoadedModule module = loader.Insert(ModuleFiles.BootmemTests);
        Assert.Equal(ModuleState.Waiting, module.State);

        host.RunUntil(BootStep.PagingInit);

        Assert.Equal(ModuleState.Live, module.State);
        Assert.Equal(0, loader.RefusedCount);
        Assert.Equal(
            5, host.Log.Lines.Count(line => line.Text.StartsWith("alloc_bootmem", System.StringComparison.Ordinal)
            || line.Text.StartsWith("reserve_bootmem", System.StringComparison.Ordinal)));

        // Two calls of 8 bytes and two of a page: the pages were freed, the 8 bytes cannot be.
        ulong page = (ulong)host.PageSize;
        Assert.Equal(
            new OwnerUse(4, 16 + (2 * page), host.Ledger.Uses[Owner.Module].PageCount), host.Ledger.Uses[Owner.Module]);
        host.RunUntil(BootStep.Done);
        Assert.True(PageAccount.Of(host).AddsUp);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void BuddyTestsPassAndLeaveAsManyPagesFree(int version, string machine)
    {
        using MachineHost without = ModuleFiles.NewHost((KernelVersion)version, machine);
        without.RunUntil(BootStep.Done);
        using MachineHost host = ModuleFiles.NewHost((KernelVersion)version, machine);
        using ModuleLoader loader = new(host);
        LoadedModule module = loader.Insert(ModuleFiles.BuddyTests);

        host.RunUntil(BootStep.Done);

        Assert.Equal(ModuleState.Live, module.State);
        Assert.Equal(2,
            host.Log.Lines.Count(line => line.Text.StartsWith("alloc_pages: 4 pages", System.StringComparison.Ordinal)
            || line.Text.StartsWith("get_zeroed_page", System.StringComparison.Ordinal)));
        Assert.Equal(
            without.Pages.FreePageCount + without.Pages.PerCpuPageCount, host.Pages.FreePageCount
                + host.Pages.PerCpuPageCount);
        Assert.Equal(0UL, PageAccount.Of(host).GivenPages);
    }

    [Fact]
    public void TheFirstTestTakesTheFirstFreeBytesAndWritesToThem()
    {
        using MachineHost host = ModuleFiles.NewHost();
        using ModuleLoader loader = new(host);
        loader.Insert(ModuleFiles.BootmemTests);
        host.RunUntil(BootStep.PagingInit);
        Assert.Contains(host.Log.Lines, line => line.Text == "alloc_bootmem: 0x9091 at 0x90000000");
        Assert.Contains(host.Log.Lines, line => line.Text == "reserve_bootmem: 0x70001000+0x10 reserved and freed");
        Assert.Equal(new byte[] { 0x91, 0x90, 0, 0 }, host.Bytes(0x7000_0000, 4).ToArray());
        Assert.Equal(Owner.Module, host.Ledger.At(0x70000).Owner);
    }
}
