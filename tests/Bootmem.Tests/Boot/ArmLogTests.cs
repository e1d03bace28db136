using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>
/// Four ARM machines whose boot logs are known, with their own kernels: the figures that follow from the memory map
/// come out to the letter. How much is available depends on how each kernel was built, so that number alone is left
/// out.
/// </summary>
public sealed class ArmLogTests
{
    private const ulong Kib = 1UL << 10;
    private const ulong Mib = 1UL << 20;

    [Fact]
    public void GemtekGtwx5715Of32MibWith2_6_13()
    {
        const string Line = "mtdparts=IXP4XX:1280k(boot)ro,1024k@1280k(linux)ro,4608k@2304k(root) console=ttyS0,115200 "
            + "root=/dev/mtdblock2 rootfstype=jffs2 init=/sbin/init";
        MachineSketch sketch = MachineSketch.Of((0, 32 * Mib)) with
        {
            Model = "Gemtek GTWX5715 (Linksys WRV54G)", CommandLine = Line,
        };
        Compare(
            Boot(sketch, KernelVersion.V2_6_13, 1538, 329, 76),
            [
                "Linux version 2.6.13 (bootmem)",
                "Machine: Gemtek GTWX5715 (Linksys WRV54G)",
                "Memory policy: ECC disabled, Data cache writeback",
                "On node 0 totalpages: 8192",
                "  DMA zone: 8192 pages, LIFO batch:3",
                "  Normal zone: 0 pages, LIFO batch:1",
                "  HighMem zone: 0 pages, LIFO batch:1",
                "Built 1 zonelists",
                "Kernel command line: " + Line,
                "PID hash table entries: 256 (order: 8, 4096 bytes)",
                "Dentry cache hash table entries: 8192 (order: 3, 32768 bytes)",
                "Inode-cache hash table entries: 4096 (order: 2, 16384 bytes)",
                "Memory: 32MB = 32MB total",
                "Memory: *KB available (1538K code, 329K data, 76K init)",
                "Freeing init memory: 76K",
            ]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(16, 24)]
    public void FeroceonOfFourBanksWith2_6_12_6(ulong third, ulong fourth)
    {
        // Where the empty banks begin is not in the log; it must not matter.
        const string Line =
            "console=ttyS0,115200 root=/dev/sda7 ro boardType=mv88F6082 productType=Aston reset=0";
        MachineSketch sketch =
            MachineSketch.Of((0, 8 * Mib), (8 * Mib, 8 * Mib), (third * Mib, 0), (fourth * Mib, 0)) with
        {
            Model = "Feroceon", CommandLine = Line,
        };
        Compare(
            Boot(sketch, KernelVersion.V2_6_12_6, 2278, 385, 84),
            [
                "Linux version 2.6.12.6 (bootmem)",
                "Machine: Feroceon",
                "Memory policy: ECC disabled, Data cache writeback",
                "On node 0 totalpages: 4096",
                "  DMA zone: 4096 pages, LIFO batch:1",
                "  Normal zone: 0 pages, LIFO batch:1",
                "  HighMem zone: 0 pages, LIFO batch:1",
                "Built 1 zonelists",
                "Kernel command line: " + Line,
                "PID hash table entries: 128 (order: 7, 2048 bytes)",
                "Dentry cache hash table entries: 4096 (order: 2, 16384 bytes)",
                "Inode-cache hash table entries: 2048 (order: 1, 8192 bytes)",
                "Memory: 8MB 8MB 0MB 0MB = 16MB total",
                "Memory: *KB available (2278K code, 385K data, 84K init)",
                "Freeing init memory: 84K",
            ]);
    }

    [Fact]
    public void GeminiAOf128MibWith2_6_15AndItsInitrd()
    {
        const string Line = "root=/dev/ram0 rw console=ttySL0,19200 initrd=0x00800000,16M ramdisk_size4";
        MachineSketch sketch = MachineSketch.Of((0, 128 * Mib)) with
        {
            Model = "GeminiA", CommandLine = Line, UnknownTags = [0],
        };
        List<string> log = Boot(sketch, KernelVersion.V2_6_15, 3296, 1270, 104, static host =>
        {
            OwnerShare initrd = Assert.Single(PageAccount.Of(host).Owners, static owner => owner.Name == "initrd");
            Assert.Equal(16 * Mib >> 12, initrd.PageCount);
        });

        // The log that is known shows no lines of the debug level.
        log.RemoveAll(static line => line.StartsWith("On node ", StringComparison.Ordinal)
            || line.Contains(" zone: ", StringComparison.Ordinal));
        Compare(
            log,
            [
                "Linux version 2.6.15 (bootmem)",
                "Machine: GeminiA",
                "Ignoring unrecognised tag 0x00000000",
                "Memory policy: ECC disabled, Data cache writeback",
                "Built 1 zonelists",
                "Kernel command line: " + Line,
                "PID hash table entries: 1024 (order: 10, 16384 bytes)",
                "Dentry cache hash table entries: 32768 (order: 5, 131072 bytes)",
                "Inode-cache hash table entries: 16384 (order: 4, 65536 bytes)",
                "Memory: 128MB = 128MB total",
                "Memory: *KB available (3296K code, 1270K data, 104K init)",
                "Freeing init memory: 104K",
            ]);
    }

    [Fact]
    public void KetopOf64MibWith2_6_15()
    {
        MachineSketch sketch = MachineSketch.Of((0xc000_0000, 64 * Mib)) with
        {
            Model = "Keba KETOP", CommandLine = "console=ttySA0,38400n8 root=31:02 rootfstype=ext2", UnknownTags = [0],
        };
        Compare(
            Boot(sketch, KernelVersion.V2_6_15, 1520, 372, 76),
            [
                "Linux version 2.6.15 (bootmem)",
                "Machine: Keba KETOP",
                "Ignoring unrecognised tag 0x00000000",
                "Memory policy: ECC disabled, Data cache writeback",
                "On node 0 totalpages: 16384",
                "  DMA zone: 16384 pages, LIFO batch:3",
                "  DMA32 zone: 0 pages, LIFO batch:0",
                "  Normal zone: 0 pages, LIFO batch:0",
                "  HighMem zone: 0 pages, LIFO batch:0",
                "Built 1 zonelists",
                "Kernel command line: console=ttySA0,38400n8 root=31:02 rootfstype=ext2",
                "PID hash table entries: 512 (order: 9, 8192 bytes)",
                "Dentry cache hash table entries: 16384 (order: 4, 65536 bytes)",
                "Inode-cache hash table entries: 8192 (order: 3, 32768 bytes)",
                "Memory: 64MB = 64MB total",
                "Memory: *KB available (1520K code, 372K data, 76K init)",
                "Freeing init memory: 76K",
            ]);
    }

    private static List<string> Boot(
        MachineSketch sketch, KernelVersion version, ulong code, ulong data, ulong init,
        Action<MachineHost>? check = null)
    {
        // As ARM images lie: the init section first, then the code, then the data.
        ulong start = 0xc000_8000;
        MachineOptions options = MachineSketch.Options(version);
        options.Image = new KernelImage
        {
            All = new ImageRange { Start = start, Size = (init + code + data) * Kib },
            Init = new ImageRange { Start = start, Size = init * Kib },
            Text = new ImageRange { Start = start + (init * Kib), Size = code * Kib },
            Data = new ImageRange { Start = start + ((init + code) * Kib), Size = data * Kib },
        };
        using MachineHost host = sketch.SwitchOn(options);
        host.RunUntil(BootStep.Done);
        Assert.True(PageAccount.Of(host).AddsUp);
        check?.Invoke(host);
        return [.. host.Log.Lines.Select(static line => line.Text)];
    }

    private static void Compare(List<string> log, string[] expected)
    {
        int at = log.FindIndex(static line => line.Contains("KB available", StringComparison.Ordinal));
        log[at] = "Memory: *" + log[at][log[at].IndexOf("KB available", StringComparison.Ordinal)..];
        Assert.Equal(expected, log);
    }
}
