using System;
using System.Collections.Generic;
using Bootmem.Boot;
using Bootmem.Lab.Logs;

namespace Bootmem.Lab.Replay;

/// <summary>
/// Boots the machine of a log, and holds what the log says against what that boot prints. Whatever the log does not
/// tell enough for is bounded, or left with the reason.
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
        if (log.Release is not null && !log.Kernel.IsModelled)
        {
            List<string> notes = Notes(log);
            notes.Add($"kernel {log.Release}: the figures of this kernel are not modelled (2.6.9 to 2.6.19 are); its "
                + $"map has {log.Map.Count + log.UserMap.Count} ranges and can be booted with another");
            return new ReplayResult(log, [], notes);
        }

        if (log.Release is null)
        {
            return BestRelease(log);
        }

        ReplayResult result = Boot(log, log.Kernel, default, []);
        return log.Kernel.IsBetween ? BestRules(log, result) : result;
    }

    // The beginning of the log is missing, and with it the kernel's name: the release that fits best.
    private static ReplayResult BestRelease(BootLog log)
    {
        ReplayResult? best = null;
        for (int level = KernelReleases.Last; level >= KernelReleases.First; level--)
        {
            ReplayResult result = Boot(
                log, KernelReleases.ModelOf(level), default,
                [$"the log does not name its kernel: 2.6.{level} is the one that it fits best"]);
            bool isBetter = best is null || result.Differing < best.Differing
                || (result.Differing == best.Differing && result.Matching > best.Matching);
            best = isBetter ? result : best;
        }

        return best!;
    }

    // A kernel between two releases may have rules of either, family by family. Its own release's are tried first, and
    // others hold only where they leave less that differs.
    private static ReplayResult BestRules(BootLog log, ReplayResult best)
    {
        FigureLevels levels = default;
        List<string> said = [];
        for (FigureFamily family = 0; family <= FigureFamily.Pci && best.Differing != 0; family++)
        {
            FigureLevels kept = levels;
            foreach (int level in (int[])[log.Kernel.Sublevel + 1, log.Kernel.Sublevel - 1])
            {
                FigureLevels tried = With(kept, family, level);
                List<string> notes = [.. said, $"{NameOf(family)}: the log fits the rules of 2.6.{level} better"];
                ReplayResult result = Boot(log, log.Kernel, tried, notes);
                if (result.Differing < best.Differing)
                {
                    (best, levels, said) = (result, tried, notes);
                }
            }
        }

        return best;
    }

    private static ReplayResult Boot(BootLog log, in KernelRelease kernel, FigureLevels levels, List<string> said)
    {
        List<string> notes = Notes(log);
        using NativeArena arena = new();
        MachineOptions options = ReplayMachine.OptionsOf(log, kernel, levels, notes);
        notes.AddRange(said);
        BootInfo info = default;
        LogMachine.Fill(log, ref info, arena, ReplayMachine.CommandLineOf(log), isUserMapUsed: true);
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
        return log.Release is null || !log.Kernel.IsModelled
            ? null
            : ReplayMachine.OptionsOf(log, log.Kernel, default, []);
    }

    private static List<string> Notes(BootLog log)
    {
        List<string> notes = [];
        if (log.LaterBoots != 0)
        {
            notes.Add($"{log.LaterBoots} later boots in this file are not looked at");
        }

        if (log.IsMapCut)
        {
            notes.Add("the log begins in the midst of its map: what goes with low memory cannot be predicted");
        }

        return notes;
    }

    private static FigureLevels With(FigureLevels levels, FigureFamily family, int level)
    {
        switch (family)
        {
            case FigureFamily.Batches:
                levels.Batches = level;
                break;
            case FigureFamily.Zones:
                levels.Zones = level;
                break;
            case FigureFamily.Tables:
                levels.Tables = level;
                break;
            default:
                levels.Pci = level;
                break;
        }

        return levels;
    }

    private static string NameOf(FigureFamily family) => family switch
    {
        FigureFamily.Batches => "batches",
        FigureFamily.Zones => "zones",
        FigureFamily.Tables => "hash tables",
        _ => "PCI resources",
    };

    private static void Check(BootLog log)
    {
        if (log.Release is null && (log.Figures.Count == 0 || log.Architecture == Architecture.Auto))
        {
            throw new MachineFileException(
                $"{log.Name}: found no kernel's boot, expected a line such as 'Linux version 2.6.12 …'");
        }

        if (log.Map.Count == 0 && log.UserMap.Count == 0 && log.Banks.Count == 0)
        {
            throw new MachineFileException(
                $"{log.Name}: found no memory map, expected lines such as 'BIOS-e820: … (usable)' or "
                + "'Memory: 64MB = 64MB total'");
        }

        if (log.Architecture == Architecture.Auto)
        {
            throw new MachineFileException(
                $"{log.Name}: found no sign of an architecture, expected a log of i386, x86-64 or ARM");
        }
    }

    // The fields of FigureLevels.
    private enum FigureFamily
    {
        Batches,
        Zones,
        Tables,
        Pci,
    }
}
