using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace Bootmem.Lab.Logs;

/// <summary>Every kind of figure that is read from a log: its name, with N for the number of a node.</summary>
public static partial class FigureKinds
{
    private static readonly HashSet<string> _all = new(StringComparer.Ordinal)
    {
        "HIGHMEM, MB", "LOWMEM, MB", "memory used, MB",
        "fake node start", "fake node end", "node N start", "node N end",
        "node N totalpages",
        "node N DMA pages", "node N DMA batch", "node N DMA32 pages", "node N DMA32 batch",
        "node N Normal pages", "node N Normal batch", "node N HighMem pages", "node N HighMem batch",
        "PCI resources start", "PCI gap start", "PCI gap size",
        "zonelists", "total pages",
        "PID entries", "PID order", "PID bytes",
        "Dentry cache entries", "Dentry cache order", "Dentry cache bytes",
        "Inode-cache entries", "Inode-cache order", "Inode-cache bytes",
        "Memory available, KB", "Memory total, KB", "Memory code, KB", "Memory reserved, KB", "Memory data, KB",
        "Memory init, KB", "Memory highmem, KB", "RAM total, MB",
        "Mount-cache entries", "Mount-cache order", "Mount-cache bytes",
        "Dquot-cache entries", "Dquot-cache order", "Dquot-cache bytes",
        "IP routing cache buckets", "IP routing cache, KB",
        "IP route cache entries", "IP route cache order", "IP route cache bytes",
        "TCP established entries", "TCP established order", "TCP established bytes",
        "TCP bind entries", "TCP bind order", "TCP bind bytes",
        "TCP configured established", "TCP configured bind",
        "init freed, KB", "initrd freed, KB",
    };

    /// <summary>All kinds.</summary>
    public static IReadOnlyCollection<string> All => _all;

    /// <summary>The kind of a figure.</summary>
    /// <param name="name">The figure's name, such as <c>node 3 totalpages</c>.</param>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public static string Of(string name)
    {
        string kind = NodeNumber().Replace(name, "node N ");
        return _all.Contains(kind) ? kind : throw new ArgumentException($"no kind of figure: {name}", nameof(name));
    }

    [GeneratedRegex("""^node \d+ """)]
    private static partial Regex NodeNumber();
}
