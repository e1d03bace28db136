using System;
using System.Collections.Generic;
using Bootmem.Boot;
using Bootmem.Lab.Logs;

namespace Bootmem.Lab.Replay;

/// <summary>
/// Boots the machine of a log, and holds what the log says against what that boot prints. Whatever the log does not tell
/// enough for is bounded, or left with the reason.
/// </summary>
public static unsafe class LogReplay
{
    /// <summary>Replays a log.</summary>
    /// <param name="log">The log.</param>
    /// <exception cref="MachineFileException">It is no log of a boot, or has no memory map.</exception>
    /// <exception cref="MachineException">The machine that it tells of cannot be booted.</exception>
    public static ReplayResult Run(BootLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        Check(log);
        List<string> notes = [];
        if (log.LaterBoots != 0)
        {
            notes.Add($"{log.LaterBoots} later boots in this file are not looked at");
        }

        if (!log.Kernel.IsModelled)
        {
            notes.Add($"kernel {log.Release}: the figures of this kernel are not modelled (2.6.9 to 2.6.19 are); its map has "
                + $"{log.Map.Count + log.UserMap.Count} ranges and can be booted with another");
            return new ReplayResult(log, [], notes);
        }

        using NativeArena arena = new();
        MachineOptions options = ReplayMachine.OptionsOf(log, notes);
        BootInfo info = default;
        LogMachine.Fill(log, ref info, arena, ReplayMachine.CommandLineOf(log));
        try
        {
            using MachineHost host = new(info, options);
            host.RunUntil(BootStep.Done);
            return new ReplayResult(log, new ReplayComparison(log, host).Rows(), notes);
        }
        catch (Exception e) when (e is BootmemException or MachineException or HostMemoryException)
        {
            throw new MachineException($"{log.Name}: the machine that it tells of cannot be booted: {e.Message}", e);
        }
    }

    /// <summary>How the machine of a log is to be booted: the kernel and the macros that the log shows; null if its
    /// kernel is not modelled, or if it is a memory map and no log.</summary>
    /// <param name="log">The log.</param>
    public static MachineOptions? OptionsOf(BootLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        return log.Release is null || !log.Kernel.IsModelled ? null : ReplayMachine.OptionsOf(log, []);
    }

    private static void Check(BootLog log)
    {
        if (log.Release is null)
        {
            throw new MachineFileException(
                $"{log.Name}: found no kernel's boot, expected a line such as 'Linux version 2.6.12 …'");
        }

        if (log.Map.Count == 0 && log.UserMap.Count == 0 && log.Banks.Count == 0)
        {
            throw new MachineFileException(
                $"{log.Name}: found no memory map, expected lines such as 'BIOS-e820: … (usable)' or 'Memory: 64MB = 64MB total'");
        }

        if (log.Architecture == Architecture.Auto)
        {
            throw new MachineFileException($"{log.Name}: found no sign of an architecture, expected a log of i386, x86-64 or ARM");
        }
    }
}
