using System;
using System.CommandLine;
using System.IO;
using Bootmem.Lab;

namespace Bootmem.Cli;

/// <summary><c>bootmem config</c>: shows all that can be chosen, or sets and saves some of it.</summary>
internal static class ConfigCommand
{
    private const string Description =
        "Shows the choices that 'bootmem menuconfig' offers, or sets and saves some of them.";

    private const string More = """
        Without NAME=VALUE it shows each name with its value, its meaning and the values that it takes. With some, it
        sets them all, or none if one is bad, and saves the file. INITCALLS=y switches all built-in tests on.

        Exit code: 0 if all is well, 2 for bad input.

        Examples:
          bootmem config
          bootmem config KERNEL=2.6.15 HIGHMEM=n PAGE_SHIFT=14
          bootmem config --config-file boards/numa.config MACHINE=machines/numa4-8g.dts NUMA=y
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        Option<string> file = MenuconfigCommand.FileOption();
        Argument<string[]> assignments = new("NAME=VALUE")
        {
            Description = "What to set.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        DocumentedCommand command = new("config", Description, More) { assignments, file };
        command.SetAction(parsed => BootCommand.Guard(parsed.InvocationConfiguration.Error, () =>
        {
            string path = parsed.GetRequiredValue(file);
            Configuration configuration = MenuconfigCommand.LoadOrNew(path);
            TextWriter output = parsed.InvocationConfiguration.Output;
            string[] wanted = parsed.GetValue(assignments) ?? [];
            if (wanted.Length == 0)
            {
                Show(configuration, output);
            }
            else
            {
                Set(configuration, wanted);
                configuration.Save(path);
                output.WriteLine($"Saved in {Terminal.Clean(path)}.");
            }

            return CommandLine.Success;
        }));
        return command;
    }

    private static void Set(Configuration configuration, string[] assignments)
    {
        foreach (string assignment in assignments)
        {
            if (configuration.Set(assignment) is { } wrong)
            {
                throw new MachineException(wrong);
            }
        }
    }

    private static void Show(Configuration configuration, TextWriter output)
    {
        foreach (MenuEntry entry in MenuEntries.Of([]))
        {
            if (entry.Kind == MenuEntryKind.Heading)
            {
                output.WriteLine();
                output.WriteLine($"# {entry.Label}");
                continue;
            }

            string value = Terminal.Clean(configuration.Get(entry.Name));
            string meaning = entry.Meaning.Length == 0 ? "" : $"{entry.Meaning}: ";
            output.WriteLine($"{$"{entry.Name}={value}",-32} # {meaning}{entry.Expected}");
        }
    }
}
