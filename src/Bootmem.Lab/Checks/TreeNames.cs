using System;
using System.Collections.Generic;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab.Checks;

/// <summary>What a picture needs of a device tree beyond what the boot takes from it: names, and regions without a
/// place.</summary>
internal static unsafe class TreeNames
{
    private const int MostDynamic = 1024;

    /// <summary>The banks with the names of their nodes, in the file's order.</summary>
    public static IReadOnlyList<OwnedRange> Banks(MachineFile file)
    {
        ref readonly BootInfo info = ref *file.Info;
        List<string> names = file.Blob.Bytes == null ? [] : BankNames(file.Blob);
        List<OwnedRange> banks = [];
        for (int i = 0; i < info.BankCount; i++)
        {
            Bank bank = info.Banks[i];
            string owner = i < names.Count ? names[i] : $"bank {i}";
            banks.Add(new OwnedRange(RangeKind.Bank, owner, bank.Start, bank.Start + bank.Size, bank.Node));
        }

        return banks;
    }

    /// <summary>The children of <c>/reserved-memory</c> that have a size and no place.</summary>
    /// <exception cref="MachineException">There are too many.</exception>
    public static IReadOnlyList<DynamicRegion> DynamicRegions(MachineFile file)
    {
        List<DynamicRegion> regions = [];
        if (file.Info->DynamicReservationCount == 0)
        {
            return regions;
        }

        if (file.Info->DynamicReservationCount > MostDynamic)
        {
            throw new MachineException(
                $"{file.Name}: found {file.Info->DynamicReservationCount} reserved regions without reg, "
                + $"expected at most {MostDynamic}");
        }

        FdtBlob blob = file.Blob;
        FdtWalk walk = FdtWalk.All(in blob);
        while (walk.Next())
        {
            if (walk.Depth == 2 && walk.Node.IsNamed("reserved-memory"u8) && blob.IsAvailable(in walk.Node))
            {
                AddChildren(regions, in blob, walk.Node);
            }
        }

        return regions;
    }

    /// <summary>A name from a file, with what cannot be printed as <c>?</c>.</summary>
    public static string Printable(ReadOnlySpan<byte> name)
    {
        StringBuilder text = new(name.Length);
        foreach (byte c in name)
        {
            text.Append(c is > (byte)' ' and <= (byte)'~' ? (char)c : '?');
        }

        return text.ToString();
    }

    // One name a bank: a node has as many banks as its reg has ranges. The boot's reader takes the same nodes.
    private static List<string> BankNames(FdtBlob blob)
    {
        List<string> names = [];
        FirmwareError error = default;
        FdtNode root = blob.Root;
        if (!FdtCells.TryRead(in blob, in root, out FdtCells cells, ref error))
        {
            return names;
        }

        FdtWalk walk = FdtWalk.All(in blob);
        while (walk.Next())
        {
            FdtNode node = walk.Node;
            bool isMemory = walk.Depth == 2 && blob.IsAvailable(in node)
                && (node.IsNamed("memory"u8)
                    || (blob.TryGetProperty(in node, "device_type"u8, out FdtProperty type)
                        && Ascii.Equal(type.Text, "memory"u8)));
            if (isMemory && blob.TryGetProperty(in node, "reg"u8, out FdtProperty reg))
            {
                for (int left = reg.Length; left >= cells.RangeBytes; left -= cells.RangeBytes)
                {
                    names.Add("/" + Printable(node.NameText));
                }
            }
        }

        return names;
    }

    private static void AddChildren(List<DynamicRegion> regions, in FdtBlob blob, FdtNode parent)
    {
        FirmwareError error = default;
        if (!FdtCells.TryRead(in blob, in parent, out FdtCells cells, ref error))
        {
            return;
        }

        FdtWalk walk = FdtWalk.From(in blob, in parent);
        while (walk.Next())
        {
            FdtNode node = walk.Node;
            if (walk.Depth == 2 && blob.IsAvailable(in node)
                && !blob.TryGetProperty(in node, "reg"u8, out _)
                && blob.TryGetProperty(in node, "size"u8, out FdtProperty size))
            {
                regions.Add(RegionOf(in blob, node, size, cells));
            }
        }
    }

    private static DynamicRegion RegionOf(in FdtBlob blob, FdtNode node, FdtProperty size, FdtCells cells)
    {
        string owner = "/reserved-memory/" + Printable(node.NameText);
        ulong alignment = 4096;
        string? wrong = null;
        if (!size.TryReadNumber(out ulong bytes))
        {
            wrong = $"size has {size.Length} bytes, expected 4 or 8";
        }
        else if (bytes == 0)
        {
            wrong = "size is 0, expected at least a byte";
        }

        if (blob.TryGetProperty(in node, "alignment"u8, out FdtProperty property))
        {
            if (!property.TryReadNumber(out ulong asked))
            {
                wrong ??= $"alignment has {property.Length} bytes, expected 4 or 8";
            }
            else if ((asked & (asked - 1)) != 0)
            {
                wrong ??= $"alignment is 0x{asked:x}, expected a power of two";
            }
            else
            {
                alignment = Math.Max(asked, alignment);
            }
        }

        List<ByteRange> within = [];
        if (blob.TryGetProperty(in node, "alloc-ranges"u8, out property))
        {
            FirmwareError error = default;
            FdtRanges ranges = FdtRanges.Of(in blob, in node, in property, cells);
            while (ranges.Next(ref error))
            {
                within.Add(new ByteRange(ranges.Start, ranges.Start + ranges.Size));
            }

            if (error.IsSet)
            {
                wrong ??= error.Kind == FirmwareErrorKind.RangeWraps
                    ? "alloc-ranges has a range that runs over the last address, expected an end that is an address"
                    : $"alloc-ranges has {property.Length} bytes, expected a multiple of {cells.RangeBytes}";
            }
        }

        return new DynamicRegion(owner, bytes, alignment, within, wrong);
    }
}
