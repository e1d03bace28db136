using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Bootmem.Lab;

namespace Bootmem.Cli.Shell;

/// <summary>Commands that load and unload modules.</summary>
internal static class ModuleVerbs
{
    private const int MostOffered = 200;

    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new ShellVerb("insmod", "FILE.dll", "load a module", Insert)
        {
            Least = 1,
            Most = 1,
            Complete = (_, word) => Files(word),
        },
        new ShellVerb("rmmod", "NAME", "unload a module", (session, line) => session.Modules.Remove(line.At(0)!))
        {
            Least = 1,
            Most = 1,
            Complete = (session, _) => session.Modules.Modules.Select(module => module.Name),
        },
        new ShellVerb("lsmod", "", "show the modules: name, size of the file, stage, state", List),
    ];

    private static void Insert(ShellSession session, ShellLine line)
    {
        LoadedModule module = session.Modules.Insert(line.At(0)!);
        if (module.State == ModuleState.Waiting)
        {
            session.Output.WriteLine($"insmod: {module.Name} waits for the stage {ModuleStages.NameOf(module.Stage)}");
        }
    }

    private static void List(ShellSession session, ShellLine line)
    {
        session.Output.WriteLine($"{"Module",-28}{"Size",10}  {"Stage",-10}State");
        foreach (LoadedModule module in session.Modules.Modules)
        {
            session.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{module.Name,-28}{module.FileSize,10}  {ModuleStages.NameOf(module.Stage),-10}{module.State}"));
        }
    }

    // Folders, and files that may be modules.
    private static string[] Files(string word)
    {
        int slash = word.LastIndexOf('/');
        string folder = slash < 0 ? "." : word[..(slash + 1)];
        string shown = slash < 0 ? "" : folder;
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos()
                .Where(entry => entry is DirectoryInfo || entry.Extension == ".dll")
                .Select(entry => shown + entry.Name + (entry is DirectoryInfo ? "/" : ""))
                .Where(name => name.StartsWith(word, StringComparison.Ordinal) && !name.Any(char.IsControl))
                .Take(MostOffered)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }
}
