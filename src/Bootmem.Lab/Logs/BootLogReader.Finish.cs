using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;
using Bootmem.Boot;
using CollectionsMarshal = System.Runtime.InteropServices.CollectionsMarshal;

namespace Bootmem.Lab.Logs;

/// <content>What follows from all lines together, and the patterns.</content>
public sealed partial class BootLogReader
{
    // Page numbers of a node end one short where its last byte is printed as its end.
    private const ulong PageMask = 0xfff;

    private void Finish()
    {
        _log.Figures.AddRange(_figures.Found);
        _log.Banks.AddRange(_figures.Banks);
        bool hasSetup = TakeSetup();
        _log.IsNuma |= hasSetup;
        bool isFaked = _log.Value("fake node end") is not null;
        List<NodeRange> nodes = isFaked ? [] : _isSratUsed && _srat.Count != 0 ? _srat : _bridges.Count != 0 ? _bridges : _setup;
        _log.AreNodesFromSetup = nodes == _setup && _setup.Count != 0;
        _log.Nodes.AddRange(nodes);
        _log.IsNuma |= isFaked;
        _log.Architecture = ArchitectureOf();
        if (_log.Release is not null)
        {
            _log.Kernel = KernelReleases.ModelOf(_log.Release, _log.Architecture == Architecture.X86_64);
        }

        SetEnds(CollectionsMarshal.AsSpan(_log.Nodes));
        _log.IsMapCut = !_hasMapTitle && _log.Release is null && _log.UserMap.Count == 0 && _log.Figures.Count != 0
            && _log.Map.Count != 0 && !_log.Map.Exists(static range => range.Start == 0);
    }

    // A node's end was read as it is printed. Up to 2.6.14 that is what the kernel takes for its last byte, whatever it
    // is; later it is the byte behind, unless it looks like a last byte.
    private void SetEnds(Span<NodeRange> nodes)
    {
        bool isLastByte = _log.Kernel.IsModelled && new FigureRules(_log.Kernel.Sublevel).HasInclusiveNodeEnd;
        foreach (ref NodeRange node in nodes)
        {
            node.End += isLastByte || (node.End & PageMask) == PageMask ? 1UL : 0;
        }
    }

    private bool TakeSetup()
    {
        for (int node = 0; node < MaxRanges; node++)
        {
            if (_log.Value($"node {node} start") is { } start && _log.Value($"node {node} end") is { } end)
            {
                _setup.Add(new NodeRange { Node = node, Start = (ulong)start, End = (ulong)end });
            }
        }

        return _setup.Count != 0;
    }

    private Architecture ArchitectureOf()
    {
        if (_log.Map.Count == 0 && _log.UserMap.Count == 0)
        {
            return _isArm || _log.Banks.Count != 0 ? Architecture.Arm : Architecture.Auto;
        }

        if (_is64 || (_log.IsNuma && !_is32))
        {
            return Architecture.X86_64;
        }

        if (_is32)
        {
            return Architecture.I386;
        }

        // A pointer is four bytes or eight: tables of pointers tell.
        long width = PointerOf("Dentry cache") is var dentry and not 0 ? dentry : PointerOf("Inode-cache");
        bool hasTables = width is 4 or 8 || _log.Value("PID bytes") is not null;
        bool isWide = width == 8 || (width != 4 && PointerOf("PID") is 32 or 8);
        return isWide ? Architecture.X86_64
            : _log.Release is null && !hasTables ? Architecture.Auto : Architecture.I386;
    }

    private long PointerOf(string table) =>
        _log.Value($"{table} bytes") is { } bytes && _log.Value($"{table} entries") is { } entries and > 0
            ? bytes / entries : 0;

    [GeneratedRegex("""(?:^|[^a-z ] ?)Linux version (\d\S{0,100})""")]
    private static partial Regex Version();

    [GeneratedRegex("""#\d+(?: \S+)? SMP\b""")]
    private static partial Regex Smp();

    [GeneratedRegex("""^(?:Kernel command line: ?(?<text>.*)|Bootdata ok \(command line is (?<text>.*)\)|cmdline (?<text>.+))$""")]
    private static partial Regex CommandLineText();

    [GeneratedRegex("""^([0-9a-f]{1,16})-([0-9a-f]{1,16}) : Kernel (?:code|rodata|data|bss)$""")]
    private static partial Regex RunningKernel();

    [GeneratedRegex("""^(?:\[Linux-initrd @ |initrd )0x([0-9a-f]{1,16}),? 0x([0-9a-f]{1,16})(?: bytes\])?$""")]
    private static partial Regex Initrd();

    [GeneratedRegex("""^(?:found SMP MP-table at |mp-table )(?:0x)?([0-9a-f]{1,16})$""")]
    private static partial Regex Mp();

    [GeneratedRegex("""^(ebda|mp-config) 0x([0-9a-f]{1,16})$""")]
    private static partial Regex Directive();

    [GeneratedRegex("""^Placing software IO TLB between 0x([0-9a-f]{1,16}) - 0x([0-9a-f]{1,16})""")]
    private static partial Regex IoTlb();

    [GeneratedRegex("""^Mapping aperture over (\d{1,10}) KB of RAM""")]
    private static partial Regex Aperture();

    [GeneratedRegex("""^SRAT: Node (?<node>\d{1,3}) PXM \d+ (?<start>[0-9a-f]{1,15})-(?<end>[0-9a-f]{1,15})$""")]
    private static partial Regex Srat();

    [GeneratedRegex("""^Node (?<node>\d{1,3}) MemBase (?<start>[0-9a-f]{1,16}) Limit (?<end>[0-9a-f]{1,16})$""")]
    private static partial Regex Bridge();

    [GeneratedRegex("""^(?:CPU: .*ARM|Memory: \d+KB available|Memory policy: ECC|Memory:(?: \d+MB)+ = )""")]
    private static partial Regex ArmOnly();

    [GeneratedRegex("""^(?:Bootdata ok|Memory: \d+k/\d+k available .*k init\))""")]
    private static partial Regex X64Only();

    [GeneratedRegex(
        """^(?:\d+MB (?:LOW|HIGH)MEM available|Use a (?:PAE|HIGHMEM) enabled kernel|Memory: \d+k/\d+k .*highmem\))""")]
    private static partial Regex I386Only();
}
