using System;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Logs;
using Bootmem.Lab.Replay;
using Xunit;

namespace Bootmem.Tests.Logs;

/// <summary>Logs are read as people paste them.</summary>
public sealed class BootLogReaderTests
{
    private static readonly string[] _plain =
    [
        "Linux version 2.6.12-9-386 (user@host) (gcc version 3.4.5) #1 SMP Mon Oct 10 13:14:36 BST 2005",
        "BIOS-provided physical RAM map:",
        " BIOS-e801: 0000000000000000 - 000000000009f000 (usable)",
        " BIOS-e801: 0000000000100000 - 0000000004000000 (usable)",
        "0MB HIGHMEM available.",
        "64MB LOWMEM available.",
        "On node 0 totalpages: 16384",
        "  DMA zone: 4096 pages, LIFO batch:1",
        "  Normal zone: 12288 pages, LIFO batch:7",
        "  HighMem zone: 0 pages, LIFO batch:1",
        "Built 1 zonelists",
        "Kernel command line: root=/dev/hda1 ro quiet splash",
        "PID hash table entries: 512 (order: 9, 8192 bytes)",
        "Dentry cache hash table entries: 16384 (order: 4, 65536 bytes)",
        "Memory: 61484k/65536k available (1900k kernel code, 3584k reserved, 600k data, 200k init, 0k highmem)",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("<4>")]
    [InlineData("[    0.000000] ")]
    [InlineData("<6>[17179569.184000] ")]
    [InlineData("Nov 23 10:00:00 host kernel: ")]
    [InlineData("Nov  3 10:00:00 host.example.org kernel: [    0.000000] ")]
    [InlineData("2005-12-07T10:11:12.123+01:00 host kernel: ")]
    [InlineData("Jan  1 00:00:11 (none) kern.info kernel: ")]
    [InlineData("> ")]
    [InlineData("> > | ")]
    [InlineData("[    0.000000] [    T0] ")]
    [InlineData("kernel: ")]
    [InlineData("\t")]
    public void WhatStandsBeforeALineIsTakenOff(string prefix)
    {
        BootLog log = Read(string.Join('\n', _plain.Select(line => prefix + line)));
        CheckPlain(log);
        ReplayResult result = LogReplay.Run(log);
        Assert.Equal(0, result.Count(ReplayVerdict.Differ));
        Assert.Equal(18, result.Count(ReplayVerdict.Match));
    }

    [Fact]
    public void LineEndsAndCommentsDoNoHarm()
    {
        CheckPlain(Read("\uFEFF# a comment\r\n" + string.Join("\r\n", _plain)));
        CheckPlain(Read("dmesg said:\n\n" + string.Join("  \n\n", _plain) + "\n\0\x01\n"));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(48)]
    [InlineData(40)]
    public void WrappedLinesAreJoined(int width)
    {
        // The map's lines and the command line are short enough, or end where they are cut.
        string[] wrapped = [.. _plain.Select(line => Wrap(line, width))];
        BootLog log = Read(string.Join('\n', wrapped));
        Assert.Equal(61484, log.Value("Memory available, KB"));
        Assert.Equal(0, log.Value("Memory highmem, KB"));
        Assert.Equal(8192, log.Value("PID bytes"));
        Assert.Equal(65536, log.Value("Dentry cache bytes"));
        Assert.Equal(2, log.Map.Count);
    }

    [Fact]
    public void FiguresKnowTheirLines()
    {
        BootLog log = Read(string.Join('\n', _plain));
        Assert.Equal(13, log.Figures.Single(static figure => figure.Name == "PID order").Line);
        Assert.Equal(9, log.Figures.Single(static figure => figure.Name == "node 0 Normal batch").Line);
    }

    [Fact]
    public void TheFirstBootOfAFileIsTaken()
    {
        string one = string.Join('\n', _plain);
        BootLog log = Read(one + "\n" + one.Replace("2.6.12-9-386", "2.6.15", StringComparison.Ordinal));
        CheckPlain(log);
        Assert.Equal(1, log.LaterBoots);
        Assert.Contains("1 later boots in this file are not looked at", LogReplay.Run(log).Notes);
    }

