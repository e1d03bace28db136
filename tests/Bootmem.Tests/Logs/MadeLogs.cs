using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Logs;

namespace Bootmem.Tests.Logs;

/// <summary>Logs of machines that never were, as a kernel prints them: our own boot says them.</summary>
internal static class MadeLogs
{
    private static readonly CompositeFormat _banner =
        CompositeFormat.Parse("Linux version {0} (user@host) (gcc version 3.4.4) #1{1} Mon Aug 29 12:00:00 UTC 2005");

    /// <summary>The log of a random machine.</summary>
    public static List<string> Random(Random random)
    {
        int sublevel = random.Next(KernelReleases.First, KernelReleases.Last + 1);
        return random.Next(3) switch
        {
            0 => Arm(random, sublevel),
            1 => Pc(random, sublevel, Architecture.I386),
            _ => Pc(random, sublevel, Architecture.X86_64),
        };
    }

    /// <summary>A boot's log from what the firmware tells, in the words that a log has for it.</summary>
    /// <param name="release">The kernel's release.</param>
    /// <param name="firmware">Lines of a map, of nodes, of banks.</param>
    /// <param name="config">How the kernel is made.</param>
    /// <param name="commandLine">Its command line.</param>
    public static List<string> Boot(
        string release, IEnumerable<string> firmware, BootConfig config, string commandLine = "root=/dev/hda1 ro")
    {
        bool is64 = config.Architecture == Architecture.X86_64;
        KernelRelease kernel = KernelReleases.ModelOf(release, is64);
        config.Version = kernel.Version;
        config.Sublevel = kernel.Sublevel;
        config.HasInet = true;
        config.HasQuota = true;
        string[] told = [.. firmware];
        string banner = string.Format(CultureInfo.InvariantCulture, _banner, release, config.IsSmp ? " SMP" : "");
        byte[] map = Encoding.ASCII.GetBytes(string.Join('\n', [banner, .. told]));
        using MachineFile file = MachineFile.Read(map, "made");
        List<string> log = [.. told.Where(static line => !line.StartsWith("Memory:", StringComparison.Ordinal))];
        log.Insert(0, banner);
        log.Insert(1, "BIOS-provided physical RAM map:");
        if (is64)
        {
            log.Insert(0, $"Bootdata ok (command line is {commandLine})");
        }

        log.AddRange(Run(file, config, commandLine).SkipWhile(static line =>
            line.StartsWith("Linux", StringComparison.Ordinal) || line.Contains("BIOS", StringComparison.Ordinal)));
        return log;
    }

    private static unsafe List<string> Run(MachineFile file, BootConfig config, string commandLine)
    {
        BootInfo info = *file.Info;
        info.CommandLineLength = 0;
        MachineOptions options = new() { Config = config, IsLayoutOnly = true, AppendedCommandLine = commandLine };
        using MachineHost host = new(info, options);
        host.RunUntil(BootStep.Done);
        return [.. host.Log.Lines.Select(static line => line.Text)];
    }

    private static List<string> Pc(Random random, int sublevel, Architecture architecture)
    {
        bool is64 = architecture == Architecture.X86_64;
        BootConfig config = BootConfig.Default with
        {
            Architecture = architecture,
            CpuCount = random.Next(2) == 0 ? 1 : 8,
            HasHighMem = random.Next(3) != 0,
            HasPae = random.Next(2) == 0,
            IsNuma = is64 && random.Next(2) == 0,
        };
        config.HasPae &= config.HasHighMem;
        ulong low = (ulong)random.Next(64, 3500) << 20;
        ulong odd = (ulong)random.Next(0, 64) << 10;
        List<string> lines = [Range(0, 0x9fc00, "usable"), Range(0x9fc00, 0xa0000, "reserved")];
        if (random.Next(4) == 0)
        {
            lines = [Range(0, 0xa0000, "usable")];
        }

        lines.Add(Range(0x100000, low - odd, "usable"));
        lines.Add(Range(low - odd, low, random.Next(2) == 0 ? "ACPI data" : "ACPI NVS"));
        ulong end = low - odd;
        bool isAbove = random.Next(3) == 0;
        if (isAbove)
        {
            end = (4UL << 30) + ((ulong)random.Next(1, 8192) << 20);
            lines.Add(Range(4UL << 30, end, "usable"));
        }

        string commandLine = random.Next(4) switch
        {
            0 => $"root=/dev/hda1 mem={random.Next(40, (int)(low >> 20))}M",
            1 when config.IsNuma && !isAbove => $"ro numa=fake={random.Next(2, 5)}",
            _ => "root=/dev/hda1 ro console=tty0",
        };
        if (config.IsNuma && random.Next(2) == 0)
        {
            ulong middle = (low / 2) & ~0xffffffUL;
            ulong last = sublevel >= 15 ? 0UL : 1;
            ulong top = (end + 0xffffff) & ~0xffffffUL;
            lines.Add($"SRAT: Node 0 PXM 0 0-{middle - last:x}");
            lines.Add($"SRAT: Node 1 PXM 1 {middle:x}-{top - last:x}");
        }

        return Boot(Release(random, sublevel), lines, config, commandLine);
    }

    private static List<string> Arm(Random random, int sublevel)
    {
        int count = random.Next(1, 5);
        List<int> banks = [random.Next(8, 129)];
        while (banks.Count < count)
        {
            banks.Add(random.Next(3) == 0 ? 0 : random.Next(1, 65));
        }

        string line = $"Memory:{string.Concat(banks.Select(static bank => $" {bank}MB"))} = {banks.Sum()}MB total";
        BootConfig config = BootConfig.Default with { Architecture = Architecture.Arm };
        List<string> log = Boot(Release(random, sublevel), [line], config, "console=ttyS0 root=/dev/ram0");
        log.RemoveAll(static one => one.StartsWith("BIOS-provided", StringComparison.Ordinal));
        log.Insert(1, "CPU: ARM926EJ-S [41069265] revision 5 (ARMv5TEJ)");
        return log;
    }

    private static string Release(Random random, int sublevel) =>
        $"2.6.{sublevel}" + ((string[])["", "", ".1", "-1-686", "=local", "-rc7"])[random.Next(6)];

    private static string Range(ulong start, ulong end, string type) =>
        string.Create(CultureInfo.InvariantCulture, $" BIOS-e820: {start:x16} - {end:x16} ({type})");
}
