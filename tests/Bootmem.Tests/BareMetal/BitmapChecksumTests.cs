using System;
using System.Globalization;
using System.IO;
using System.IO.Hashing;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.BareMetal;

/// <summary>The checksums by which bare metal and a host are compared.</summary>
public sealed unsafe class BitmapChecksumTests
{
    [Fact]
    public void TheyAreTheBitmapsOwn()
    {
        using MachineHost host = MachineHost.Load(
            Path.Combine(RepositoryRoot.Path, "machines", "vexpress-a9.dts"), new MachineOptions { SaysChecksums = true });
        host.RunUntil(BootStep.BootmemInitcalls);
        string reserved = Crc(host);
        host.RunUntil(BootStep.MemInit);
        string allocated = Crc(host);
        host.RunUntil(BootStep.Done);
        string[] lines = [.. host.Log.Lines.Select(line => line.Text)
            .Where(text => text.StartsWith("bitmap of node", StringComparison.Ordinal))];
        byte[] full = new byte[8192];
        Array.Fill(full, (byte)0xff);
        Assert.Equal(
            [
                $"bitmap of node 0 after init: CRC-32 {Text(Crc32.HashToUInt32(full))}",
                $"bitmap of node 0 after the reservations: CRC-32 {reserved}",
                $"bitmap of node 0 after all allocations: CRC-32 {allocated}",
                $"bitmap of node 0 after free_all_bootmem: CRC-32 {allocated}",
            ],
            lines);
        Assert.NotEqual(reserved, allocated);
    }

    [Fact]
    public void NobodyAsksAndNothingIsPrinted()
    {
        using MachineHost host = MachineHost.Load(
            Path.Combine(RepositoryRoot.Path, "machines", "numa4-8g.dts"), new MachineOptions { IsLayoutOnly = true });
        host.RunUntil(BootStep.Done);
        Assert.DoesNotContain(host.Log.Lines, line => line.Text.Contains("CRC-32", StringComparison.Ordinal));
    }

    private static string Crc(MachineHost host)
    {
        Bitmap map = host.Machine->Bootmem.Node(0).Map;
        return Text(Crc32.HashToUInt32(new ReadOnlySpan<byte>(map.Bytes, (int)(map.BitCount >> 3))));
    }

    private static string Text(uint crc) => crc.ToString("x8", CultureInfo.InvariantCulture);
}