    [Fact]
    public void ALogOfAModernKernelGivesItsMap()
    {
        BootLog log = Read("""
            [    0.000000] Linux version 6.1.0-13-amd64 (debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC
            [    0.000000] BIOS-provided physical RAM map:
            [    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable
            [    0.000000] BIOS-e820: [mem 0x000000000009fc00-0x000000000009ffff] reserved
            [    0.000000] BIOS-e820: [mem 0x0000000000100000-0x00000000bffd9fff] usable
            [    0.000000] BIOS-e820: [mem 0x00000000bffda000-0x00000000bfffffff] ACPI NVS
            [    0.000000] Memory: 3911900K/4193764K available (14342K kernel code, 2332K rwdata)
            """);
        Assert.Equal(0x9fc00UL, log.Map[0].End);
        Assert.Equal(MapRangeType.AcpiNvs, log.Map[3].Type);
        ReplayResult result = LogReplay.Run(log);
        Assert.Empty(result.Rows);
        Assert.Contains("are not modelled", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void ListsOfRunningKernelsAreMaps()
    {
        BootLog log = Read("""
            00000000-00000fff : Reserved
            00001000-0009fbff : System RAM
            000a0000-000bffff : PCI Bus 0000:00
              000c0000-000c99ff : Video ROM
            00100000-3ffdffff : System RAM
              01000000-01e00fff : Kernel code
            3ffe0000-3fffffff : ACPI Tables
            0x100000000-0x13fffffff System RAM
            """);
        Assert.Equal(
            [(0UL, 0x1000UL), (0x1000, 0x9fc00), (0x100000, 0x3ffe0000), (0x3ffe0000, 0x40000000),
                (0x100000000, 0x140000000)],
            log.Map.Select(static range => (range.Start, range.End)));
        Assert.Equal(MachineFileFormat.MemoryMapText, MachineFile.Detect("0x0-0x9fbff System RAM\n"u8));
        Assert.Equal(MachineFileFormat.DeviceTreeSource, MachineFile.Detect("/dts-v1/;\n/ { };\n"u8));
    }

    [Theory]
    [InlineData(
        "BIOS-e820: 0000000000100000 - 0000000000000010 (usable)", "log:1: found a range that ends before it begins")]
    [InlineData("Placing software IO TLB between 0x200 - 0x100", "log:1: found an I/O TLB that ends before it begins")]
    public void WhatIsWrongIsNamedWithItsLine(string line, string expected) =>
        Assert.StartsWith(
            expected, Assert.Throws<MachineFileException>(() => Read(line)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "found no kernel's boot")]
    [InlineData("hello\nworld", "found no kernel's boot")]
    [InlineData("Linux version 2.6.12 (a@b) #1", "found no memory map")]
    public void WhatIsNoBootLogIsRefused(string text, string expected)
    {
        string message = Assert.Throws<MachineFileException>(() => LogReplay.Run(Read(text))).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyZerosAreNoMachine()
    {
        byte[] iomem = "00000000-00000000 : System RAM\n00000000-00000000 : Reserved\n"u8.ToArray();
        MachineFileException wrong = Assert.Throws<MachineFileException>(() => MachineFile.Read(iomem, "iomem"));
        Assert.Contains("to root only", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyTextIsReadOrRefused()
    {
        Random random = new(20051107);
        string whole = string.Join('\n', _plain);
        for (int i = 0; i < 3000; i++)
        {
            byte[] text = Encoding.Latin1.GetBytes(whole);
            for (int change = random.Next(1, 12); change > 0; change--)
            {
                int at = random.Next(text.Length);
                text[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"0123456789abcdef \n"[random.Next(18)];
            }

            try
            {
                _ = LogReplay.Run(BootLogReader.Read(
                    text.AsSpan(0, random.Next(4) == 0 ? random.Next(text.Length) : text.Length), "log"));
            }
            catch (Exception e) when (e is MachineFileException or MachineException)
            {
                Assert.StartsWith("log", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static void CheckPlain(BootLog log)
    {
        Assert.Equal("2.6.12-9-386", log.Release);
        Assert.Equal(Architecture.I386, log.Architecture);
        Assert.True(log.IsSmp);
        Assert.Equal("root=/dev/hda1 ro quiet splash", log.CommandLine);
        Assert.Equal(2, log.Map.Count);
        Assert.Equal(
            (0x100000UL, 0x4000000UL, MapRangeType.Usable), (log.Map[1].Start, log.Map[1].End, log.Map[1].Type));
        Assert.Equal(MapSource.E801, log.Pc.Source);
        Assert.Equal(23, log.Figures.Count);
    }

    private static BootLog Read(string text) => BootLogReader.Read(Encoding.UTF8.GetBytes(text), "log");

    private static string Wrap(string line, int width)
    {
        StringBuilder wrapped = new();
        int column = 0;
        foreach (string word in line.Split(' '))
        {
            bool breaks = column + word.Length > width;
            wrapped.Append(column == 0 ? "" : breaks ? "\n" : " ").Append(word);
            column = breaks ? word.Length : column + word.Length + 1;
        }

        return wrapped.ToString();
    }
}
