using System;
using System.CommandLine;
using System.IO;
using Bootmem.Lab;
using Bootmem.Lab.Pictures;
using Bootmem.Lab.Recordings;

namespace Bootmem.Cli;

/// <summary><c>bootmem diff</c>: the same calls on two kernels, up to where they part.</summary>
internal static class DiffCommand
{
    private const string More = """
        Exit code: 0 if both kernels do the same, 1 if they part, 2 for bad input.

        Examples:
          bootmem diff scripts/full-node-2.6.14.bm --kernels 2.6.14,2.6.15
          bootmem diff machines/numa4-8g.dts --layout-only --kernels 2.6.12,2.6.13
          bootmem diff scripts/full-node-2.6.14.bm --kernels 2.6.14,2.6.15 -o diff.html
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        RecordingInput input = new();
        MapOptions style = new();
        Option<string> kernels = new("--kernels") { Description = "Two kernels.", HelpName = "A,B", Required = true };
        Option<string?> file =
            new("-o", "--output") { Description = "Write both, side by side, to this HTML file.", HelpName = "FILE" };
        DocumentedCommand command = new(
            "diff", "Runs the same calls on two kernels, and tells where they part and why.", More);
        input.AddTo(command);
        style.AddStyleTo(command);
        command.Add(kernels);
        command.Add(file);
        command.SetAction(parsed => BootCommand.Guard(parsed.InvocationConfiguration.Error, () =>
        {
            string[] names = parsed.GetRequiredValue(kernels).Split(',');
            if (names.Length != 2 || input.HasKernel(parsed))
            {
                throw new MachineException(names.Length == 2 ? "--kernel: found beside --kernels, expected one of them"
                    : $"--kernels: found '{parsed.GetRequiredValue(kernels)}', expected two, as in 2.6.14,2.6.15");
            }

            TextWriter output = parsed.InvocationConfiguration.Output;
            Recording left = input.Load(parsed, names[0]);
            Recording right = input.Load(parsed, names[1]);
            RecordingDifference? difference = RecordingDifference.Find(left, right);
            Show(left, right, difference, style.AlwaysStyleOf(parsed, output), output);
            if (parsed.GetValue(file) is string path)
            {
                RecordingInput.SaveBytes(
                    HtmlReport.Write([left, right], difference?.Index + 1, difference?.Describe(left, right)), path);
            }

            return difference is null ? CommandLine.Success : CommandLine.Differs;
        }));
        return command;
    }

    private static void Show(
        Recording left, Recording right, RecordingDifference? difference, MapStyle style, TextWriter output)
    {
        if (difference is null)
        {
            output.WriteLine($"{left.Kernel} and {right.Kernel} do the same in {left.Steps.Count} calls");
            return;
        }

        foreach (string line in difference.Describe(left, right).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            output.WriteLine(Terminal.Clean(line));
        }

        output.WriteLine();
        output.WriteLine(difference.IsSameBefore ? "The memory before it, the same in both:" : "The memory before it:");
        TerminalMap.Write(MapModel.Of(left, difference.Index), style, output);
        if (!difference.IsSameBefore)
        {
            output.WriteLine();
            TerminalMap.Write(MapModel.Of(right, difference.Index), style, output);
        }
    }
}
