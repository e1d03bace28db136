using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab.Logs;

/// <summary>The machine that a log tells of, as the firmware would tell it to a kernel.</summary>
internal static unsafe class LogMachine
{
    /// <summary>Fills what the firmware told.</summary>
    /// <param name="log">A log with a map or banks.</param>
    /// <param name="info">What is filled; its arrays are taken from the arena.</param>
    /// <param name="arena">Where the arrays live.</param>
    /// <param name="commandLine">The command line.</param>
    /// <param name="isUserMapUsed">Whether the map that the command line made replaces the firmware's.</param>
    public static void Fill(
        BootLog log, ref BootInfo info, NativeArena arena, string commandLine, bool isUserMapUsed = false)
    {
        bool isUserMap = log.Map.Count == 0 || (isUserMapUsed && log.UserMap.Count != 0);
        Span<MapRange> map = CollectionsMarshal.AsSpan(isUserMap ? log.UserMap : log.Map);
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
        info.NodeCount = Math.Max(info.NodeCount, 1);
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

        List<Bank> banks = ArmBanks.Of(log);
        foreach (Bank bank in banks)
        {
            info.Banks[info.BankCount++] = bank;
            info.NodeCount = Math.Max(info.NodeCount, bank.Node + 1);
        }
    }
}
