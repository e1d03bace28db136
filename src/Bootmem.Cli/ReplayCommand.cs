using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Lab;
using Bootmem.Lab.Logs;
using Bootmem.Lab.Replay;

namespace Bootmem.Cli;

/// <summary><c>bootmem replay</c>: boots the machines of real boot logs, and compares every figure.</summary>
internal static class ReplayCommand
{
    private const string Description =
        "Boots the machine that a kernel's boot log tells of, and compares the log's figures with it.";

    private const string More = """
        Takes logs of i386, x86-64 and ARM kernels from 2.6.9 to 2.6.19, as people paste them: dmesg, syslog,
        a serial console, mails. Of other kernels only the memory map is read.

        Exit code: 0 if no figure differs, 1 if some do, 2 for bad input.

        Examples:
          bootmem replay dmesg.txt             a table: predicted, printed, the same or not
          bootmem replay --differences logs    only what differs, in all files of a directory
          bootmem replay --json dmesg.txt
          bootmem boot dmesg.txt --config ARCH=i386    boot that machine with a kernel of your choice
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        Argument<string[]> logs = new("LOG")
        {
            Description = "A boot log, or a directory (all its files, sorted).",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> json = new("--json") { Description = "Show the results as JSON." };
        Option<bool> differences = new("--differences") { Description = "Show only the logs that have differences." };
        DocumentedCommand command = new("replay", Description, More) { logs, json, differences };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(logs), parsed.GetValue(json), parsed.GetValue(differences),
            parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string[] names, bool isJson, bool isBrief, TextWriter output, TextWriter error)
    {
        List<ReplayResult> results = [];
        bool isBad = false;
        string[] paths = [.. names.SelectMany(Files)];

        // Tables that come one by one are progress enough.
        using TerminalProgress? progress = isJson || isBrief ? TerminalProgress.Start("replay") : null;
        for (int i = 0; i < paths.Length; i++)
        {
            string path = paths[i];
            progress?.Report((i, paths.Length));
            int code = BootCommand.Guard(error, () =>
            {
                ReplayResult result = LogReplay.Run(BootLogReader.Load(path));
                results.Add(result);
                if (!isJson && (!isBrief || result.Count(ReplayVerdict.Differ) != 0))
                {
                    using StringWriter table = new();
                    ReplayReport.Write(result, table);
                    foreach (string line in table.ToString().Split('\n').SkipLast(1))
                    {
                        output.WriteLine(Terminal.Clean(line));
                    }
                }

                return CommandLine.Success;
            });
            isBad |= code != CommandLine.Success;
        }

        if (isJson)
        {
            using MemoryStream buffer = new();
            ReplayReport.WriteJson(results, buffer);
            output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        }
        else
        {
            output.WriteLine(ReplayReport.Summary(results));
        }

        return isBad ? CommandLine.BadInput
            : results.Exists(result => result.Count(ReplayVerdict.Differ) != 0) ? CommandLine.Differs : CommandLine.Success;
    }

    // An empty directory stays as it is: reading it says what was expected.
    private static IEnumerable<string> Files(string name)
    {
        string[] files = Directory.Exists(name) ? Directory.GetFiles(name) : [];
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length == 0 ? [name] : files;
    }
}
