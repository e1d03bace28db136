using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Pictures;
using Bootmem.Lab.Recordings;

namespace Bootmem.Cli;

/// <summary><c>bootmem boot</c>: boots a machine and shows its log, its memory, and its files.</summary>
internal sealed class BootCommand
{
    private const string Description =
        "Boots a machine from its real memory map: prints the kernel's log, and who owns which page.";

    private const string More = """
        Exit code: 0 if the boot came to its end and all initcalls and modules passed, 1 if the kernel stopped
        (BUG, panic) or an initcall or a module failed, 2 for bad input.

        Examples:
          bootmem boot                                     the article's machine, 100 MiB at 0x70000000
          bootmem boot --kernel 2.6.15 machines/vexpress-a9.dts
          bootmem boot --cat buddyinfo_bs,vmstat_bs        the files of /proc after the boot
          bootmem boot --config INITCALLS=y                with the built-in tests
          bootmem boot --insmod BuddyTests.dll             load a module when the boot reaches its stage
          bootmem boot board.dtb --append "mem=64M@0x80000000"
          bootmem boot --stop-at bootmem                   stop while bootmem lives
          bootmem boot --map                               the memory as a picture
          bootmem boot --record boot.rec                   keep every call, for map and report
        """;

    private static readonly Dictionary<string, BootStep> _stops = new(StringComparer.Ordinal)
    {
        ["setup_arch"] = BootStep.BootmemInit,
        ["bootmem"] = BootStep.PagingInit,
        ["paging"] = BootStep.PercpuInit,
        ["hashes"] = BootStep.MemInit,
        ["buddy"] = BootStep.PcpInit,
        ["done"] = BootStep.Done,
    };

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        MachineArguments machine = new();
        Option<string[]> cat = new("--cat")
        {
            Description = $"Show files of /proc, separated by commas: {string.Join(", ", ProcFile.Names)}.",
            HelpName = "FILES",
        };
        Option<string?> stopAt = StopOption();
        Option<string[]> insmod = InsmodOption();
        Option<bool> quiet = new("--quiet") { Description = "Show neither the log nor the summary." };
        Option<bool> json = new("--json") { Description = "Show the boot as JSON." };
        Option<string?> record = RecordOption();
        MapOptions map = new();
        DocumentedCommand command = new("boot", Description, More);
        machine.AddTo(command);
        command.Add(cat);
        command.Add(stopAt);
        command.Add(insmod);
        command.Add(quiet);
        command.Add(json);
        command.Add(record);
        map.AddTo(command);
        command.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            return Guard(parsed.InvocationConfiguration.Error, () =>
            {
                string[] files = [.. (parsed.GetValue(cat) ?? [])
                    .SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries))];
                CheckFiles(files);
                BootStep stop = StopOf(parsed.GetValue(stopAt));
                using MachineHost host = machine.Load(parsed);
                bool isShown = !parsed.GetValue(quiet) && !parsed.GetValue(json);
                if (isShown)
                {
                    host.Log.LineWritten = line => output.WriteLine(Terminal.Clean(line.Text));
                }

                TextWriter error = parsed.InvocationConfiguration.Error;
                using ModuleLoader modules = new(host)
                {
                    Refused = line => error.WriteLine($"bootmem: {Terminal.Clean(line)}"),
                };
                foreach (string file in parsed.GetValue(insmod) ?? [])
                {
                    modules.Insert(file);
                }

                MapStyle? style = map.StyleOf(parsed, output);
                string? path = parsed.GetValue(record);
                if (path is not null || style is not null)
                {
                    Recording recording = RecordingInput.Boot(
                        host, machine.Path(parsed) ?? "machine", stop, out BootmemException? end);
                    Draw(recording, path, style, output);
                    if (end is not null)
                    {
                        throw end;
                    }
                }

                int code = Run(host, stop, files, output, isShown, parsed.GetValue(json));
                return HaveAllRun(modules, error) ? code : CommandLine.Differs;
            });
        });
        return command;
    }

    /// <summary>The option that says where a boot stops.</summary>
    public static Option<string?> StopOption() => new("--stop-at")
    {
        Description = $"Stop the boot there: {string.Join(", ", _stops.Keys)}.",
        HelpName = "STAGE",
    };

    /// <summary>The option that loads modules.</summary>
    public static Option<string[]> InsmodOption() => new("--insmod")
    {
        Description = "Load a module; its Init is called when the boot reaches its stage. May be given again.",
        HelpName = "FILE.dll",
    };

    /// <summary>The names of the places where a boot can stop.</summary>
    public static IReadOnlyCollection<string> StopNames => _stops.Keys;

    /// <summary>The step before which a boot stops; false if the name is none.</summary>
    public static bool TryStop(string name, out BootStep step) => _stops.TryGetValue(name, out step);

    /// <summary>The step before which a boot stops.</summary>
    public static BootStep StopOf(string? name) => name is null ? BootStep.Done
        : _stops.TryGetValue(name, out BootStep step) ? step
        : throw new MachineException($"--stop-at: found '{name}', expected one of {string.Join(", ", _stops.Keys)}");

    /// <summary>Turns what a machine cannot do into one line and an exit code.</summary>
    public static int Guard(TextWriter error, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (BootmemException e)
        {
            error.WriteLine($"bootmem: {e.Message}");
            return CommandLine.Differs;
        }
        catch (Exception e) when (e is MachineException or MachineFileException or ModuleException
            or HostMemoryException or IOException)
        {
            error.WriteLine($"bootmem: {Terminal.Clean(e.Message)}");
            return CommandLine.BadInput;
        }
    }

    /// <summary>The option that records.</summary>
    public static Option<string?> RecordOption() => new("--record")
    {
        Description = "Write each call, its outcome and the pages that it changed to this file.",
        HelpName = "FILE",
    };

    /// <summary>Writes and shows a recording, as far as that is wanted.</summary>
    public static void Draw(Recording recording, string? path, MapStyle? style, TextWriter output)
    {
        if (path is not null)
        {
            RecordingInput.Save(recording, path);
        }

        if (style is not null)
        {
            TerminalMap.Write(MapModel.Of(recording), style, output);
        }
    }

    private static unsafe int Run(
        MachineHost host, BootStep stop, string[] files, TextWriter output, bool isShown, bool isJson)
    {
        host.RunUntil(stop);
        PageAccount account = PageAccount.Of(host);
        if (isJson)
        {
            BootReport.WriteJson(host, account, output);
        }
        else if (isShown)
        {
            output.WriteLine();
            BootReport.WriteSummary(host, account, output);
        }

        foreach (string file in files)
        {
            if (isShown || files.Length > 1)
            {
                output.WriteLine();
                output.WriteLine($"/proc/{ProcFile.Find(file)}:");
            }

            output.Write(ProcFile.Read(host, file));
        }

        return host.Machine->FailedInitcallCount == 0 && account.AddsUp ? CommandLine.Success : CommandLine.Differs;
    }

    private static bool HaveAllRun(ModuleLoader modules, TextWriter error)
    {
        bool haveAll = modules.RefusedCount == 0;
        foreach (LoadedModule module in modules.Modules.Where(module => module.State == ModuleState.Waiting))
        {
            haveAll = false;
            error.WriteLine(
                $"bootmem: insmod: {module.Name} was not called: the boot stopped before its stage, "
                    + $"{ModuleStages.NameOf(module.Stage)}");
        }

        return haveAll;
    }

    private static void CheckFiles(IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            if (ProcFile.Find(file) is null)
            {
                throw new MachineException(
                    $"--cat: found '{file}', expected one of {string.Join(", ", ProcFile.Names)}");
            }
        }
    }
}
