using System;
using Bootmem.Boot;
using Bootmem.Lab.Checks;

namespace Bootmem.Lab.Logs;

/// <summary>A memory map as text, as a machine to be booted.</summary>
internal static unsafe class MapText
{
    // The map stands near the beginning, behind what the boot loader prints.
    private const int LookedAt = 1 << 16;

    /// <summary>Whether a file is a memory map, or a log that has one.</summary>
    /// <param name="bytes">The file.</param>
    public static bool LooksLike(ReadOnlySpan<byte> bytes)
    {
        if (bytes[..Math.Min(bytes.Length, LookedAt)].Contains((byte)0))
        {
            return false;
        }

        LogFigures figures = new();
        foreach (string line in LogLines.Read(bytes[..Math.Min(bytes.Length, LookedAt)]))
        {
            if (line.StartsWith("/dts-v1/", StringComparison.Ordinal))
            {
                return false;
            }

            _ = figures.TryRead(line, 1);
            if (figures.Banks.Count != 0 || MapLine.TryParse(line, out _))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads it.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">The name that errors show.</param>
    /// <param name="info">What the firmware told.</param>
    /// <param name="arena">Where its arrays live.</param>
    /// <returns>Where a running kernel lies, if the text tells.</returns>
    /// <exception cref="MachineFileException">Something in it is wrong.</exception>
    public static ByteRange? Read(ReadOnlySpan<byte> bytes, string name, ref BootInfo info, NativeArena arena)
    {
        BootLog log = BootLogReader.Read(bytes, name);
        bool hasRam = log.Banks.Count != 0 || (log.Map.Count == 0 ? log.UserMap : log.Map)
            .Exists(range => range.Type == MapRangeType.Usable && range.End > 0x1000);
        if (!hasRam)
        {
            throw new MachineFileException(
                $"{name}: found no usable memory, expected at least one range of it (/proc/iomem shows addresses to root only)");
        }

        LogMachine.Fill(log, ref info, arena, log.CommandLine);
        return log.KernelEnd != 0 ? new ByteRange(log.KernelStart, log.KernelEnd) : null;
    }
}
