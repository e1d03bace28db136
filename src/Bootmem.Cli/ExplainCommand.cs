using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Text;
using Bootmem.Lab.Scripts;

namespace Bootmem.Cli;

/// <summary><c>bootmem explain</c>: why an allocation of a script landed where it did.</summary>
internal static class ExplainCommand
{
    private const string Description =
        "Explains the allocation in a line of a script: why it landed where it did, or what would make it succeed.";

    private const string More = """
        Exit code: 0 if the allocation was explained, whether it succeeded or not; 2 for bad input.

        Examples:
          bootmem explain scripts/goal.bm:27
          bootmem explain --kernel 2.6.15 scripts/full-node-2.6.14.bm:12
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        Argument<string> place =
            new("SCRIPT:LINE") { Description = "A script (.bm), and the line of the call or of its outcome." };
        Option<string?> kernel = new("--kernel")
        {
            Description = "Run with this kernel's bootmem in place of the script's own: 2.6.12 … 2.6.15.",
            HelpName = "VERSION",
        };
        DocumentedCommand command = new("explain", Description, More) { place, kernel };
        command.SetAction(parsed =>
        {
            string? error = Run(
                parsed.GetRequiredValue(place), parsed.GetValue(kernel), parsed.InvocationConfiguration.Output);
            if (error is not null)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"bootmem: {Terminal.Clean(error)}");
            }

            return error is null ? CommandLine.Success : CommandLine.BadInput;
        });
        return command;
    }

    // What is wrong, if something is.
    private static string? Run(string place, string? kernel, TextWriter output)
    {
        int colon = place.LastIndexOf(':');
        if (colon <= 0
            || !int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int line))
        {
            return $"found '{place}', expected SCRIPT:LINE";
        }

        KernelVersion? version = null;
        if (kernel is not null)
        {
            if (!KernelVersions.TryParse(Encoding.UTF8.GetBytes(kernel), out KernelVersion chosen))
            {
                return $"--kernel: found '{kernel}', expected 2.6.12, 2.6.12.1 … 2.6.12.6, 2.6.13, 2.6.13.1, 2.6.14 "
                    + $"or 2.6.15";
            }

            version = chosen;
        }

        foreach (ScriptSource source in ScriptSource.Find(place[..colon]))
        {
            return !source.TryLoad(out ScriptFile? script, out ScriptError? error)
                || !ScriptExplainer.TryExplain(script, line, version, output, out error) ? error.ToString() : null;
        }

        return $"found no script at '{place[..colon]}', expected one";
    }
}
