using System;
using System.Collections.Generic;
using System.Linq;

namespace Bootmem.Lab.Checks;

/// <summary>A region that leaves its place to the kernel.</summary>
/// <param name="Owner">Its node.</param>
/// <param name="Size">Bytes that it asks for.</param>
/// <param name="Alignment">Its alignment in bytes.</param>
/// <param name="Within">Where it may lie; empty: anywhere in RAM.</param>
/// <param name="Wrong">What is wrong with what it asks for; null if nothing is.</param>
public sealed record DynamicRegion(
    string Owner, ulong Size, ulong Alignment, IReadOnlyList<ByteRange> Within, string? Wrong = null);

/// <summary>All ranges of a machine with their owners: what the checks look at. Nothing in it changes.</summary>
public sealed record MemoryPicture
{
    /// <summary>The RAM, sorted by address; banks may be empty and may overlap.</summary>
    public IReadOnlyList<OwnedRange> Banks { get; init; } = [];

    /// <summary>What is kept, sorted by address; ranges may be empty and may overlap.</summary>
    public IReadOnlyList<OwnedRange> Ranges { get; init; } = [];

    /// <summary>What leaves its place to the kernel, in the file's order.</summary>
    public IReadOnlyList<DynamicRegion> Dynamic { get; init; } = [];

    /// <summary>Width of the kernel's <c>unsigned long</c>: 32 or 64.</summary>
    public int Bits { get; init; } = 32;

    /// <summary>Whether the width was asked for; else the banks chose it.</summary>
    public bool IsBitsChosen { get; init; }

    /// <summary>PAGE_SIZE in bytes.</summary>
    public ulong PageSize { get; init; } = 4096;

    /// <summary>The first address beyond what bootmem manages: node_low_pfn of the last node.</summary>
    public ulong LowEnd { get; init; } = ulong.MaxValue;

    /// <summary>The RAM of the article's private kernel, where its bitmap goes; null: all banks.</summary>
    public ByteRange? BitmapPlace { get; init; }

    /// <summary>Whether the banks come from a PC's firmware, which often tells of partial pages.</summary>
    public bool IsPc { get; init; }

    /// <summary>Whether any RAM is known.</summary>
    public bool HasRam => Banks.Any(bank => !bank.IsEmpty);

    /// <summary>Bytes of RAM, those in two banks counted twice.</summary>
    public ulong RamBytes => Banks.Aggregate(0UL, (sum, bank) => sum + bank.Size);

    /// <summary>Sorts ranges by address, those at one address by size, the largest first.</summary>
    /// <param name="ranges">Ranges.</param>
    public static IReadOnlyList<OwnedRange> Sorted(IEnumerable<OwnedRange> ranges) =>
        [.. ranges.OrderBy(range => range.Start).ThenByDescending(range => range.Size)];

    /// <summary>The RAM without its seams: banks that touch or overlap are one.</summary>
    public IReadOnlyList<ByteRange> Ram()
    {
        List<ByteRange> ram = [];
        foreach (OwnedRange bank in Banks)
        {
            if (bank.IsEmpty)
            {
                continue;
            }

            if (ram.Count != 0 && bank.Start <= ram[^1].End)
            {
                ram[^1] = new ByteRange(ram[^1].Start, Math.Max(ram[^1].End, bank.End));
            }
            else
            {
                ram.Add(new ByteRange(bank.Start, bank.End));
            }
        }

        return ram;
    }

    /// <summary>Rounds an address down to a page.</summary>
    /// <param name="address">An address.</param>
    public ulong PageDown(ulong address) => address & ~(PageSize - 1);

    /// <summary>Rounds an address up to a page; the last page of all stays where it is.</summary>
    /// <param name="address">An address.</param>
    public ulong PageUp(ulong address) =>
        address > ulong.MaxValue - PageSize ? PageDown(address) : PageDown(address + PageSize - 1);
}
