using System;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Bootmem.Lab;
using Bootmem.Lab.Pictures;
using Bootmem.Lab.Recordings;
using Bootmem.Tests.Recordings;
using Xunit;

namespace Bootmem.Tests.Pictures;

public sealed class MapTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bootmem-map-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string, int, string> Maps()
    {
        TheoryData<string, int, string> maps = [];
        foreach (int width in new[] { 40, 80, 200 })
        {
            maps.Add("machines/biscuitos.dts", width, "none");
            maps.Add("machines/numa4-8g.dts", width, "none");
            maps.Add("scripts/merge.bm", width, "none");
            maps.Add("scripts/merge.bm", width, "16");
            maps.Add("scripts/merge.bm", width, "24");
        }

        return maps;
    }

    [Theory]
    [MemberData(nameof(Maps))]
    public void TheMapIsTheCheckedInText(string input, int width, string colors)
    {
        (int code, string output, string error) = RecordingFileTests.Run(
            ["map", RepositoryRoot.Combine(input), "--width", $"{width}", "--color", colors,
                .. input.Contains("numa", StringComparison.Ordinal) ? new[] { "--layout-only" } : []]);
        Assert.Equal((0, ""), (code, error));
        string name = $"{Path.GetFileNameWithoutExtension(input)}-{width}-{colors}.txt";
        Assert.Equal(File.ReadAllText(RepositoryRoot.Combine("tests", "data", "maps", name)), output);
        if (colors == "none")
        {
            Assert.All(output.Split('\n'), line => Assert.True(line.Length <= width, line));
            Assert.DoesNotContain('\u001b', output);
        }
    }

    [Fact]
    public void BootAndRunShowTheMapOfMap()
    {
        string merge = RepositoryRoot.Combine("scripts", "merge.bm");
        string map = RecordingFileTests.Run("map", merge).Output;
        Assert.StartsWith(map, RecordingFileTests.Run("run", merge, "--map").Output, StringComparison.Ordinal);
        string machine = RepositoryRoot.Combine("machines", "biscuitos.dts");
        Assert.Equal(
            RecordingFileTests.Run("map", machine).Output,
            RecordingFileTests.Run("boot", machine, "--quiet", "--map").Output);
    }

    [Fact]
    public void TheLegendAddsUpToTheRam()
    {
        MapModel model = MapModel.Of(ScriptRecorder.Record(RecordingTests.LoadScript("merge.bm")));
        Assert.Equal(0x400UL, model.RamPages);
        Assert.Equal(model.RamPages, model.Legend.Aggregate(0UL, (sum, entry) => sum + entry.PageCount));
        Assert.Equal(1.0, model.Legend.Sum(entry => entry.Share), 6);
    }

    [Fact]
    public void ACellShowsAnOwnerOfASinglePage()
    {
        MapModel model = MapModel.Of(Hostile());
        Assert.Equal(PageUse.Owned, model.Cell(0, 64).Use);
        Assert.Equal(PageUse.Free, model.Cell(1, 3).Use);
    }

    [Fact]
    public void APageOfAPictureHasItsOwnersColour()
    {
        Recording recording = ScriptRecorder.Record(RecordingTests.LoadScript("merge.bm"));
        MapModel model = MapModel.Of(recording, 10, 0, 0x8000);
        (int X, int Width, string Fill)[] rects = [.. XDocument.Parse(SvgMap.Write(model)).Descendants()
            .Where(e => e.Name.LocalName == "rect" && (string?)e.Attribute("height") == "16")
            .Select(e => ((int)e.Attribute("x")!, (int)e.Attribute("width")!, (string)e.Attribute("fill")!))];
        for (ulong page = 0; page < 8; page++)
        {
            int middle = 110 + (int)((page * 85) + 42);
            (_, _, string fill) = rects.Single(r => r.X <= middle && middle < r.X + r.Width);
            Assert.Equal(model.ColorOf(model.Cell(page, page + 1)).Hex, fill);
        }

        Assert.Equal(680, rects.Sum(r => r.Width));
    }

    [Fact]
    public void TheStepsOfAMap()
    {
        string merge = RepositoryRoot.Combine("scripts", "merge.bm");
        Assert.Contains(
            "no node is up yet", RecordingFileTests.Run("map", merge, "--step", "0").Output, StringComparison.Ordinal);
        Assert.Contains(
            "never freed", RecordingFileTests.Run("map", merge, "--step", "1").Output, StringComparison.Ordinal);
        Assert.Equal(2, RecordingFileTests.Run("map", merge, "--step", "99").Code);
        Assert.Equal(2, RecordingFileTests.Run("map", merge, "--only", "9-9").Code);
        Assert.Contains("0x1000 x..\n\n", RecordingFileTests.Run("map", merge, "--step", "6", "--only", "0x1000-12289")
            .Output, StringComparison.Ordinal);
        Assert.Equal(2, RecordingFileTests.Run("map", merge, "--width", "3").Code);
        Assert.Equal(2, RecordingFileTests.Run("map", merge, "--color", "8").Code);
    }

    [Fact]
    public void HostileNamesSteerNothing()
    {
        Recording hostile = Hostile();
        using StringWriter text = new();
        TerminalMap.Write(MapModel.Of(hostile), new MapStyle(80, ColorDepth.None), text);
        Assert.DoesNotContain(text.ToString(), c => char.IsControl(c) && c != '\n' || c == '\u202e');
        string svg = SvgMap.Write(MapModel.Of(hostile));
        XDocument picture = XDocument.Parse(svg);
        Assert.DoesNotContain(picture.Descendants(), e => e.Name.LocalName == "script");
        Assert.DoesNotContain("href", svg, StringComparison.Ordinal);
        Assert.True(svg.Length < 20_000);
    }

    [Theory]
    [InlineData("map.svg", false)]
    [InlineData("map.txt", true)]
    public void FilesAreTheSameEveryTime(string name, bool isText)
    {
        string[] texts = [.. Enumerable.Range(0, 2).Select(i =>
        {
            string path = Path.Combine(_directory, i + name);
            string[] args = ["map", RepositoryRoot.Combine("machines", "biscuitos.dts"), "-o", path];
            Assert.Equal((0, "", ""), RecordingFileTests.Run(isText ? [.. args, "--text"] : args));
            return File.ReadAllText(path);
        })];
        Assert.Equal(texts[0], texts[1]);
        Assert.Equal(!isText, texts[0].StartsWith("<svg", StringComparison.Ordinal));
    }

    internal static Recording Hostile() => new()
    {
        Title = "<script>alert(1)</script>\u001b[2J\u202e\"'&" + new string('x', 10_000),
        Kernel = "2.6.12",
        Nodes = [new RecordedNode(0, 0, 64)],
        Owners = ["", "</script><script>document.title='run'</script>", "\u202e\u0007'\"" + new string('<', 10_000)],
        Steps =
        [
            new RecordedStep { Name = "free_bootmem", Arguments = "0 <b>", Outcome = "ok", Caller = "</script>",
                Why = "\u2028<img src=x onerror=alert(1)>", Changes = [new PageChange(0, 64, PageUse.Free, 0)] },
            new RecordedStep { Name = "<!--", Arguments = "\u0000\u202e", Owner = 2, Outcome = "0x0", Address = 0, Size = 100, Changes = [new PageChange(0, 1, PageUse.Owned, 2), new PageChange(4, 5, PageUse.Owned, 1)] },
        ],
    };
}
