using System;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Cli;
using Bootmem.Lab;
using Bootmem.Lab.Checks;
using Bootmem.Tests.Firmware;
using Xunit;

namespace Bootmem.Tests.Checks;

/// <summary>
/// A PC of 512 MiB: <c>0 [RAM] 9fc00 [EBDA, holes] 1M [kernel][tables][bitmap] … [RAM] 1fff0000 [ACPI] 20000000</c>.
/// </summary>
public sealed class PcCheckTests : IDisposable
{
    private const string Map = """
        BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)
        BIOS-e820: 000000000009fc00 - 00000000000a0000 (reserved)
        BIOS-e820: 0000000000100000 - 000000001fff0000 (usable)
        BIOS-e820: 000000001fff0000 - 0000000020000000 (ACPI data)

        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Expect the pages of the firmware, the boot page tables behind the kernel and the bitmap behind them.
    [Fact]
    public void EveryRangeHasItsOwner()
    {
        CheckResult result = Check(Map, new CheckOptions { Kernel = new ByteRange(0x100000, 0x400000) });
        Assert.Equal(
            """
            the BIOS's page 0 [0x0, 0x1000)
            EBDA [0x9f000, 0xa0000)
            reserved 0 [0x9fc00, 0xa0000)
            kernel [0x100000, 0x400000)
            boot page tables [0x400000, 0x402000)
            bitmap [0x402000, 0x406000)
            ACPI data 1 [0x1fff0000, 0x20000000)
            """.ReplaceLineEndings("\n"),
            string.Join('\n', result.Picture.Ranges));
        Assert.Equal(0, result.ProblemCount);
    }

    [Fact]
    public void AnInitrdOverWhatTheFirmwareKeepsIsFound()
    {
        CheckResult result = Check(Map, new CheckOptions { Initrd = new ByteRange(0x1ff00000, 0x20000000) });
        Assert.Contains(result.Findings, static finding => finding.Kind == FindingKind.Overlap
            && finding.Common == new ByteRange(0x1fff0000, 0x20000000));
        Assert.Contains(result.Findings, static finding => finding.Kind == FindingKind.OutsideRam
            && finding.Consequence.Contains("initrd extends beyond end of memory", StringComparison.Ordinal));
    }

    [Fact]
    public void AnInitrdOverTheBootPageTablesIsOverTheKernel()
    {
        ByteRange kernel = new(0x100000, 0x400000);
        ByteRange initrd = new(0x401000, 0x500000);
        CheckResult result = Check(Map, new CheckOptions { Kernel = kernel, Initrd = initrd });
        Assert.Equal(
            [FindingKind.InitrdOverKernel, FindingKind.BitmapHit],
            result.Findings.Where(static finding => finding.IsProblem).Select(static finding => finding.Kind));
    }

    [Fact]
    public void AnX64BitmapKeepsOffTheKernel()
    {
        CheckOptions options = new() { Kernel = new ByteRange(0x100000, 0x500000), Bits = 64 };
        Assert.Contains("bitmap [0x8000, 0xc000)", Ranges(Check(Map, options)));
        CheckResult high = Check(Map.Replace("9fc00", "09000", StringComparison.Ordinal), options);
        Assert.Contains("bitmap [0x500000, 0x504000)", Ranges(high));
    }

    [Theory]
    [InlineData("mem=256M", "usable 1 [0x100000, 0x10000000)")]
    [InlineData("memmap=256M", "usable 1 [0x100000, 0x10000000)")]
    [InlineData("mem=nopentium", "usable 1 [0x100000, 0x1fff0000)")]
    [InlineData("memmap=exactmap memmap=640K@0 memmap=31M@1M", "usable 1 [0x100000, 0x2000000)")]
    [InlineData("memmap=1M#0x30000000", "ACPI data 2 [0x30000000, 0x30100000)")]
    [InlineData("memmap=64K$12M", "reserved 2 [0xc00000, 0xc10000)")]
    public void TheCommandLineChangesTheMap(string line, string range)
    {
        MemoryPicture picture = Check(Map, new CheckOptions { AppendedCommandLine = line }).Picture;
        Assert.Contains(range, picture.Banks.Concat(picture.Ranges).Select(static one => one.ToString()));
    }

    [Theory]
    [InlineData("mem=x")]
    [InlineData("mem=")]
    [InlineData("memmap=1M@")]
    [InlineData("memmap=0xffffffffffffffff@1M")]
    [InlineData("memmap=99999999999999999999G")]
    public void ABadOptionIsNamed(string line)
    {
        CheckOptions options = new() { AppendedCommandLine = line };
        MachineException wrong = Assert.Throws<MachineException>(() => Check(Map, options));
        Assert.Contains($"found \"{line}\", expected a size", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IomemShowsTheRunningKernel()
    {
        CheckResult result = Check("""
            00001000-0009ffff : System RAM
            00100000-3fffffff : System RAM
              01000000-01e00fff : Kernel code
              01e01000-022bffff : Kernel data
              02588000-029fffff : Kernel bss
            """);
        Assert.Contains("kernel [0x1000000, 0x2a00000)", Ranges(result));
    }

    [Fact]
    public void AFolderOfRangesIsAMachine()
    {
        Put("0", "0x0", "0x9fbff", "System RAM");
        Put("1", "0x100000", "0x1fffffff", "System RAM");
        Put("2", "0xfee00000", "0xfeefffff", "Some device");
        (int code, string output, string error) = Run("import", _folder["memmap"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("reg = <0x0 0x0 0x0 0x9fc00 0x0 0x100000 0x0 0x1ff00000>;", output, StringComparison.Ordinal);
        (code, output, error) = Run("check", _folder["memmap"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("[0xfee00000, 0xfef00000)          1 MiB  reserved 0", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zero", "0x1", "found 'zero' to '0x1' in 0, expected two addresses")]
    [InlineData("0x5", "0x1", ":1: found a range that ends before it begins")]
    public void ABadFolderIsOneLine(string start, string end, string expected)
    {
        Put("0", start, end, "System RAM");
        (int code, _, string error) = Run("check", _folder["memmap"]);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(static c => c == '\n'));
    }

    [Fact]
    public void PackedFilesAreNamed()
    {
        string path = _folder["map.gz"];
        File.WriteAllBytes(path, [0x1f, 0x8b, 8, 0]);
        foreach (string command in (string[])["check", "import", "replay"])
        {
            (int code, _, string error) = Run(command, path);
            Assert.Equal(2, code);
            Assert.Contains("packed with gzip, expected it unpacked", error, StringComparison.Ordinal);
        }
    }

    private void Put(string index, string start, string end, string type)
    {
        _folder.Put($"memmap/{index}/start", start + "\n");
        _folder.Put($"memmap/{index}/end", end + "\n");
        _folder.Put($"memmap/{index}/type", type + "\n");
    }

    private static string[] Ranges(CheckResult result) =>
        [.. result.Picture.Ranges.Select(static range => range.ToString())];

    private static CheckResult Check(string map, CheckOptions? options = null)
    {
        using MachineFile file = MachineFile.Read(Encoding.ASCII.GetBytes(map), "map");
        return MachineCheck.Run(file, options);
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Invoke(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
