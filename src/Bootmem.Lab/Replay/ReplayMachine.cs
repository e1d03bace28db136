using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Bootmem.Boot;
using Bootmem.Lab.Logs;

namespace Bootmem.Lab.Replay;

/// <summary>
/// The machine and the configuration that a log tells of, as far as it does, and what was inferred. Nothing is taken from a
/// figure that is then predicted, but for the size of a bucket, which is bytes over entries.
/// </summary>
internal static partial class ReplayMachine
{
    private const int SmpCpus = 8;
    private const ulong HeadOfArm = 0x8000;
    private const ulong ReadOnlyData = 128 << 10;
    private const ulong Bss = 512 << 10;
    private const long MostBucket = 64;
    private const ulong Pages4GiB = 1 << 20;

    /// <summary>How the machine of a log is to be booted.</summary>
    /// <param name="log">The log.</param>
    /// <param name="kernel">By which release's rules.</param>
    /// <param name="levels">Families of figures that follow another release's rules.</param>
    /// <param name="notes">Takes what was inferred.</param>
    public static MachineOptions OptionsOf(
        BootLog log, in KernelRelease kernel, FigureLevels levels, List<string> notes)
    {
        BootConfig config = BootConfig.Default;
        config.Architecture = log.Architecture;
        config.Version = kernel.Version;
        config.Sublevel = kernel.Sublevel;
        config.FigureLevels = levels;
        if (new FigureRules(config).HasDma32 && config.Version < KernelVersion.V2_6_15)
        {
            // The zone came with a release whose bootmem is another one, too.
            config.Version = KernelVersion.V2_6_15;
        }

        config.CpuCount = log.IsSmp ? SmpCpus : 1;
        config.IsNuma = log.Architecture == Architecture.X86_64 && log.IsNuma;
        config.HasInet = true;
        config.HasQuota = true;
        notes.Add($"kernel {log.Release ?? "unknown"}: bootmem of {Configuration.NameOf(config.Version)}, figures of 2.6.{kernel.Sublevel}, "
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

        if (ArmBanks.BankGap(log) is var gap && gap != 0)
        {
            notes.Add($"{gap >> 20} MB lie between the first two banks: the total of pages says so");
        }

        return new MachineOptions { Config = config, IsLayoutOnly = true, Image = ImageOf(log) };
    }

    /// <summary>
    /// The command line that the machine gets: without what has changed the map already, where the changed map is in
    /// the log; and without what is no figure's matter.
    /// </summary>
    public static string CommandLineOf(BootLog log) =>
        string.Join(' ', log.CommandLine.Split(' ').Where(word => !IsLeftOut(log, word)));

    private static bool IsLeftOut(BootLog log, string word)
    {
        bool isArm = log.Architecture == Architecture.Arm;

        // x86-64 keeps its map, and only remembers where memory is to end.
        bool isApplied = isArm || (log.UserMap.Count != 0 && log.Architecture == Architecture.I386);
        return Is(word, "hashdist=")
            || (isApplied && Is(word, "mem="))
            || (Is(word, "memmap=") && (isArm || log.UserMap.Count != 0))
            || (isArm && Is(word, "initrd=") && !InitrdWord().IsMatch(word))
            || (isArm && NumberOption().IsMatch(word) && !NumberWord().IsMatch(word));
    }

    private static bool Is(string word, string option) => word.StartsWith(option, StringComparison.Ordinal);

    /// <summary>KB that <c>crashkernel=SIZE@START</c> keeps; 0 if it is not there.</summary>
    public static long CrashKernelOf(string commandLine)
    {
        Match match = CrashKernel().Match(commandLine);
        return match.Success ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) << 10 : 0;
    }

    private static void ChooseHighMemory(BootLog log, ref BootConfig config, List<string> notes)
    {
        if (log.Architecture != Architecture.I386)
        {
            return;
        }

        config.HasHighMem = log.Value("HIGHMEM, MB") is not null || log.Value("Memory highmem, KB") > 0;
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

    [GeneratedRegex("""(?:^| )crashkernel=(\d{1,4})M""")]
    private static partial Regex CrashKernel();

    [GeneratedRegex("""^initrd=(?:0x[0-9a-fA-F]{1,8}|\d{1,10})[kKmMgG]?,(?:0x[0-9a-fA-F]{1,8}|\d{1,10})[kKmMgG]?$""")]
    private static partial Regex InitrdWord();

    [GeneratedRegex("""^(?:highmem|[di]hash_entries)=""")]
    private static partial Regex NumberOption();

    [GeneratedRegex("""=(?:0x[0-9a-fA-F]{1,8}|\d{1,9})[kKmMgG]?$""")]
    private static partial Regex NumberWord();

    // No kernel has more than 64 MB of anything.
    private static ulong Kilobytes(BootLog log, string name) =>
        log.Value(name) is { } value and > 0 and < 65536 ? (ulong)value << 10 : 0;
}
