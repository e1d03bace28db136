using System;
using System.Runtime.CompilerServices;

namespace Bootmem;

/// <summary>
/// The kernel's printk(), as a stream of bytes: a line begins with its level, such as <c>&lt;6&gt;</c>, if it has one,
/// and ends with a newline. Whoever runs the kernel code says where the bytes go; with no <see cref="Write"/> they go
/// nowhere.
/// </summary>
/// <remarks>
/// Texts are everywhere and printing is no hot path: the methods are calls, which keeps a kernel small.
/// </remarks>
public unsafe struct Log
{
    /// <summary>Handed to <see cref="Write"/>.</summary>
    public void* Context;

    /// <summary>Takes <c>(context, text, length)</c>.</summary>
    public delegate*<void*, byte*, int, void> Write;

    /// <summary>Writes text.</summary>
    /// <param name="text">ASCII, or UTF-8 that came from the firmware.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly Log Text(ReadOnlySpan<byte> text)
    {
        // What is empty may have no address.
        if (Write != null && text.Length != 0)
        {
            fixed (byte* bytes = text)
            {
                Write(Context, bytes, text.Length);
            }
        }

        return this;
    }

    /// <summary>Writes a number as <c>%lu</c>, or <c>%*lu</c> with a width.</summary>
    /// <param name="number">The number.</param>
    /// <param name="width">The least number of characters: spaces fill the front.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly Log Decimal(ulong number, int width = 0) => Number(number, 10, width, (byte)' ');

    /// <summary>Writes a signed number as <c>%ld</c>.</summary>
    /// <param name="number">The number.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly Log Signed(long number) =>
        number < 0 ? Text("-"u8).Decimal((ulong)-number) : Decimal((ulong)number);

    /// <summary>Writes a number as <c>%0*lx</c>: lower-case hex without a prefix.</summary>
    /// <param name="number">The number.</param>
    /// <param name="width">The least number of digits: zeros fill the front.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly Log Hex(ulong number, int width = 0) => Number(number, 16, width, (byte)'0');

    // Digits come out lowest first. Subtraction instead of division: the bare-metal core has none to spare, and printing
    // is no hot path.
    private readonly Log Number(ulong number, uint radix, int width, byte fill)
    {
        if (Write == null)
        {
            return this;
        }

        // Counted by index: the difference of two pointers is compiled to a division.
        Digits digits = default;
        byte* bytes = digits.Bytes;
        int first = Digits.Capacity;
        do
        {
            ulong rest = radix == 16 ? number >> 4 : TenthOf(number);
            uint digit = (uint)(number - (rest * radix));
            first--;
            bytes[first] = (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
            number = rest;
        }
        while (number != 0);

        while (Digits.Capacity - first < width && first > 0)
        {
            first--;
            bytes[first] = fill;
        }

        Write(Context, bytes + first, Digits.Capacity - first);
        return this;
    }

    // number / 10 by shifts (Warren, Hacker's Delight, "divu10" widened to 64 bits): no call into a division routine.
    private static ulong TenthOf(ulong number)
    {
        ulong q = (number >> 1) + (number >> 2);
        q += q >> 4;
        q += q >> 8;
        q += q >> 16;
        q += q >> 32;
        q >>= 3;
        ulong rest = number - (((q << 2) + q) << 1);
        return q + (rest > 9 ? 1UL : 0UL);
    }

    private struct Digits
    {
        public const int Capacity = 32;

        private fixed byte _bytes[Capacity];

        // The struct lives on the caller's stack; nothing can move it.
        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public byte* Bytes => (byte*)Unsafe.AsPointer(ref _bytes[0]);
    }
}
