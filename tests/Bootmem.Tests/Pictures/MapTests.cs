using System;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Bootmem.Cli;
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
            .Where(e => e.Name.LocalName == "rect" && (string?)e.Attribute("height") == "42")
            .Select(e => ((int)e.Attribute("x")!, (int)e.Attribute("width")!, ColorIn(e)))];
        for (ulong page = 0; page < 8; page++)
        {
            int middle = 110 + (int)((page * 85) + 42);
            (_, _, string fill) = rects.Single(r => r.X <= middle && middle < r.X + r.Width);
            Assert.Equal(model.ColorOf(model.Cell(page, page + 1)).Hex, fill);
        }

        Assert.Equal(680, rects.Sum(r => r.Width));
    }

    [Fact]
    public void OwnersOfAPictureDifferWithoutColoursToo()
    {
        MapModel model = MapModel.Of(ScriptRecorder.Record(RecordingTests.LoadScript("merge.bm")));
        Assert.Equal(model.Marks.Count, model.Marks.Distinct().Count());
        XDocument picture = XDocument.Parse(SvgMap.Write(model));
        string[] textures = [.. picture.Descendants().Where(e => e.Name.LocalName == "pattern")
            .Select(e => (string)e.Elements().Single(path => path.Name.LocalName == "path").Attribute("d")!)];
        Assert.Equal(model.Legend.Count(entry => entry.Use == PageUse.Owned), textures.Length);
        Assert.Equal(textures.Length, textures.Distinct().Count());
        string[] letters =
            [.. picture.Descendants().Where(e => (string?)e.Attribute("class") == "l").Select(e => e.Value)];
        Assert.All(
            model.Legend.Where(entry => entry.Use == PageUse.Owned),
            entry => Assert.Contains(model.Marks[entry.Owner], letters));
    }

    [Fact]
    public void MoreOwnersThanLettersAreAStar()
    {
        string[] marks = [.. OwnerMarks.Of([.. Enumerable.Range(0, 70).Select(i => $"owner {i}")])];
        Assert.Equal(62, marks.Take(62).Distinct().Count());
        Assert.All(marks.Skip(62), mark => Assert.Equal("*", mark));
    }

    [Fact]
    public void TheMapOfACheckShowsWhatTwoOwnersWant()
    {
        string board = RepositoryRoot.Combine("machines", "conflict.dts");
        string[] loader = ["--kernel-image", "4M@0x80008000", "--initrd", "3M@0x80300000"];
        (int code, string output, string error) = RecordingFileTests.Run(["check", "--map", board, .. loader]);
        Assert.Equal((1, ""), (code, error));
        string map = output[output.IndexOf("conflict.dts, 4 problems", StringComparison.Ordinal)..];
        Assert.Matches(@"x CONFLICT +\d+ KiB +\d+\.\d% +0x80300000, \d pieces", map);
        Assert.Contains("x camera@83200000 ", map, StringComparison.Ordinal);
        Assert.Equal(1, RecordingFileTests.Run(["check", board, .. loader]).Code);
        Assert.DoesNotContain("CONFLICT", RecordingFileTests.Run(["check", board, .. loader]).Output,
            StringComparison.Ordinal);
        string picture = Path.Combine(_directory, "x.svg");
        Assert.Equal(2, RecordingFileTests.Run(["check", board, .. loader, "-o", picture]).Code);
    }

    [Fact]
    public void AStripHasABarAtEachBorder()
    {
        MapModel model = MapModel.Of(ScriptRecorder.Record(RecordingTests.LoadScript("merge.bm")));
        using StringWriter one = new();
        TerminalMap.WriteStrip(model, new MapStyle(40, ColorDepth.None), one);
        Assert.Matches(@"^\|x.{0,37}\|\n$", one.ToString());
        Recording zoned = Hostile() with
        {
            Zones = [new RecordedZone(0, "DMA", 0, 16), new RecordedZone(0, "Normal", 16, 64)],
        };
        using StringWriter two = new();
        TerminalMap.WriteStrip(MapModel.Of(zoned), new MapStyle(40, ColorDepth.None), two);
        Assert.Equal(3, two.ToString().Count(c => c == '|'));
        Assert.True(two.ToString().TrimEnd().Length <= 40);
    }

    [Fact]
    public void ProgressIsSaidAndWipedAway()
    {
        using StringWriter error = new();
        using (TerminalProgress progress = TerminalProgress.Start("recording", error))
        {
            progress.Report((250, 1000));
            progress.Show();
        }

        Assert.Equal("\rrecording: 250 of 1000 (25 %)\r" + new string(' ', 29) + "\r", error.ToString());
        using StringWriter quiet = new();
        TerminalProgress.Start("recording", quiet).Dispose();
        Assert.Equal("", quiet.ToString());
    }

    // A texture's ground has its owner's colour.
    private static string ColorIn(XElement rect)
    {
        string fill = (string)rect.Attribute("fill")!;
        return !fill.StartsWith("url(#", StringComparison.Ordinal) ? fill
            : (string)rect.Document!.Descendants().Single(e => (string?)e.Attribute("id") == fill[5..^1])
                .Elements().First().Attribute("fill")!;
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
        string wrong = RecordingFileTests.Run("map", merge, "--step", "9x").Error;
        Assert.StartsWith("bootmem: --step: found '9x', expected a number\n", wrong, StringComparison.Ordinal);
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
