using System;
using System.IO;
using System.Linq;
using Bootmem.Cli;
using Bootmem.Lab.Pictures;
using Bootmem.Lab.Recordings;
using Bootmem.Tests.Recordings;
using Xunit;

namespace Bootmem.Tests.Pictures;

public sealed class TourTests
{
    [Fact]
    public void ItGoesOnWithEnterAndWithTheEndOfItsInput()
    {
        string all = Tour("");
        string[] calls =
            [.. all.Split('\n').Where(line => line.Contains(". ", StringComparison.Ordinal) && char.IsDigit(line[0]))];
        Assert.Equal(10, calls.Length);
        Assert.EndsWith("That was all.\n", all, StringComparison.Ordinal);
        Assert.Equal(10, Tour("\n\n\n").Split("\n> ").Length - 1);
    }

    [Fact]
    public void WhyMapAndStateTellMore()
    {
        string told = Tour("\n\n\n\nwhy\nmap\nstate\nhelp\nquit\n");
        Assert.Contains("it takes 1 page of node 0", told, StringComparison.Ordinal);
        Assert.Contains("A cell is a page, 4 KiB.", told, StringComparison.Ordinal);
        Assert.Contains("Enter goes on; why: the reasons", told, StringComparison.Ordinal);
        Assert.EndsWith("The tour ends here.\n", told, StringComparison.Ordinal);
        Assert.DoesNotContain("6. alloc_bootmem_low", told, StringComparison.Ordinal);
    }

    [Fact]
    public void EachCallHasItsRule()
    {
        string told = Tour("");
        foreach (string rule in new[] { "every page reserved", "rounded inwards", "rounded outwards", "first fit",
            "It takes no page" })
        {
            Assert.Contains(rule, told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void HostileNamesSteerNothing()
    {
        using StringWriter output = new();
        using StringReader input = new("why\n\u001b[2J\nmap\n");
        TourCommand.Run(MapTests.Hostile(), new MapStyle(60, ColorDepth.None), input, output);
        Assert.DoesNotContain(output.ToString(), c => (char.IsControl(c) && c != '\n') || c == '\u202e');
    }

    private static string Tour(string typed)
    {
        using StringWriter output = new();
        using StringReader input = new(typed);
        Recording recording = ScriptRecorder.Record(RecordingTests.LoadScript("merge.bm"));
        TourCommand.Run(recording, new MapStyle(60, ColorDepth.None), input, output);
        return output.ToString();
    }
}
