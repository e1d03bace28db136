using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab.Logs;

/// <summary>
/// The banks of an ARM board: a log prints their sizes in MB; its command line and its figures tell more about them.
/// </summary>
internal static class ArmBanks
{
    private const int Megabyte = 20;
    private const int PageShift = 12;
    private const int PagesToMegabyte = Megabyte - PageShift;

    // RAM of ARM boards begins at many places; a log seldom says where. A boot loader's initrd= gives it away.
    private const ulong BankMask = 0x0fff_ffff;

    /// <summary>The banks with their nodes, in the log's order.</summary>
    /// <param name="log">A log of ARM.</param>
    public static List<Bank> Of(BootLog log)
    {
        List<Bank> told = Told(log);
        bool isTold = IsTold(log, told);
        List<Bank> banks = [];
        ulong next = FirstBank(log.CommandLine);
        for (int i = 0; i < log.Banks.Count; i++)
        {
            ulong size = isTold ? told[i].Size : (ulong)log.Banks[i] << Megabyte;
            ulong start = isTold && told[i].Start != ulong.MaxValue ? told[i].Start : next;
            banks.Add(new Bank { Start = start, Size = size });
            next = start + size + (i == 0 ? BankGap(log) : 0);
        }

        if (!isTold)
        {
            AddRest(log, banks);
        }

        SetNodes(log, banks);
        return banks;
    }

    // What mem= says, one bank an option; the start is all ones where it says none.
    private static List<Bank> Told(BootLog log)
    {
        List<Bank> told = [];
        CommandLine line = new(Encoding.Latin1.GetBytes(log.CommandLine));
        BootError error = default;
        while (line.Next(ref error))
        {
            if (line.Option == BootOption.Mem)
            {
                told.Add(new Bank { Start = line.HasSecond ? line.Second : ulong.MaxValue, Size = line.First });
            }
        }

        return told;
    }

    private static bool IsTold(BootLog log, List<Bank> told) =>
        told.Count == log.Banks.Count
        && told.Zip(log.Banks).All(static pair => pair.First.Size >> Megabyte == (ulong)pair.Second);

    private static bool TellsPlaces(BootLog log)
    {
        List<Bank> told = Told(log);
        return IsTold(log, told) && told.TrueForAll(static bank => bank.Start != ulong.MaxValue);
    }

    // A size in MB is rounded down. Where all figures of pages agree on more, the last bank has it.
    private static void AddRest(BootLog log, List<Bank> banks)
    {
        long sum = log.Banks.Sum() << PagesToMegabyte;
        long printed = log.Value("node 0 totalpages") ?? sum;
        long zones = 0;
        foreach (string zone in (string[])["DMA", "Normal", "HighMem"])
        {
            zones += log.Value($"node 0 {zone} pages") ?? 0;
        }

        int last = banks.FindLastIndex(static bank => bank.Size != 0);
        if (last >= 0 && zones == printed && printed > sum && printed - sum < (long)banks.Count << PagesToMegabyte)
        {
            Bank bank = banks[last];
            bank.Size += (ulong)(printed - sum) << PageShift;
            banks[last] = bank;
        }
    }

    // Where a kernel has several nodes, each has the banks that make its pages.
    private static void SetNodes(BootLog log, List<Bank> banks)
    {
        int node = 0;
        long left = log.Value("node 1 totalpages") is null ? long.MaxValue : log.Value("node 0 totalpages") ?? 0;
        for (int i = 0; i < banks.Count; i++)
        {
            if (left <= 0 && log.Value($"node {node + 1} totalpages") is { } pages)
            {
                node++;
                left = pages;
            }

            Bank bank = banks[i];
            bank.Node = node;
            bank.NumaId = node;
            banks[i] = bank;
            left -= (long)(bank.Size >> PageShift);
        }
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

    /// <summary>
    /// How many bytes lie between the first bank and the second. From 2.6.19 the sum of pages is printed without the
    /// memory map, whose size gives away from where to where the banks reach. 0 where that says nothing.
    /// </summary>
    public static ulong BankGap(BootLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        bool maySay = log.Kernel.Sublevel >= 19 && log.Banks.Count >= 2 && !TellsPlaces(log);
        if (!maySay || log.Value("total pages") is not { } total)
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
