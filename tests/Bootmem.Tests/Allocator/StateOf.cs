using Bootmem.Lab.Reference;

namespace Bootmem.Tests.Allocator;

/// <summary>Compares a node's state.</summary>
internal static class StateOf
{
    /// <summary>What differs, in words; null if nothing does.</summary>
    public static string? Difference(NaiveNode expected, in BootmemNode actual)
    {
        if (expected.BootStart != actual.BootStart)
        {
            return $"boot_start is 0x{actual.BootStart:x}, not 0x{expected.BootStart:x}";
        }

        if (expected.LowPfn != actual.LowPfn)
        {
            return $"low_pfn is 0x{actual.LowPfn:x}, not 0x{expected.LowPfn:x}";
        }

        if (expected.LastPos != actual.LastPos)
        {
            return $"last_pos is {actual.LastPos}, not {expected.LastPos}";
        }

        if (expected.LastOffset != actual.LastOffset)
        {
            return $"last_offset is {actual.LastOffset}, not {expected.LastOffset}";
        }

        if (expected.LastSuccess != actual.LastSuccess)
        {
            return $"last_success is 0x{actual.LastSuccess:x}, not 0x{expected.LastSuccess:x}";
        }

        return expected.HasMap != actual.HasMap
            ? $"HasMap is {actual.HasMap}"
            : expected.HasMap ? MapDifference(expected, actual.Map) : null;
    }

    private static unsafe string? MapDifference(NaiveNode expected, Bitmap actual)
    {
        if (expected.BitCount != actual.BitCount)
        {
            return $"the map has {actual.BitCount} bits, not {expected.BitCount}";
        }

        // Bit k mod 8 of byte k / 8, read past the allocator's own code.
        byte* bytes = actual.Bytes;
        for (ulong i = 0; i < expected.BitCount; i++)
        {
            if (expected.IsSet(i) != ((bytes[i >> 3] & (1 << (int)(i & 7))) != 0))
            {
                return $"bit {i} is {(expected.IsSet(i) ? 0 : 1)}";
            }
        }

        return null;
    }
}
