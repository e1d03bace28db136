using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Cli;

/// <summary><c>bootmem qemu</c>: boots on bare metal, an ARM board in QEMU.</summary>
internal static class QemuCommand
{
    private const string Description = "Boots on bare metal: an ARM vexpress-a9 board in QEMU, with the same code.";

    private const string More = """
        Without MACHINE the article's machine boots; with --memory alone, the board without a device tree: ATAGs.
        The image is built when a source is newer: that needs clang and lld, QEMU is qemu-system-arm. As root on
        Debian they are installed.

        At the prompt, help lists the commands; poweroff ends it, and so does Ctrl-C.

        Exit code: 0 if all is well, 1 if a test failed, the boot stopped or the two worlds differ, 2 for bad input.

        Examples:
          bootmem qemu                                     the article's machine, with a prompt on its serial line
          bootmem qemu --memory 256M --kernel 2.6.15       the board with ATAGs
          bootmem qemu machines/vexpress-a9.dts --test     all tests, every page written, then the board goes off
          bootmem qemu --memory 64M --initrd FILE --compare
                                                           boot on bare metal and here, and compare what is printed
          bootmem qemu --scripts tests/conformance         run scripts on bare metal, and compare each outcome
        """;

    private static readonly Argument<string?> _machine = new("MACHINE")
    {
        Description = "A device tree (.dts, .dtb) of a vexpress-a9.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> _kernel = new("--kernel")
    {
        Description = "Which kernel: 2.6.12, 2.6.12.1 … 2.6.12.6, 2.6.13, 2.6.13.1, 2.6.14, 2.6.15.",
        HelpName = "VERSION",
        DefaultValueFactory = _ => "2.6.12",
    };

    private static readonly Option<string?> _memory = new("--memory")
    {
        Description = "RAM, 1M .. 1G; without it, as much as the device tree says.",
        HelpName = "SIZE",
    };

    private static readonly Option<string?> _append = new("--append")
    {
        Description = "Put this behind the machine's command line.",
        HelpName = "TEXT",
    };

    private static readonly Option<string?> _initrd = new("--initrd")
    {
        Description = "Load this INITRD.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> _initcalls = new("--initcalls")
    {
        Description = "Run the built-in tests at their stages.",
    };

    private static readonly Option<bool> _checksums = new("--checksums")
    {
        Description = "Print the CRC-32 of every bitmap at four points of the boot.",
    };

    private static readonly Option<bool> _test = new("--test")
    {
        Description = "Run all tests, then switch the board off.",
    };

    private static readonly Option<bool> _compare = new("--compare")
    {
        Description = "Boot here as well, and compare what the two print, byte for byte.",
    };

    private static readonly Option<string?> _scripts = new("--scripts")
    {
        Description = "Run scripts there in place of a boot: a script, or a folder of them.",
        HelpName = "PATH",
    };

    private static readonly Option<bool> _build = new("--build")
    {
        Description = "Build the image, say how large it is, and no more.",
    };

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        DocumentedCommand command = new("qemu", Description, More)
        {
            _machine, _kernel, _memory, _append, _initrd, _initcalls, _checksums, _test, _compare,
            _scripts, _build,
        };
        command.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            return BootCommand.Guard(parsed.InvocationConfiguration.Error, () => Run(parsed, output));
        });
        return command;
    }

    private static int Run(ParseResult parsed, TextWriter output)
    {
        Configuration configuration = new();
        if (configuration.SetKernel(parsed.GetValue(_kernel)!) is string wrong)
        {
            throw new MachineException($"--kernel: {wrong}");
        }

        string? memory = parsed.GetValue(_memory);
        if (parsed.GetValue(_scripts) is string scripts)
        {
            return QemuScripts.Run(scripts, memory, output);
        }

        string? machine = parsed.GetValue(_machine) ?? (memory is null ? MachineArguments.ArticleMachinePath() : null);
        using QemuBoard board = new(configuration.Config.Version)
        {
            Append = parsed.GetValue(_append) ?? "",
            InitrdPath = parsed.GetValue(_initrd),
            Flags = (parsed.GetValue(_initcalls) ? KernelImageFlags.Initcalls : 0)
                | (parsed.GetValue(_checksums) ? KernelImageFlags.Checksums : 0),
        };
        board.SetMachine(machine, memory);

        // What the user wrote is right: now it is worth a build.
        string path = QemuBoard.BuildImage("kernel");
        KernelImageFile image = KernelImageFile.Load(path);
        if (parsed.GetValue(_build))
        {
            KernelImage ranges = image.Ranges;
            output.WriteLine(path);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{new FileInfo(path).Length} bytes; {ranges.All.Size} in memory, "
                    + $"of which {ranges.Init.Size} go after the boot"));
            return CommandLine.Success;
        }

        board.Insert(image);
        return parsed.GetValue(_compare) ? QemuComparison.Run(board, image, output)
            : parsed.GetValue(_test) ? Test(board, output)
            : board.RunAtTerminal();
    }

    private static int Test(QemuBoard board, TextWriter output)
    {
        if (QemuScripts.Conformance is string scripts && QemuScripts.Run(scripts, null, output) != CommandLine.Success)
        {
            output.WriteLine("bootmem: the scripts did not pass");
            return CommandLine.Differs;
        }

        board.Flags |= KernelImageFlags.Test | KernelImageFlags.Initcalls;
        string printed = board.RunToEnd(line => output.WriteLine(Terminal.Clean(line)));
        if (printed.EndsWith("\ntest: all passed\n", StringComparison.Ordinal))
        {
            return CommandLine.Success;
        }

        output.WriteLine("bootmem: the test did not pass");
        return CommandLine.Differs;
    }
}
