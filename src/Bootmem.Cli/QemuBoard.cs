using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Cli;

/// <summary>One board in QEMU: its memory, what the boot loader leaves, and its serial line.</summary>
internal sealed class QemuBoard(KernelVersion version) : IDisposable
{
    private const string Program = "qemu-system-arm";
    private const ulong RamStart = 0x6000_0000;
    private const ulong MostRam = 1UL << 30;

    // A boot prints all the time; a test writes a whole GiB between two lines. What is silent longer hangs.
    private const int SilenceOfBoot = 20;
    private const int SilenceOfTest = 60;

    private static readonly ConcurrentDictionary<string, string> _built = new();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bootmem-qemu-");
    private KernelImageFile? _image;
    private bool _hasTree;
    private ulong _memory;
    private Task<string>? _complaints;

    /// <summary>Which kernel.</summary>
    public KernelVersion Version { get; } = version;

    /// <summary>How the image runs.</summary>
    public KernelImageFlags Flags { get; set; }

    /// <summary>Put behind the machine's command line.</summary>
    public string Append { get; init; } = "";

    /// <summary>What the boot loader loads besides; null: nothing.</summary>
    public string? InitrdPath { get; init; }

    /// <summary>Whether the kernel itself appends: with a device tree. ATAGs have no other command line.</summary>
    public string AppendedByKernel => _hasTree ? Append : "";

    /// <summary>The repository that this program was built in.</summary>
    public static string Repository => Path.GetFullPath(Path.Combine(BuildScript, "..", "..", ".."));

    private static string BuildScript =>
        Path.GetFullPath(MachineArguments.ShippedFile("src", "Bootmem.Kernel", "build"));

    /// <summary>Builds an image if a source is newer.</summary>
    /// <param name="kind">Which: <c>kernel</c> boots, <c>scripts</c> runs scripts.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="MachineException">It cannot be built.</exception>
    public static string BuildImage(string kind)
    {
        if (!File.Exists(BuildScript))
        {
            throw new MachineException(
                "found no src/Bootmem.Kernel/build, expected the repository that this was built in");
        }

        // Once a process is enough.
        return _built.GetOrAdd(kind, _ =>
        {
            string[] arguments = kind == "kernel" ? [] : ["--" + kind];
            using Process build = Process.Start(new ProcessStartInfo(BuildScript, arguments))!;
            build.WaitForExit();
            return build.ExitCode == 0
                ? Path.Combine(Repository, "artifacts", kind, "bootmem.img")
                : throw new MachineException("the bare-metal image could not be built");
        });
    }

    /// <summary>Puts RAM on the board and a device tree beside it.</summary>
    /// <param name="machine">A device tree; null: the boot loader leaves ATAGs.</param>
    /// <param name="memory">How much RAM; null: as much as the tree says.</param>
    /// <exception cref="MachineException">The board cannot have that.</exception>
    public void SetMachine(string? machine, string? memory)
    {
        if (memory is not null)
        {
            _memory = ParseSize(memory);
        }

        if (machine is null)
        {
            return;
        }

        using MachineFile file = MachineFile.Load(machine);
        if (file.Format == MachineFileFormat.AtagList)
        {
            throw new MachineException(
                $"{machine}: found an ATAG list, expected a device tree: QEMU makes the ATAGs itself");
        }

        File.WriteAllBytes(PathOf("machine.dtb"), file.Data.ToArray());
        _hasTree = true;
        if (memory is null)
        {
            _memory = MemoryOf(file, machine);
        }
    }

    /// <summary>Says what boots.</summary>
    /// <exception cref="MachineException">There is no such INITRD, or it does not fit beside the kernel.</exception>
    public void Insert(KernelImageFile image)
    {
        // QEMU puts it in the middle of RAM.
        if (InitrdPath is not null
            && !(File.Exists(InitrdPath) && (ulong)new FileInfo(InitrdPath).Length < _memory >> 1))
        {
            throw new MachineException($"--initrd {InitrdPath}: found no such file, or one larger than half of RAM");
        }

        _image = image;
    }

    /// <summary>Runs the board with its serial line at the terminal, until it goes off or Ctrl-C is pressed.</summary>
    public int RunAtTerminal()
    {
        // QEMU gets the Ctrl-C as well, and ends; what is left behind is tidied here.
        ConsoleCancelEventHandler stay = (_, pressed) => pressed.Cancel = true;
        Console.CancelKeyPress += stay;
        using Process process = Start(isRead: false);
        process.WaitForExit();
        Console.CancelKeyPress -= stay;
        CheckExit(process);
        return CommandLine.Success;
    }

