using System;
using System.Runtime.InteropServices;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab.Logs;

/// <summary>The machine that a log tells of, as the firmware would tell it to a kernel.</summary>
internal static unsafe class LogMachine
{
    private const int Megabyte = 20;

    // RAM of ARM boards begins at many places; a log seldom says where. A boot loader's initrd= gives it away.
    private const ulong BankMask = 0x0fff_ffff;

    /// <summary>Fills what the firmware told.</summary>
    /// <param name="log">A log with a map or banks.</param>
    /// <param name="info">What is filled; its arrays are taken from the arena.</param>
    /// <param name="arena">Where the arrays live.</param>
    /// <param name="commandLine">The command line.</param>
    public static void Fill(BootLog log, ref BootInfo info, NativeArena arena, string commandLine)
    {
        bool hasMap = log.Map.Count != 0;
        Span<MapRange> map = CollectionsMarshal.AsSpan(hasMap ? log.Map : log.UserMap);
        info.MapRangeCapacity = map.Length;
        info.MapRangeCount = map.Length;
        info.MapRanges = arena.Take<MapRange>(Math.Max(map.Length, 1));
        map.CopyTo(new Span<MapRange>(info.MapRanges, map.Length));
        info.NodeRangeCapacity = log.Nodes.Count;
        info.NodeRangeCount = log.Nodes.Count;
        info.NodeRanges = arena.Take<NodeRange>(Math.Max(log.Nodes.Count, 1));
        CollectionsMarshal.AsSpan(log.Nodes)
            .CopyTo(new Span<NodeRange>(info.NodeRanges, log.Nodes.Count));
        info.Pc = log.Pc;
        info.InitrdStart = log.InitrdStart;
        info.InitrdSize = log.InitrdSize;
        byte[] line = Encoding.Latin1.GetBytes(commandLine);
        info.CommandLine = arena.Copy(line);
        info.CommandLineLength = line.Length;
        int banks = Math.Max(map.Length, log.Banks.Count);
        info.Banks = arena.Take<Bank>(Math.Max(banks, 1));
        info.BankCapacity = banks;
        AddBanks(log, ref info, map);
        info.NodeCount = 1;
    }

    /// <summary>Where the banks of an ARM board begin, as far as its command line tells.</summary>
    public static ulong FirstBank(string commandLine)
    {
        const string Option = "initrd=0x";
        int at = commandLine.IndexOf(Option, StringComparison.Ordinal);
        int start = at + Option.Length;
        int end = start;
        while (at >= 0 && end < commandLine.Length && end - start < 8 && char.IsAsciiHexDigit(commandLine[end]))
        {
            end++;
        }

        return at < 0 || end == start ? 0 : Convert.ToUInt64(commandLine[start..end], 16) & ~BankMask;
    }

    // RAM of a PC's map, for a kernel that knows banks only; or the banks that ARM prints.
    private static void AddBanks(BootLog log, ref BootInfo info, ReadOnlySpan<MapRange> map)
    {
        foreach (MapRange range in map)
        {
            if (range.Type == MapRangeType.Usable)
            {
                info.Banks[info.BankCount++] = new Bank { Start = range.Start, Size = range.End - range.Start };
            }
        }

        if (map.Length != 0)
        {
            return;
        }

        ulong start = FirstBank(log.CommandLine);
        for (int i = 0; i < log.Banks.Count; i++)
        {
            ulong size = (ulong)log.Banks[i] << Megabyte;
            info.Banks[info.BankCount++] = new Bank { Start = start, Size = size };
            start += size;
            start += i == 0 ? BankGap(log) : 0;
        }
    }

    /// <summary>
    /// How many bytes lie between the first bank and the second. From 2.6.19 the sum of pages is printed without the memory
    /// map, whose size gives away from where to where the banks reach. 0 where that says nothing.
    /// </summary>
    public static ulong BankGap(BootLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (log.Value("total pages") is not { } total || log.Kernel.Sublevel < 19 || log.Banks.Count < 2)
        {
            return 0;
        }

        // An entry of the memory map takes 32 bytes: a page of it describes 128 pages.
        ulong pages = 0;
        foreach (long bank in log.Banks)
        {
            pages += (ulong)bank << (Megabyte - 12);
        }

        ulong spanned = (pages - (ulong)total) << 7;
        bool isPossible = (ulong)total < pages && spanned > pages && spanned < 1UL << Megabyte;
        return isPossible ? (spanned - pages) << 12 : 0;
    }
}
