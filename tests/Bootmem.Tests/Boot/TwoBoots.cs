using System;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>Boots a machine with its memory and without, checks every page, and compares the two.</summary>
internal static unsafe class TwoBoots
{
    public static void Check(Func<bool, MachineHost> switchOn)
    {
        using MachineHost full = switchOn(false);
        using MachineHost layout = switchOn(true);
        PageWalk walk = new(full);
        full.RunUntil(BootStep.Done);
        layout.RunUntil(BootStep.Done);
        walk.Check();
        Assert.Equal(full.Log.Lines, layout.Log.Lines);
        foreach (string file in ProcFile.Names)
        {
            Assert.Equal(ProcFile.Read(full, file), ProcFile.Read(layout, file));
        }

        Assert.Equal(full.Ledger.Runs, layout.Ledger.Runs);
        Assert.Equal(full.Ledger.Uses.OrderBy(static use => use.Key),
            layout.Ledger.Uses.OrderBy(static use => use.Key));
        PageAccount account = PageAccount.Of(layout);
        Assert.True(account.AddsUp);
        Assert.Equal(0UL, account.GivenPages);
        Assert.Equal(walk.BuddyPages, account.BuddyPages);
        Assert.Equal(walk.RamPages, account.RamPages);
        NoNodeKeepsAMap(full);
        NoNodeKeepsAMap(layout);
    }

    public static void Check(
        MachineSketch sketch, KernelVersion version, Func<BootConfig, BootConfig>? change = null) =>
        Check(isLayout => sketch.SwitchOn(MachineSketch.Options(version, isLayout, change)));

    private static void NoNodeKeepsAMap(MachineHost host)
    {
        for (int node = 0; node < host.Machine->NodeCount; node++)
        {
            Assert.False(host.Machine->Bootmem.Node(node).HasMap);
        }
    }
}
