using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.IO;
using System.Text.RegularExpressions;

namespace Bootmem.Cli;

/// <summary>The <c>bootmem</c> command: its sub-commands, one file each, and what all of them share.</summary>
internal static partial class CommandLine
{
    /// <summary>Exit code: all is well.</summary>
    public const int Success = 0;

    /// <summary>Exit code: something differs from what was expected.</summary>
    public const int Differs = 1;

    /// <summary>Exit code: bad input or bad usage.</summary>
    public const int BadInput = 2;

    // The parser names a type of .NET where it finds no number.
    private static string InPlainWords(string message) =>
        NoNumber().Replace(message, "$2: found '$1', expected a number");

    [GeneratedRegex(@"^Cannot parse argument '(.*)' for option '(.*)' as expected type '.*Int32.*'\.$")]
    private static partial Regex NoNumber();

    /// <summary>Runs one command line.</summary>
    public static int Invoke(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        // No RootCommand: that one takes its name from the program's file, which is not always "bootmem".
        Command root = new("bootmem", "The Linux boot-memory allocator, 2.6.12 to 2.6.15.")
        {
            new HelpOption { Recursive = true, Action = new ExamplesHelp() },
            new VersionOption { Action = new ShowVersion() },
            BenchCommand.Create(),
            BootCommand.Create(),
            ReplayCommand.Create(),
            ImportCommand.Create(),
            ConfigCommand.Create(),
            MenuconfigCommand.Create(),
            RunCommand.Create(),
            MapCommand.Create(),
            ReportCommand.Create(),
            DiffCommand.Create(),
            TourCommand.Create(),
            ExplainCommand.Create(),
            CheckCommand.Create(),
            ShellCommand.Create(),
            NewCommand.Create(),
            QemuCommand.Create(),
        };

        // No command at all: what there is.
        root.SetAction(parsed => new HelpAction().Invoke(parsed));

        // An argument that begins with @ is a file's name like any other.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count != 0)
        {
            foreach (ParseError problem in parsed.Errors)
            {
                error.WriteLine($"bootmem: {InPlainWords(problem.Message)}");
            }

            error.WriteLine("bootmem: --help shows how it is used.");
            return BadInput;
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
        });
    }
}
