using System;
using System.Globalization;
using System.IO;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Cli;

/// <summary>One machine in two worlds: what bare metal prints against what a boot in this process prints.</summary>
internal static class QemuComparison
{
    private const string TagsStart = "tags at 0x";

    /// <summary>Boots both, compares, and says where they first differ.</summary>
    public static int Run(QemuBoard board, KernelImageFile image, TextWriter output)
    {
        board.Flags |= KernelImageFlags.PowerOff | KernelImageFlags.ShowTags | KernelImageFlags.Checksums;
        string metal = board.RunToEnd(_ => { });
        byte[] tags = TakeTags(ref metal);
        return Compare(metal, Boot(board, image, tags), tags.Length, output);
    }

    /// <summary>Compares what the two printed.</summary>
    /// <param name="metal">What bare metal printed.</param>
    /// <param name="hosted">What the boot in this process printed.</param>
    /// <param name="tagBytes">How many bytes the boot loader had left.</param>
    /// <param name="output">Where to say how they compare.</param>
    /// <returns>The exit code.</returns>
    public static int Compare(string metal, string hosted, int tagBytes, TextWriter output)
    {
        if (metal == hosted)
        {
            int files = metal.Split("\n/proc/").Length - 1;
            int checksums = metal.Split(": CRC-32 ").Length - 1;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"same: {metal.Length} bytes: log, {files} files of /proc, {checksums} checksums of bitmaps; "
                    + $"{tagBytes} bytes from the boot loader"));
            return CommandLine.Success;
        }

        string[] left = metal.Split('\n');
        string[] right = hosted.Split('\n');
        int line = 0;
        while (line < left.Length && line < right.Length && left[line] == right[line])
        {
            line++;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"differ in line {line + 1}"));
        output.WriteLine("bare metal: " + Terminal.Clean(line < left.Length ? left[line] : "(the end)"));
        output.WriteLine("here:       " + Terminal.Clean(line < right.Length ? right[line] : "(the end)"));
        return CommandLine.Differs;
    }

    // The first two lines are what the boot loader left: where, and its bytes.
    private static byte[] TakeTags(ref string metal)
    {
        int first = metal.IndexOf('\n', StringComparison.Ordinal);
        int second = first < 0 ? -1 : metal.IndexOf('\n', first + 1);
        if (second < 0 || !metal.StartsWith(TagsStart, StringComparison.Ordinal))
        {
            throw new MachineException("the board did not say what the boot loader left");
        }

        byte[] tags = Convert.FromHexString(metal.AsSpan(first + 1, second - first - 1));
        metal = metal[(second + 1)..];
        return tags;
    }

    private static string Boot(QemuBoard board, KernelImageFile image, byte[] tags)
    {
        MachineOptions options = new()
        {
            Config = BootConfig.Default with { Version = board.Version },
            AppendedCommandLine = board.AppendedByKernel,
            Image = image.Ranges,
            SaysChecksums = true,
        };
        if ((board.Flags & KernelImageFlags.Initcalls) != 0)
        {
            foreach (BuiltInInitcall initcall in BuiltInInitcalls.All)
            {
                options.Initcalls.Add(initcall.Name);
            }
        }

        using MachineHost host = MachineHost.Own(MachineFile.Read(tags, "what the boot loader left"), options);
        StringBuilder text = new();
        host.Log.LineWritten = line => text.Append(line.Text).Append('\n');
        try
        {
            host.RunUntil(BootStep.Done);
        }
        catch (Exception e) when (e is MachineException or BootmemException)
        {
            // Bare metal says the same, and halts.
            return text.Append("bootmem: ").Append(e.Message).Append('\n').ToString();
        }

        foreach (string name in ProcFile.Names)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n/proc/{name}:\n").Append(ProcFile.Read(host, name));
        }

        return text.ToString();
    }
}
