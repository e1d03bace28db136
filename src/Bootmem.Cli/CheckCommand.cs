using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Text;
using Bootmem.Lab;
using Bootmem.Lab.Checks;
using Bootmem.Lab.Pictures;

namespace Bootmem.Cli;

/// <summary><c>bootmem check</c>: who has which range of a board's memory, and what is wrong with that.</summary>
internal static class CheckCommand
{
    private const string Description =
        "Lists every range of a machine's memory with its owner, and finds what overlaps, is outside of RAM or "
        + "does not fit.";

    private const string More = """
        Exit code: 0 if nothing is wrong (notes may be there), 1 if something is, 2 for bad input.

        Examples:
          bootmem check board.dtb
          bootmem check board.dtb --kernel-image Image@0x80008000 --initrd initrd.img@0x82000000 --dtb-at 0x81f00000
          bootmem check board.dtb --kernel-image 6M@0x80008000 --append mem=512M@0x80000000
          bootmem check --map board.dts            the memory as a picture, with what two owners want
          bootmem check --map board.dts -o board.svg
          bootmem check dmesg.txt --kernel-image vmlinux@0x100000 --initrd 4M@0x37c00000
          bootmem check /proc/iomem                   as root: this machine
          bootmem check --json board.dts
        """;

    private static readonly Argument<string> _machine = new("MACHINE")
    {
        Description = "A device tree (.dts, .dtb), an ATAG list (.atags), an e820 map or boot log, /proc/iomem, "
            + "/sys/firmware/memmap.",
    };

    private static readonly Option<string?> _kernel =
        PlacedOption("--kernel-image", "Where the boot loader puts the kernel.");

    private static readonly Option<string?> _initrd = PlacedOption("--initrd", "Where it puts the INITRD.");

    private static readonly Option<string?> _dtbAt = new("--dtb-at")
    {
        Description = "Where it puts the device tree.",
        HelpName = "ADDR",
    };

    private static readonly Option<string?> _append = new("--append")
    {
        Description = "Put this behind the machine's command line: mem=SIZE@ADDR tells of RAM, initrd=ADDR,SIZE of the INITRD.",
        HelpName = "TEXT",
    };

    private static readonly Option<int> _bits = new("--bits")
    {
        Description = "Width of the kernel's unsigned long: 32 or 64; without it, 64 where RAM reaches beyond 4 GiB.",
        HelpName = "N",
    };

    private static readonly Option<bool> _json = new("--json") { Description = "Show the result as JSON." };

    private static readonly MapOptions _map = new();

    private static readonly Option<string?> _file = new("-o", "--output")
    {
        Description = "With --map: write the picture to this file; one that ends in .svg becomes a drawing.",
        HelpName = "FILE",
    };

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        DocumentedCommand command = new("check", Description, More)
        {
            _machine, _kernel, _initrd, _dtbAt, _append, _bits, _json,
        };
        _map.AddTo(command);
        command.Add(_file);
        command.SetAction(parsed => BootCommand.Guard(parsed.InvocationConfiguration.Error, () => Run(parsed)));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        int bits = parsed.GetValue(_bits);
        if (bits is not (0 or 32 or 64))
        {
            throw new MachineException($"--bits: found {bits}, expected 32 or 64");
        }

        CheckOptions options = new()
        {
            Kernel = Placed("--kernel-image", parsed.GetValue(_kernel)),
            Initrd = Placed("--initrd", parsed.GetValue(_initrd)),
            DeviceTreeAt = parsed.GetValue(_dtbAt) is string at ? Number("--dtb-at", at, "an address") : null,
            AppendedCommandLine = parsed.GetValue(_append),
            Bits = bits,
        };
        using MachineFile file = MachineFile.Load(parsed.GetRequiredValue(_machine));
        string? found = file.Format switch
        {
            MachineFileFormat.AtagList => "an ATAG list",
            MachineFileFormat.MemoryMapText => "a memory map",
            _ => null,
        };
        if (options.DeviceTreeAt is not null && found is not null)
        {
            throw new MachineException($"--dtb-at: found {found}, expected a device tree");
        }

        CheckResult result = MachineCheck.Run(file, options);
        TextWriter output = parsed.InvocationConfiguration.Output;
        string name = Path.GetFileName(file.Name);
        if (parsed.GetValue(_json))
        {
            using MemoryStream json = new();
            CheckReport.WriteJson(name, result, json);
            output.WriteLine(Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length));
        }
        else
        {
            CheckReport.Write(Terminal.Clean(name), result, output);
        }

        Draw(parsed, MapModel.Of(CheckMap.Of(name, result)), output);

        return result.ProblemCount == 0 ? CommandLine.Success : CommandLine.Differs;
    }

    private static void Draw(ParseResult parsed, MapModel model, TextWriter output)
    {
        string? path = parsed.GetValue(_file);
        if (_map.StyleOf(parsed, output) is not MapStyle style)
        {
            if (path is not null)
            {
                throw new MachineException("-o: found without --map, expected both");
            }

            return;
        }

        if (path is not null)
        {
            MapCommand.Save(model, style, path);
        }
        else if (!parsed.GetValue(_json))
        {
            output.WriteLine();
            TerminalMap.Write(model, style, output);
        }
    }

    private static Option<string?> PlacedOption(string name, string description) => new(name)
    {
        Description = $"{description} A file's size counts, or a size: 6M, 0x600000.",
        HelpName = "FILE|SIZE@ADDR",
    };

    // FILE@ADDR or SIZE@ADDR: a file of that name comes first.
    private static ByteRange? Placed(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        int at = text.LastIndexOf('@');
        if (at <= 0)
        {
            throw new MachineException($"{option}: found '{text}', expected FILE@ADDR or SIZE@ADDR");
        }

        string what = text[..at];
        ulong start = Number(option, text[(at + 1)..], "an address");
        ulong size = File.Exists(what) ? (ulong)new FileInfo(what).Length : Number(option, what, "a file or a size");
        if (size == 0 || size > ulong.MaxValue - start)
        {
            throw new MachineException(
                $"{option}: found 0x{size:x} bytes at 0x{start:x}, expected at least a byte and an end that is an address");
        }

        return new ByteRange(start, start + size);
    }

    private static ulong Number(string option, string text, string expected)
    {
        int shift = text.Length == 0 ? 0 : text[^1] switch
        {
            'k' or 'K' => 10,
            'm' or 'M' => 20,
            'g' or 'G' => 30,
            _ => 0,
        };
        ReadOnlySpan<char> digits = shift == 0 ? text : text.AsSpan(0, text.Length - 1);
        bool isHex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isNumber = isHex
            ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return isNumber && number <= ulong.MaxValue >> shift
            ? number << shift
            : throw new MachineException($"{option}: found '{text}', expected {expected}");
    }
}
