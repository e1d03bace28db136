using System;
using System.CommandLine;
using System.IO;
using System.Text;
using Bootmem.Boot;
using Bootmem.Cli.Shell;
using Bootmem.Lab;

namespace Bootmem.Cli;

/// <summary><c>bootmem shell</c>: boots a machine and gives a prompt on it.</summary>
internal static class ShellCommand
{
    private const string Prompt = "bootmem# ";

    private const string Description = "Boots a machine and gives a prompt on it; help shows the commands there.";

    private const string More = """
        Commands can come from a file or a pipe: then there is no prompt, answers go to standard output and errors to
        standard error. A command that fails does not end the session. Ctrl-D, exit or the end of the input does.

        Exit code: 0; with commands from a file or a pipe 1 if one of them failed; 2 for bad input.

        Examples:
          bootmem shell                            the article's machine, booted to its end
          bootmem shell --stop-at bootmem          a prompt while bootmem lives
          bootmem shell --insmod BuddyTests.dll    with a module
          echo 'cat /proc/buddyinfo_bs' | bootmem shell
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        MachineArguments machine = new();
        Option<string?> stopAt = BootCommand.StopOption();
        Option<string[]> insmod = BootCommand.InsmodOption();
        Option<string?> history = new("--history")
        {
            Description = "Keep the lines of the prompt in this file for the next session.",
            HelpName = "FILE",
        };
        DocumentedCommand command = new("shell", Description, More);
        machine.AddTo(command);
        command.Add(stopAt);
        command.Add(insmod);
        command.Add(history);
        command.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            TextWriter error = parsed.InvocationConfiguration.Error;
            return BootCommand.Guard(error, () =>
            {
                BootStep stop = BootCommand.StopOf(parsed.GetValue(stopAt));
                bool isInteractive = !Console.IsInputRedirected && !Console.IsOutputRedirected;
                string[] modules = parsed.GetValue(insmod) ?? [];
                if (modules.Length != 0 && !ModuleLoader.IsSupported)
                {
                    throw new ModuleException($"shell --insmod: {ModuleLoader.NotSupported}");
                }

                using ShellSession session = new(
                    () => machine.Load(parsed), stop, modules, output, isInteractive ? output : error);
                if (isInteractive)
                {
                    return Talk(session, output, parsed.GetValue(history));
                }

                using StreamReader input = new(Console.OpenStandardInput(), Encoding.UTF8);
                return RunAll(session, input);
            });
        });
        return command;
    }

    /// <summary>Does all lines of an input; the exit code.</summary>
    public static int RunAll(ShellSession session, TextReader input)
    {
        session.PowerOn();
        LineReader lines = new(input, ShellLine.MaxLength);
        while (!session.IsOver && lines.Read() is { } line)
        {
            session.Execute(line);
        }

        return session.FailedCount == 0 ? CommandLine.Success : CommandLine.Differs;
    }

    private static int Talk(ShellSession session, TextWriter output, string? historyFile)
    {
        session.PowerOn();
        History history = History.Load(historyFile);
        bool isPlain = Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        LineEditor editor = new(new ConsoleTerminal(output), history, (line, at) => Completion.Find(session, line, at));
        while (!session.IsOver)
        {
            output.Flush();
            string? line = isPlain ? ReadPlain(output) : editor.Read(Prompt);
            if (line is null)
            {
                break;
            }

            history.Add(line);
            session.Execute(line);
        }

        output.Flush();
        history.Save(historyFile);
        return CommandLine.Success;
    }

    private static string? ReadPlain(TextWriter output)
    {
        output.Write(Prompt);
        output.Flush();
        return Console.ReadLine();
    }
}
