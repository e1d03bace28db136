using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Pictures;
using Bootmem.Lab.Recordings;

namespace Bootmem.Cli.Shell;

/// <summary>Commands that show what is in use: /proc, the log, and sums.</summary>
internal static unsafe class FileVerbs
{
    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new ShellVerb("cat", "FILE…", "show files of /proc", Cat)
        {
            Least = 1,
            Most = int.MaxValue,
            Complete = (_, _) => ProcFile.Names.Select(name => "/proc/" + name),
        },
        new ShellVerb("ls", "[/proc]", "show the names of the files", List)
        {
            Most = 1,
            Complete = (_, _) => ["/proc"],
        },
        new ShellVerb("free", "", "show how much memory is free, in KiB", Free),
        new ShellVerb("owners", "", "show who owns how many pages", Owners),
        new ShellVerb("map", "", "show the memory as a picture: a colour an owner", Map),
        new ShellVerb("config", "[MACRO…]", "show the kernel's macros", Config)
        {
            Most = int.MaxValue,
            Complete = (_, _) => MacroNames,
        },
        new ShellVerb(
            "dmesg", "[-n LEVEL]", "show the kernel's log; -n: show only lines below LEVEL (1 .. 8) as they come", Log)
        {
            Most = 2,
            Complete = (_, _) => ["-n"],
        },
    ];

    private static IEnumerable<string> MacroNames => ConfigMacro.All.Select(macro => macro.Name);

    private static void Cat(ShellSession session, ShellLine line)
    {
        // All of them or none.
        string[] texts = [.. Enumerable.Range(0, line.Count).Select(i =>
        {
            string name = line.At(i)!;
            return ProcFile.Find(name) is null
                ? throw new ShellException(
                    $"found {ShellNumbers.Quote(name)}, expected one of {string.Join(", ", ProcFile.Names)}")
                : ProcFile.Read(session.Host, name);
        })];
        foreach (string text in texts)
        {
            session.Output.Write(text);
        }
    }

    private static void List(ShellSession session, ShellLine line)
    {
        string folder = line.At(0) ?? "/proc";
        string trimmed = folder.TrimEnd('/');
        IEnumerable<string> names = trimmed is "/proc" or "proc" ? ProcFile.Names : folder == "/" ? ["proc"]
            : throw new ShellException($"found {ShellNumbers.Quote(folder)}, expected /proc");
        foreach (string name in names)
        {
            session.Output.WriteLine(name);
        }
    }

    private static void Free(ShellSession session, ShellLine line)
    {
        NeedBanks(session);
        MachineHost host = session.Host;
        int shift = host.Bootmem.Word.PageShift;
        session.Output.WriteLine($"{"",-8}{"total",14}{"used",14}{"free",14}");
        if (!host.HasPages)
        {
            PageAccount account = PageAccount.Of(host);
            Row(session, "Bootmem:", account.RamPages, account.BootmemFreePages, shift);
            return;
        }

        ulong total = host.Pages.TotalPages;
        ulong free = host.Pages.FreePageCount;
        ulong high = host.Pages.TotalHighPages;
        ulong freeHigh = host.Pages.FreeHighPageCount;
        Row(session, "Mem:", total, free, shift);
        Row(session, "Low:", total - high, free - freeHigh, shift);
        Row(session, "High:", high, freeHigh, shift);
    }

    private static void Row(ShellSession session, string name, ulong total, ulong free, int shift) =>
        session.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-8}{(total << shift) >> 10,14}{((total - free) << shift) >> 10,14}{(free << shift) >> 10,14}"));

    private static void Owners(ShellSession session, ShellLine line)
    {
        NeedBanks(session);
        BootReport.WriteSummary(session.Host, PageAccount.Of(session.Host), session.Output);
    }

    private static void Map(ShellSession session, ShellLine line)
    {
        NeedBanks(session);
        MapStyle style = MapOptions.TerminalStyle(session.Output);
        TerminalMap.Write(MapModel.Of(MachineSnapshot.Take(session.Host, "machine")), style, session.Output);
    }

    private static void Config(ShellSession session, ShellLine line)
    {
        IEnumerable<ConfigMacro> macros = line.Count == 0 ? ConfigMacro.All
            : [.. Enumerable.Range(0, line.Count).Select(i => ConfigMacro.Find(line.At(i)!)
                ?? throw new ShellException(
                    $"found {ShellNumbers.Quote(line.At(i)!)}, expected one of {string.Join(", ", MacroNames)}"))];
        foreach (ConfigMacro macro in macros)
        {
            session.Output.WriteLine(
                $"{macro.Name + "=" + macro.Get(session.Host.Machine->Config),-36} {macro.Meaning}");
        }
    }

    private static void Log(ShellSession session, ShellLine line)
    {
        if (line.Count == 0)
        {
            foreach (LogLine entry in session.Host.Log.Lines)
            {
                session.Output.WriteLine(Terminal.Clean(entry.Text));
            }

            return;
        }

        if (line.At(0) != "-n" || line.Count != 2)
        {
            throw new ShellException($"found {ShellNumbers.Quote(line.At(0)!)}, expected -n LEVEL");
        }

        string word = line.At(1)!;
        session.ConsoleLevel = word is ['1' or '2' or '3' or '4' or '5' or '6' or '7' or '8'] ? word[0] - '0'
            : throw new ShellException($"found {ShellNumbers.Quote(word)}, expected a level: 1 .. 8");
    }

    private static void NeedBanks(ShellSession session)
    {
        if (session.Host.NextStep <= BootStep.BootmemInit)
        {
            throw new ShellException("bootmem is not initialised yet: 'boot bootmem' goes so far");
        }
    }
}