    /// <summary>Runs the board until it goes off, or hangs.</summary>
    /// <param name="lineRead">Gets each line as it comes.</param>
    /// <returns>All that it printed; the last line says so if it hung.</returns>
    /// <exception cref="MachineException">QEMU fails.</exception>
    public string RunToEnd(Action<string> lineRead)
    {
        int patience = (Flags & KernelImageFlags.Test) != 0 ? SilenceOfTest : SilenceOfBoot;
        using Process process = Start(isRead: true);
        StringBuilder printed = new();
        while (true)
        {
            Task<string?> reading = process.StandardOutput.ReadLineAsync();
            bool isRead = reading.Wait(TimeSpan.FromSeconds(patience));
            if (!isRead)
            {
                process.Kill();
                process.WaitForExit();
            }

            string? line = isRead ? reading.Result
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"bootmem: the board hangs: nothing was printed for {patience} seconds");
            if (line is not null)
            {
                printed.Append(line).Append('\n');
                lineRead(line);
            }

            if (!isRead)
            {
                return printed.ToString();
            }

            if (line is null)
            {
                process.WaitForExit();
                CheckExit(process);
                return printed.ToString();
            }
        }
    }

    /// <summary>Gives the temporary files back.</summary>
    public void Dispose() => _folder.Delete(recursive: true);

    private void CheckExit(Process process)
    {
        if (process.ExitCode != 0)
        {
            throw new MachineException($"{Program} failed: {_complaints?.Result.Trim()}");
        }
    }

    private Process Start(bool isRead)
    {
        File.WriteAllBytes(PathOf("bootmem.img"), _image!.ToRun(Version, Flags, AppendedByKernel));
        ProcessStartInfo start = new(Program)
        {
            RedirectStandardOutput = isRead,
            RedirectStandardInput = isRead,
            RedirectStandardError = true,
        };

        // The board has a loudspeaker; nobody listens.
        start.Environment["QEMU_AUDIO_DRV"] = "none";
        foreach (string argument in Arguments())
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            // QEMU warns of what a small device tree does not have: shown only if it fails.
            Process process = Process.Start(start)!;
            _complaints = process.StandardError.ReadToEndAsync();
            return process;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new MachineException(
                $"found no {Program}, expected it: 'apt-get install {Program}' as root gets it", e);
        }
    }

    private List<string> Arguments()
    {
        string[] fixedPart =
        [
            "-machine", "vexpress-a9", "-nographic", "-monitor", "none", "-serial", "stdio",
            "-m", $"{_memory >> 20}M", "-kernel", PathOf("bootmem.img"),
        ];
        List<string> arguments = [.. fixedPart];
        if (_hasTree)
        {
            arguments.AddRange(["-dtb", PathOf("machine.dtb")]);
        }
        else if (Append.Length != 0)
        {
            arguments.AddRange(["-append", Append]);
        }

        if (InitrdPath is not null)
        {
            arguments.AddRange(["-initrd", InitrdPath]);
        }

        return arguments;
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static unsafe ulong MemoryOf(MachineFile file, string machine)
    {
        ulong end = RamStart;
        for (int i = 0; i < file.Info->BankCount; i++)
        {
            Bank bank = file.Info->Banks[i];
            if (bank.Start != end)
            {
                throw new MachineException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{machine}: found RAM at 0x{bank.Start:x}, expected it at 0x{end:x}: "
                        + $"the board's RAM is one piece"));
            }

            end += bank.Size;
        }

        return Check(end - RamStart, machine);
    }

    private static ulong ParseSize(string text)
    {
        int shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch { 'M' => 20, 'G' => 30, _ => 0 };
        bool isNumber = ulong.TryParse(
            text.AsSpan(0, text.Length - (shift == 0 ? 0 : 1)), NumberStyles.None, CultureInfo.InvariantCulture,
            out ulong size);
        size = isNumber && size <= MostRam >> shift ? size << shift : 0;
        return IsPossible(size) ? size
            : throw new MachineException($"--memory: found '{text}', expected 1M .. 1G in whole MiB");
    }

    private static ulong Check(ulong size, string place) => IsPossible(size) ? size
        : throw new MachineException(string.Create(
            CultureInfo.InvariantCulture, $"{place}: found {size} bytes of RAM, expected 1M .. 1G in whole MiB"));

    private static bool IsPossible(ulong size) => size is >= 1 << 20 and <= MostRam && (size & 0xf_ffff) == 0;
}
