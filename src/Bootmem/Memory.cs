using System;

namespace Bootmem;

/// <summary>
/// The modelled machine's physical memory, as the allocator sees it. Whoever runs the allocator says where a physical
/// address can be touched: mapped host memory, bare metal behind the MMU, or nothing but room for bitmaps.
/// </summary>
public unsafe struct Memory
{
    /// <summary>Handed to the functions below.</summary>
    public void* Context;

    /// <summary>
    /// Where <c>(context, address, size)</c> can be touched, at least aligned to 8; null if there is no such memory.
    /// Bitmaps are kept at what this returns.
    /// </summary>
    public delegate*<void*, ulong, ulong, byte*> Resolve;

    /// <summary>
    /// Memory of its own for what is known of the bitmap that was resolved last: <c>(context, the bitmap's address,
    /// size in bytes)</c>, aligned to 8, until the bitmap is handed over. It makes searches in large maps fast and
    /// changes no outcome; bits are then written into the bitmap only where they are needed. Null, or null returned:
    /// the map is kept in plain bits alone.
    /// </summary>
    public delegate*<void*, ulong, ulong, byte*> ResolveIndex;

    /// <summary>Only for bitmaps of at least so many bytes an index is asked for: a small one is walked faster than an
    /// index is kept.</summary>
    public ulong LeastIndexedMap;

    /// <summary>Clears <c>(context, address, size)</c>: what an allocation does to what it hands out. Null: nothing is
    /// cleared, as there is no memory behind the map.</summary>
    public delegate*<void*, ulong, ulong, void> Clear;

    /// <summary>Fills bytes with a value.</summary>
    /// <param name="bytes">The first one.</param>
    /// <param name="value">What they become.</param>
    /// <param name="count">How many; any number.</param>
    public static void Fill(byte* bytes, byte value, ulong count)
    {
        // Spans count in 31 bits.
        const int Most = 1 << 30;
        while (count > Most)
        {
            new Span<byte>(bytes, Most).Fill(value);
            bytes += Most;
            count -= Most;
        }

        new Span<byte>(bytes, (int)count).Fill(value);
    }
}
