using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bootmem.Cli;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Scripts;

/// <summary>What scripts lose to whole pages, by call.</summary>
public sealed class ScriptRoundingTests
{
    private const string Small = """
        kernel 2.6.12
        init_bootmem_node 0 0x10 0 0x100
        free_bootmem_node 0 0 0x100000
        reserve_bootmem_node 0 0x10800 0x1000
        alloc_bootmem 40
        alloc_bootmem 40
        alloc_bootmem_pages 4097
        """;

    [Fact]
    public void AReservationIsRoundedOutwardsAndSmallRequestsShareAPage()
    {
        ScriptRounding rounding = ScriptRounding.Of(ScriptFile.Parse("small", Small));
        Assert.Equal(
            [
                new CallShare(Call.reserve_bootmem_node, 2, 4096, 4096),
                new CallShare(Call.alloc_bootmem_pages, 2, 4097, 4095),
                new CallShare(Call.alloc_bootmem, 1, 80, 4016),
            ],
            rounding.Calls.OrderBy(call => call.Call == Call.alloc_bootmem)
                .ThenBy(call => call.Call == Call.alloc_bootmem_pages));
        Assert.Equal(5UL << 12, rounding.TakenBytes);
        Assert.Equal(rounding.TakenBytes, rounding.AskedBytes + rounding.LostBytes);
    }

    [Fact]
    public void AFreeGivesBytesBackAndTheHandOverGivesTheMapsPages()
    {
        ScriptRounding rounding = ScriptRounding.Of(ScriptFile.Parse("freed", $"""
            {Small}
            reserve_bootmem_node 0 0x20000 0x20
            free_bootmem_node 0 0x20000 0x10
            free_all_bootmem_node 0
            """));

        // The bitmap lies in page 0x10, which goes to the page allocator whoever reserved it.
        CallShare reserved = Assert.Single(rounding.Calls, call => call.Call == Call.reserve_bootmem_node);
        Assert.Equal(new CallShare(Call.reserve_bootmem_node, 2, 0x800 + 0x10, 0x1800 - 0x10), reserved);
        Assert.Equal(rounding.TakenBytes, rounding.AskedBytes + rounding.LostBytes);
    }

    [Fact]
    public void EveryConformanceScriptAddsUp()
    {
        foreach (string file in Directory.GetFiles(RepositoryRoot.Combine("tests", "conformance"), "*.bm"))
        {
            ScriptRounding rounding = ScriptRounding.Of(ScriptFile.Parse(file, File.ReadAllText(file)));
            Assert.Equal(rounding.TakenBytes, rounding.AskedBytes + rounding.LostBytes);
        }
    }

    [Fact]
    public void TheCommandShowsIt()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Small);
            using StringWriter output = new() { NewLine = "\n" };
            Assert.Equal(CommandLine.Success, CommandLine.Invoke(["run", "--summary", file], output, TextWriter.Null));
            Assert.Contains(
                "  alloc_bootmem                            1 pages   80 bytes asked for, 4016 lost\n",
                output.ToString(), StringComparison.Ordinal);
            Assert.Contains(
                "Lost to whole pages: 12207 of 20480 bytes taken, for 8273 asked for\n", output.ToString(),
                StringComparison.Ordinal);

            using StringWriter text = new();
            Assert.Equal(
                CommandLine.Success, CommandLine.Invoke(["run", "--summary", "--json", file], text, TextWriter.Null));
            using JsonDocument json = JsonDocument.Parse(text.ToString());
            JsonElement rounding = json.RootElement.GetProperty("scripts")[0].GetProperty("page_rounding");
            Assert.Equal(20480, rounding.GetProperty("bytes_taken").GetInt32());
            Assert.Equal(12207,
                rounding.GetProperty("calls").EnumerateArray().Sum(call => call.GetProperty("bytes_lost").GetInt32()));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
