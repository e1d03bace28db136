using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Bootmem.Lab.Logs;

/// <summary>Finds the figures of a log, line by line. Each is taken once: the first time that it is printed.</summary>
internal sealed partial class LogFigures
{
    private readonly HashSet<string> _seen = [];
    private string _node = "0";

    /// <summary>What was found so far.</summary>
    public List<LogFigure> Found { get; } = [];

    /// <summary>The size of each bank that ARM prints, in MB.</summary>
    public List<long> Banks { get; } = [];

    /// <summary>Whether a line begins like one that has figures; it may go on in the next one.</summary>
    /// <param name="text">A line without what is not the kernel's.</param>
    public static bool BeginsLikeOne(string text) => Start().IsMatch(text);

    /// <summary>Takes the figures of a line.</summary>
    /// <param name="text">A line without what is not the kernel's.</param>
    /// <param name="line">Its number, from 1.</param>
    /// <returns>Whether there were any.</returns>
    public bool TryRead(string text, int line) =>
        Simple(text, line) || Zones(text, line) || HashTable(text, line) || Memory(text, line) || Nodes(text, line);

    private bool Simple(string text, int line)
    {
        if (Low().Match(text) is { Success: true } low)
        {
            return Add($"{low.Groups[2].Value}, MB", low.Groups[1], line);
        }

        if (Warning().Match(text) is { Success: true } warning)
        {
            long value = Number(warning.Groups[1].Value, 10);
            return Add("memory used, MB", warning.Groups[2].Value == "GB" ? value << 10 : value, line);
        }

        if (Pci().Match(text) is { Success: true } pci)
        {
            return Add("PCI resources start", Number(pci.Groups[1].Value, 16), line)
                && Add("PCI gap start", Number(pci.Groups[2].Value, 16), line)
                && Add("PCI gap size", Number(pci.Groups[3].Value, 16), line);
        }

        if (Built().Match(text) is { Success: true } built)
        {
            return Add("zonelists", built.Groups[1], line)
                && (!built.Groups[2].Success || Add("total pages", built.Groups[2], line));
        }

        Match freed = Freed().Match(text);
        return freed.Success && Add(freed.Groups[1].Value == "initrd" ? "initrd freed, KB" : "init freed, KB", freed.Groups[2], line);
    }

    private bool Zones(string text, int line)
    {
        if (TotalPages().Match(text) is { Success: true } total)
        {
            _node = total.Groups[1].Value;
            return Add($"node {_node} totalpages", total.Groups[2], line);
        }

        Match zone = Zone().Match(text);
        return zone.Success && Add($"node {_node} {zone.Groups[1].Value} pages", zone.Groups[2], line)
            && Add($"node {_node} {zone.Groups[1].Value} batch", zone.Groups[3], line);
    }

    private bool HashTable(string text, int line)
    {
        if (Hash().Match(text) is { Success: true } hash)
        {
            string name = hash.Groups[1].Value;
            return Add($"{name} entries", hash.Groups[2], line)
                && (!hash.Groups[3].Success
                    || (Add($"{name} order", hash.Groups[3], line) && Add($"{name} bytes", hash.Groups[4], line)));
        }

        if (Routes().Match(text) is { Success: true } routes)
        {
            return Add("IP routing cache buckets", routes.Groups[1], line) && Add("IP routing cache, KB", routes.Groups[2], line);
        }

        Match tcp = Tcp().Match(text);
        return tcp.Success && Add("TCP configured established", tcp.Groups[1], line)
            && Add("TCP configured bind", tcp.Groups[2], line);
    }

    private bool Memory(string text, int line)
    {
        if (PcMemory().Match(text) is { Success: true } pc)
        {
            return Add("Memory available, KB", pc.Groups[1], line) && Add("Memory total, KB", pc.Groups[2], line)
                && Add("Memory code, KB", pc.Groups[3], line) && Add("Memory reserved, KB", pc.Groups[4], line)
                && Add("Memory data, KB", pc.Groups[5], line) && Add("Memory init, KB", pc.Groups[6], line)
                && (!pc.Groups[7].Success || Add("Memory highmem, KB", pc.Groups[7], line));
        }

        if (ArmBanks().Match(text) is { Success: true } banks)
        {
            if (Banks.Count == 0)
            {
                foreach (Capture bank in banks.Groups[1].Captures)
                {
                    Banks.Add(Number(bank.Value, 10));
                }
            }

            return Add("RAM total, MB", banks.Groups[2], line);
        }

        Match arm = ArmMemory().Match(text);
        return arm.Success && Add("Memory available, KB", arm.Groups[1], line) && Add("Memory code, KB", arm.Groups[2], line)
            && Add("Memory data, KB", arm.Groups[3], line) && Add("Memory init, KB", arm.Groups[4], line);
    }

