using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>machines/64tib.dts: 2 GiB of bitmaps that nobody writes.</summary>
public sealed unsafe class HugeMachineTests
{
    [Fact]
    public void BootsAsALayout()
    {
        using MachineHost host = Boot(saysChecksums: false);
        PageAccount account = PageAccount.Of(host);
        Assert.True(account.AddsUp);
        Assert.Equal((64UL << 28) - 0x100 + 0x9f, account.RamPages);
        Assert.Equal(16, host.Machine->NodeCount);
        Assert.All(Enumerable.Range(0, 16), node => Assert.False(host.Machine->Bootmem.Node(node).HasMap));
    }

    // The bitmap of node 15 after init: 128 MiB of 0xff.
    [Fact]
    public void ItsChecksumsAreComputed()
    {
        using MachineHost host = Boot(saysChecksums: true);
        string[] lines = [.. host.Log.Lines.Select(line => line.Text)
            .Where(text => text.StartsWith("bitmap of node 15", System.StringComparison.Ordinal))];
        CrcRegister register = CrcRegister.Start;
        register.Repeat(0xff, 128 << 20);
        Assert.Equal(4, lines.Length);
        Assert.Equal($"bitmap of node 15 after init: CRC-32 {register.Value:x8}", lines[0]);
        Assert.Equal(lines[2][^8..], lines[3][^8..]);
    }

    private static MachineHost Boot(bool saysChecksums)
    {
        MachineHost host = MachineHost.Load(
            RepositoryRoot.Combine("machines", "64tib.dts"),
            new MachineOptions { IsLayoutOnly = true, SaysChecksums = saysChecksums });
        host.RunUntil(BootStep.Done);
        return host;
    }
}
