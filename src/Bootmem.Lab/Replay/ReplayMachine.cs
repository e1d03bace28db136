using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab.Logs;

namespace Bootmem.Lab.Replay;

/// <summary>
/// The machine and the configuration that a log tells of, as far as it does, and what was inferred. Nothing is taken from a
/// figure that is then predicted, but for the size of a bucket, which is bytes over entries.
/// </summary>
internal static class ReplayMachine
{
    private const int SmpCpus = 8;
    private const ulong HeadOfArm = 0x8000;
    private const ulong ReadOnlyData = 128 << 10;
    private const ulong Bss = 512 << 10;
    private const long MostBucket = 64;
    private const ulong Pages4GiB = 1 << 20;

    /// <summary>How the machine of a log is to be booted.</summary>
    public static MachineOptions OptionsOf(BootLog log, List<string> notes)
    {
        BootConfig config = BootConfig.Default;
        config.Architecture = log.Architecture;
        config.Version = log.Kernel.Version;
        config.Sublevel = log.Kernel.Sublevel;
        config.CpuCount = log.IsSmp ? SmpCpus : 1;
        config.IsNuma = log.Architecture == Architecture.X86_64 && log.IsNuma;
        config.HasInet = true;
        config.HasQuota = true;
        notes.Add($"kernel {log.Release}: bootmem of {Configuration.NameOf(log.Kernel.Version)}, figures of 2.6.{log.Kernel.Sublevel}, "
            + $"{Encoding.ASCII.GetString(Architectures.Name(log.Architecture))}");
        if (log.IsSmp)
        {
            notes.Add("SMP=y: the version says so");
        }

        if (config.IsNuma)
        {
            notes.Add("NUMA=y: nodes are set up");
        }

        ChooseHighMemory(log, ref config, notes);
        config.RouteBucket = Bucket(log, "IP route cache", notes);
        config.TcpBucket = Bucket(log, "TCP established", notes);
        config.TcpBindBucket = Bucket(log, "TCP bind", notes);
        if (log.Value("IP routing cache buckets") is { } buckets && log.Value("IP routing cache, KB") is { } kilobytes)
        {
            config.RouteBucket = Bucket("IP routing cache", buckets, kilobytes << 10, notes);
        }

        if (LogMachine.BankGap(log) is var gap && gap != 0)
        {
            notes.Add($"{gap >> 20} MB lie between the first two banks: the total of pages says so");
        }

        return new MachineOptions { Config = config, IsLayoutOnly = true, Image = ImageOf(log) };
    }

    /// <summary>
    /// The command line that the machine gets: without what has changed the map already, where only the changed map is in
    /// the log.
    /// </summary>
    public static string CommandLineOf(BootLog log)
    {
        bool isApplied = log.Architecture == Architecture.Arm || log.Map.Count == 0;
        return isApplied
            ? string.Join(' ', log.CommandLine.Split(' ').Where(word =>
                !word.StartsWith("mem=", StringComparison.Ordinal) && !word.StartsWith("memmap=", StringComparison.Ordinal)))
            : log.CommandLine;
    }

    private static void ChooseHighMemory(BootLog log, ref BootConfig config, List<string> notes)
    {
        if (log.Architecture != Architecture.I386)
        {
            return;
        }

        config.HasHighMem = log.Value("HIGHMEM, MB") is not null;
        notes.Add(config.HasHighMem ? "HIGHMEM=y: the log tells of high memory" : "HIGHMEM=n: the log tells of no high memory");
        bool reachesBeyond = log.Map.Concat(log.UserMap)
            .Any(range => range.Type == MapRangeType.Usable && range.End >> 12 > Pages4GiB);
        config.HasPae = config.HasHighMem && reachesBeyond && log.Value("memory used, MB") is null;
        if (config.HasPae)
        {
            notes.Add("X86_PAE=y: there is memory beyond 4 GB, and no warning about it");
        }
    }

    private static ulong Bucket(BootLog log, string table, List<string> notes) =>
        log.Value($"{table} entries") is { } entries && log.Value($"{table} bytes") is { } bytes
            ? Bucket(table, entries, bytes, notes) : 0;

    // A bucket is some pointers and a lock. What is no such size is no bucket, and the figure will differ.
    private static ulong Bucket(string table, long entries, long bytes, List<string> notes)
    {
        bool isBucket = entries > 0 && bytes % entries == 0 && bytes / entries is >= 4 and <= MostBucket && bytes / entries % 4 == 0;
        if (!isBucket)
        {
            return 0;
        }

        notes.Add(string.Create(CultureInfo.InvariantCulture, $"a bucket of {table} has {bytes / entries} bytes: bytes over entries"));
        return (ulong)(bytes / entries);
    }

    // Where the sections lie does not matter for any figure that is predicted.
    private static KernelImage ImageOf(BootLog log)
    {
        ulong text = Kilobytes(log, "Memory code, KB");
        ulong data = Kilobytes(log, "Memory data, KB");
        ulong init = Kilobytes(log, "Memory init, KB");
        if (text == 0)
        {
            return default;
        }

        bool isArm = log.Architecture == Architecture.Arm;
        ulong start = log.Architecture switch
        {
            Architecture.X86_64 => 0xffff_8100_0010_0000,
            Architecture.I386 => 0xc010_0000,
            _ => 0xc000_0000 + HeadOfArm,
        };
        return new KernelImage
        {
            All = new ImageRange { Start = start, Size = text + data + init + (isArm ? ReadOnlyData : Bss) },
            Text = new ImageRange { Start = start, Size = text },
            Data = new ImageRange { Start = start + text, Size = data },
            Init = new ImageRange { Start = (start + text + data + 0xfff) & ~0xfffUL, Size = init },
        };
    }

    // No kernel has more than 64 MB of anything.
    private static ulong Kilobytes(BootLog log, string name) =>
        log.Value(name) is { } value and > 0 and < 65536 ? (ulong)value << 10 : 0;
}