    private bool Nodes(string text, int line)
    {
        Match fake = Fake().Match(text);
        Match setup = fake.Success ? fake : Setup().Match(text);
        string name = fake.Success ? "fake node" : $"node {setup.Groups["node"].Value}";
        return setup.Success && Add($"{name} start", Number(setup.Groups["start"].Value, 16), line)
            && Add($"{name} end", Number(setup.Groups["end"].Value, 16), line);
    }

    /// <summary>Forgets what was found.</summary>
    public void Clear()
    {
        _seen.Clear();
        Found.Clear();
        Banks.Clear();
    }

    private bool Add(string name, Group value, int line) => Add(name, Number(value.Value, 10), line);

    private bool Add(string name, long value, int line)
    {
        if (_seen.Add(name))
        {
            _ = FigureKinds.Of(name);
            Found.Add(new LogFigure(name, value, line));
        }

        return true;
    }

    // The patterns take no number that does not fit.
    private static long Number(string text, int radix) => radix == 16
        ? (long)ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        : long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^(?:Memory:|PID hash|Dentry cache|Inode-cache|IP route cache|IP: rout|TCP|Mount-cache|Dquot-cache|Allocating PCI|(?:DMA|DMA32|Normal|HighMem) zone:|On node|Bootmem setup|Faking a node|Freeing )""")]
    private static partial Regex Start();

    [GeneratedRegex("""^(\d{1,12})MB (HIGHMEM|LOWMEM) available""")]
    private static partial Regex Low();

    [GeneratedRegex("""^Warning only (\d{1,6})(MB|GB) will be used""")]
    private static partial Regex Warning();

    [GeneratedRegex("""^Allocating PCI resources starting at ([0-9a-f]{1,16}) \(gap: ([0-9a-f]{1,16}):([0-9a-f]{1,16})\)""")]
    private static partial Regex Pci();

    [GeneratedRegex("""^Built (\d{1,6}) zonelists(?:[^.]*\. +Total pages: (\d{1,18}))?""")]
    private static partial Regex Built();

    [GeneratedRegex("""^Freeing (initrd|init|unused kernel) memory: (\d{1,18})[kK]""")]
    private static partial Regex Freed();

    [GeneratedRegex("""^On node (\d{1,6}) totalpages: (\d{1,18})""")]
    private static partial Regex TotalPages();

    [GeneratedRegex("""^(DMA32|DMA|Normal|HighMem) zone: (\d{1,18}) pages, LIFO batch:(\d{1,9})""")]
    private static partial Regex Zone();

    // Only the mount cache's line may end with its entries.
    [GeneratedRegex("""^(PID|Dentry cache|Inode-cache|IP route cache|TCP established|TCP bind|Mount-cache|Dquot-cache) hash table entries: (\d{1,18})(?: \(order:? (-?\d{1,6}), (\d{1,18}) bytes\)|(?<=^Mount.*)$)""")]
    private static partial Regex Hash();

    [GeneratedRegex("""^IP: routing cache hash table of (\d{1,18}) buckets, (\d{1,18})Kbytes""")]
    private static partial Regex Routes();

    [GeneratedRegex("""^TCP: Hash tables configured \(established (\d{1,18}) bind (\d{1,18})\)""")]
    private static partial Regex Tcp();

    [GeneratedRegex("""^Memory: (\d{1,18})k/(\d{1,18})k available \((\d{1,18})k kernel code, (\d{1,18})k reserved, (\d{1,18})k data, (\d{1,18})k init(?:, (\d{1,18})k highmem)?\)""")]
    private static partial Regex PcMemory();

    [GeneratedRegex("""^Memory:(?: (\d{1,12})MB){1,64} = (\d{1,12})MB total""")]
    private static partial Regex ArmBanks();

    [GeneratedRegex("""^Memory: (\d{1,18})KB available \((\d{1,18})K code, (\d{1,18})K data, (\d{1,18})K init""")]
    private static partial Regex ArmMemory();

    [GeneratedRegex("""^Bootmem setup node (?<node>\d{1,6}) (?<start>[0-9a-f]{1,16})-(?<end>[0-9a-f]{1,16})""")]
    private static partial Regex Setup();

    [GeneratedRegex("""^Faking a node at (?<start>[0-9a-f]{1,16})-(?<end>[0-9a-f]{1,16})""")]
    private static partial Regex Fake();
}
