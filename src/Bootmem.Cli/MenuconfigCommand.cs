using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Bootmem.Lab;

namespace Bootmem.Cli;

/// <summary>
/// <c>bootmem menuconfig</c>: chooses kernel, machine, macros and initcalls in a menu, as the kernel's does.
/// </summary>
internal static class MenuconfigCommand
{
    private const string Description =
        "Chooses kernel, machine, macros and built-in tests in a menu, and saves them in a file.";

    private const string More = """
        Keys: up, down, page up, page down, home, end move; space changes; y and n switch on and off; left and right
        choose a button and Enter presses it; ? helps; s saves; Esc exits and asks when something is not saved.
        Ctrl-C leaves at once, without saving.

        Where input or output is no terminal, or TERM is unset or dumb, the menu is a list of numbered questions:
          NUMBER      asks for the value of that entry; an empty answer leaves it
          NAME=VALUE  sets it at once
          ? NUMBER    helps       l  lists       s  saves       q  exits
        The end of the input exits without saving.

        The file has lines NAME=VALUE; a line that begins with # is a comment. 'bootmem boot' reads bootmem.config of
        the current directory, or what --config-file names; its own options go before it. In the file, a relative path
        of a machine is relative to the file's directory. On the command line it is relative to the current directory.

        Exit code: 0 if the menu was left, 2 for bad input.

        Examples:
          bootmem menuconfig
          bootmem menuconfig --config-file boards/numa.config
          printf 'KERNEL=2.6.15\ns\nq\n' | bootmem menuconfig
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        Option<string> file = FileOption();
        DocumentedCommand command = new("menuconfig", Description, More) { file };
        command.SetAction(parsed => BootCommand.Guard(parsed.InvocationConfiguration.Error, () =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            string path = parsed.GetRequiredValue(file);
            Menu menu = new(LoadOrNew(path), MenuEntries.Of(ShippedMachines()), path);
            if (MenuconfigTerminal.IsUsable)
            {
                output.Flush();
                MenuconfigTerminal.Run(menu);
                if (menu.IsSaved)
                {
                    output.WriteLine($"Saved in {Terminal.Clean(path)}.");
                }
            }
            else
            {
                new LineMenu(menu, Console.In, output).Run();
            }

            return CommandLine.Success;
        }));
        return command;
    }

    /// <summary>The option that names the file that choices are kept in.</summary>
    public static Option<string> FileOption() => new("--config-file")
    {
        Description = $"The file that the choices are kept in; without it, {Configuration.DefaultFileName}.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Configuration.DefaultFileName,
    };

    /// <summary>What a file keeps; the defaults if there is no such file yet.</summary>
    /// <exception cref="MachineException">It is there, but no file of choices.</exception>
    public static Configuration LoadOrNew(string path) =>
        path.Length == 0 ? throw new MachineException("--config-file: found nothing, expected a file's name")
        : Path.Exists(path) ? Configuration.Load(path) : new Configuration();

    // The article's machine is the default and has an entry of its own. What lies below the current directory is
    // named from there.
    private static IEnumerable<string> ShippedMachines()
    {
        string article = MachineArguments.ArticleMachinePath();
        string? folder = Path.GetDirectoryName(article);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        string here = Directory.GetCurrentDirectory();
        return Directory.EnumerateFiles(folder)
            .Where(path => path != article && Path.GetExtension(path) is ".dts" or ".dtb" or ".atags")
            .Order(StringComparer.Ordinal)
            .Select(path => path.StartsWith(here + "/", StringComparison.Ordinal) ? path[(here.Length + 1)..] : path);
    }
}
