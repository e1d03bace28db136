using System;
using System.IO;
using System.Text.Json;
using Bootmem.Cli;
using Bootmem.Lab;
using Bootmem.Tests.Firmware;
using Xunit;

namespace Bootmem.Tests.Checks;

public sealed class CheckCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheWholeReport()
    {
        string board = _folder.Put(
            "board.dts", new Board { Reserved = "a@80100000 { reg = <0x80100000 0x1000>; no-map; };" }.Source);
        string initrd = _folder.Put("initrd.img", new string('x', 5000));
        (int code, string output, string error) = Run(
            board, "--kernel-image", "0x1f8000@0x80008000", "--initrd", initrd + "@0x80800000", "--append", "mem=32M");
        Assert.Equal("", error);
        Assert.Equal(
            """
            board.dts: 32 MiB of RAM, 32 bits

            RAM
              [0x80000000, 0x82000000)         32 MiB  mem=

            Kept
              [0x80004000, 0x80008000)         16 KiB  page directory
              [0x80008000, 0x80200000)       2016 KiB  kernel
              [0x80100000, 0x80101000)          4 KiB  /reserved-memory/a@80100000 (no-map)
              [0x80200000, 0x80201000)          4 KiB  bitmap
              [0x80800000, 0x80801388)     5000 bytes  initrd

            Problems
              overlap: kernel [0x80008000, 0x80200000) and /reserved-memory/a@80100000 [0x80100000, 0x80101000) share [0x80100000, 0x80101000), 4 KiB.
                bootmem reserves 1 page twice and says nothing; both owners use the same bytes.

            Notes
              misaligned: initrd [0x80800000, 0x80801388) is not made of whole pages.
                reserve_bootmem() rounds outwards: [0x80800000, 0x80802000) is kept.

            1 problem, 1 note

            """,
            output);
        Assert.Equal(1, code);
    }

    [Theory]
    [InlineData("biscuitos.dts")]
    [InlineData("vexpress-a9.dts")]
    [InlineData("numa4-8g.dts")]
    public void TheMachinesThatComeWithBootmemAreFine(string machine)
    {
        (int code, string output, _) = Run(RepositoryRoot.Combine("machines", machine));
        Assert.Equal(0, code);
        Assert.Contains("0 problems, ", output, StringComparison.Ordinal);
    }

    // docs/check.md promises these names.
    [Fact]
    public void TheJson()
    {
        string board = _folder.Put("board.dts", new Board { Options = new() }.Source);
        (int code, string output, _) = Run(
            "--json", board, "--kernel-image", "1M@0x80008000", "--initrd", "4K@0x80108000");
        Assert.Equal(1, code);
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement root = json.RootElement;
        Assert.Equal(
            ["schema", "machine", "bits", "page_size", "banks", "ranges", "findings", "problems", "notes"],
            Names(root));
        Assert.Equal(1, root.GetProperty("schema").GetInt32());
        Assert.Equal(
            """{"kind":"bank","owner":"/memory@80000000","start":"0x80000000","end":"0x81000000","size":"0x1000000"}""",
            JsonSerializer.Serialize(root.GetProperty("banks")[0]));
        JsonElement finding = root.GetProperty("findings")[0];
        Assert.Equal(["kind", "is_problem", "text", "consequence", "owners", "common"], Names(finding));
        Assert.Equal("bitmap-hit", finding.GetProperty("kind").GetString());
        Assert.Equal(
            """{"start":"0x80108000","end":"0x80109000","size":"0x1000"}""", JsonSerializer.Serialize(finding.GetProperty("common")));
        Assert.Equal("initrd", finding.GetProperty("owners")[0].GetProperty("owner").GetString());
    }

    [Theory]
    [InlineData("--kernel-image: found '1M', expected FILE@ADDR or SIZE@ADDR", "--kernel-image", "1M")]
    [InlineData(
        "--kernel-image: found 'no-such-file', expected a file or a size", "--kernel-image", "no-such-file@0x8000")]
    [InlineData("--initrd: found 'here', expected an address", "--initrd", "1M@here")]
    [InlineData("--initrd: found 0x0 bytes at 0x1000, expected at least a byte and an end that is an address",
        "--initrd", "0@0x1000")]
    [InlineData("--initrd: found '99999999999G', expected a file or a size", "--initrd", "99999999999G@0")]
    [InlineData("--dtb-at: found '', expected an address", "--dtb-at", "")]
    [InlineData("--bits: found 16, expected 32 or 64", "--bits", "16")]
    [InlineData(
        "command line: found \"mem=much\", expected a size, or a size and an address", "--append", "quiet mem=much x")]
    [InlineData("mem=: found 0x2 bytes at 0xffffffffffffffff, expected an end that is an address", "--append",
        "mem=2@0xffffffffffffffff")]
    public void BadOptionsAreOneLine(string expected, params string[] options)
    {
        string board = _folder.Put("board.dts", new Board().Source);
        (int code, string output, string error) = Run([board, .. options]);
        Assert.Equal((2, "", $"bootmem: {expected}\n"), (code, output, error));
    }

    [Fact]
    public void BadFilesAreOneLine()
    {
        (int code, string output, string error) = Run(_folder["none.dtb"]);
        Assert.Equal((2, ""), (code, output));
        Assert.EndsWith("none.dtb: found no such file, expected one\n", error, StringComparison.Ordinal);
        Assert.Equal(2, Run().Code);
        Assert.Equal(2, Run(_folder.Put("bad.dts", "/dts-v1/; / { memory@0 { }; };")).Code);
    }

    // An ATAG list has no tree: its banks have numbers.
    [Fact]
    public void AnAtagList()
    {
        string path = _folder["board.atags"];
        File.WriteAllBytes(path, AtagReaderTests.List(
            [0x5441_0001], [0x5441_0002, 0x100_0000, 0x6000_0000], [0x5442_0005, 0x60f0_0000, 0x20_0000]));
        (int code, string output, _) = Run(path);
        Assert.Equal(1, code);
        Assert.Contains("  [0x60000000, 0x61000000)         16 MiB  bank 0\n", output, StringComparison.Ordinal);
        Assert.Contains("outside-ram: 1 MiB of initrd [0x60f00000, 0x61100000) lie outside of RAM.", output,
            StringComparison.Ordinal);
        Assert.Equal(2, Run(path, "--dtb-at", "0x60000000").Code);
    }

    private static string[] Names(JsonElement element) =>
        [.. System.Linq.Enumerable.Select(element.EnumerateObject(), p => p.Name)];

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = CommandLine.Invoke(["check", .. args], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
