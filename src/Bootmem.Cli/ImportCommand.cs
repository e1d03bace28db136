using System;
using System.CommandLine;
using System.IO;
using Bootmem.Lab;

namespace Bootmem.Cli;

/// <summary><c>bootmem import</c>: any machine as device tree source.</summary>
internal static class ImportCommand
{
    private const string Description = "Writes a machine as device tree source: from a boot log, a memory map, a blob, an ATAG list.";

    private const string More = """
        Exit code: 0 if it was written, 2 for bad input.

        Examples:
          bootmem import dmesg.txt -o machines/mine.dts
          bootmem import /proc/iomem                   as root, to standard output
          bootmem import /sys/firmware/memmap -o this-pc.dts
          bootmem import /sys/firmware/fdt -o board.dts
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        Argument<string> file = new("FILE")
        {
            Description = "A boot log, a memory map as text, a folder such as /sys/firmware/memmap, a device tree or an "
                + "ATAG list.",
        };
        Option<string?> to = new("--output", "-o") { Description = "Write to this file; without it, to standard output.", HelpName = "MACHINE.dts" };
        DocumentedCommand command = new("import", Description, More) { file, to };
        command.SetAction(parsed => BootCommand.Guard(parsed.InvocationConfiguration.Error, () =>
        {
            using MachineFile machine = MachineFile.Load(parsed.GetRequiredValue(file));
            string source = MachineImport.Write(machine);
            string? path = parsed.GetValue(to);
            if (path is null)
            {
                parsed.InvocationConfiguration.Output.Write(source);
            }
            else
            {
                Save(path, source);
            }

            return CommandLine.Success;
        }));
        return command;
    }

    // What was there before stays until all is written.
    private static void Save(string path, string source)
    {
        try
        {
            string temporary = path + ".new";
            File.WriteAllText(temporary, source);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new MachineException($"{path}: cannot be written: {e.Message}", e);
        }
    }
}
