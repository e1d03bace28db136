using System;
using System.IO;
using System.Text.Json;
using Bootmem.Cli;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Logs;

/// <summary><c>bootmem replay</c> and <c>bootmem import</c>: what they print, and how they end.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private const string Log = """
        Linux version 2.6.13 (user@host) #1
        BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)
        BIOS-e820: 0000000000100000 - 0000000008000000 (usable)
        128MB LOWMEM available.
        On node 0 totalpages: 32768
          DMA zone: 4096 pages, LIFO batch:1
          Normal zone: 28672 pages, LIFO batch:15
          HighMem zone: 0 pages, LIFO batch:1
        Kernel command line: root=/dev/hda1 "x\y"
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bootmem-replay-");

    [Fact]
    public void ALogThatHoldsEndsWithZero()
    {
        (int code, string output, string error) = Run("replay", Save("good.txt", Log));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("bootmem of 2.6.13, figures of 2.6.13, i386", output, StringComparison.Ordinal);
        Assert.EndsWith("1 log, 8 figures: 8 match, 0 differ, 0 not predictable\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongFigureEndsWithOne()
    {
        Save("a.txt", Log);
        Save("b.txt", Log.Replace("28672", "28673", StringComparison.Ordinal));
        (int code, string output, _) = Run("replay", "--differences", _folder.FullName);
        Assert.Equal(1, code);
        Assert.DoesNotContain("a.txt", output, StringComparison.Ordinal);
        Assert.Matches("7  node 0 Normal pages +28672 +28673  DIFFERS", output);
        Assert.EndsWith("2 logs, 16 figures: 15 match, 1 differ, 0 not predictable\n", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void BadInputEndsWithTwoAndTheOthersAreRead()
    {
        (int code, string output, string error) = Run(
            "replay", Save("bad.txt", "BIOS-e820: 0000000000100000 - 0000000000000010 (usable)\n"), Save(
                "good.txt", Log),
            Path.Combine(_folder.FullName, "none.txt"));
        Assert.Equal(2, code);
        Assert.EndsWith("1 log, 8 figures: 8 match, 0 differ, 0 not predictable\n", output, StringComparison.Ordinal);
        Assert.Contains("bad.txt:1: found a range", error, StringComparison.Ordinal);
        Assert.Contains("none.txt: found no such file", error, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonHasMapAndFigures()
    {
        (int code, string output, _) = Run("replay", "--json", Save("good.txt", Log));
        Assert.Equal(0, code);
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement log = json.RootElement[0];
        Assert.Equal("0x100000", log.GetProperty("map")[1].GetProperty("start").GetString());
        Assert.Equal(8, log.GetProperty("figures").GetArrayLength());
        Assert.Equal("match", log.GetProperty("figures")[0].GetProperty("verdict").GetString());
    }

    [Fact]
    public void ALogBecomesADeviceTree()
    {
        string path = Path.Combine(_folder.FullName, "machine.dts");
        Assert.Equal((0, "", ""), Run("import", Save("good.txt", Log), "-o", path));
        using MachineFile machine = MachineFile.Load(path);
        Assert.Equal(MachineFileFormat.DeviceTreeSource, machine.Format);
        CheckBanks(machine);

        // Written again it is the same.
        (int code, string again, _) = Run("import", path);
        Assert.Equal((0, File.ReadAllText(path)), (code, again));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static unsafe void CheckBanks(MachineFile machine)
    {
        Assert.Equal(2, machine.Info->BankCount);
        Assert.Equal((0UL, 0x9fc00UL), (machine.Info->Banks[0].Start, machine.Info->Banks[0].Size));
        Assert.Equal((0x100000UL, 0x7f00000UL), (machine.Info->Banks[1].Start, machine.Info->Banks[1].Size));
        string line = System.Text.Encoding.ASCII.GetString(machine.Info->CommandLine, machine.Info->CommandLineLength);
        Assert.Equal("root=/dev/hda1 \"x\\y\"", line);
    }

    private string Save(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Invoke(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
