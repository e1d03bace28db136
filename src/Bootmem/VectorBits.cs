using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bootmem;

/// <summary>
/// What the processor can do for several words at a time: the only place that knows its vectors. Where it has none of
/// the width that is wanted, nothing is done here. Bare metal has its own file in place of this one.
/// </summary>
internal static unsafe class VectorBits
{
    /// <summary>Fetches memory into the caches, if there is any at an address, and does not wait for it.</summary>
    /// <param name="address">The address.</param>
    public static void Fetch(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>Sets the bits of ranges that lie in the memory of one word of a map, four at a time.</summary>
    /// <param name="bits">The word.</param>
    /// <param name="ranges">The ranges.</param>
    /// <param name="count">How many.</param>
    /// <param name="start">Where the word's memory begins, in bytes.</param>
    /// <param name="pageShift">log2 of the page size.</param>
    /// <returns>How many ranges in front were done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Gather(ref ulong bits, AddressRange* ranges, int count, ulong start, int pageShift)
    {
        if (!Avx2.IsSupported || count < 4)
        {
            return 0;
        }

        Vector256<ulong> starts = Vector256.Create(start);
        Vector256<ulong> outside = Vector256.Create(ulong.MaxValue << 6 << pageShift);
        Vector128<ulong> shift = Vector128.CreateScalar((ulong)pageShift);
        Vector256<ulong> gathered = Vector256<ulong>.Zero;
        int done = 0;
        for (; count - done >= 4; done += 4)
        {
            Vector256<ulong> two = Avx.LoadVector256((ulong*)(ranges + done));
            Vector256<ulong> more = Avx.LoadVector256((ulong*)(ranges + done + 2));
            Vector256<ulong> first = Avx2.UnpackLow(two, more) - starts;
            Vector256<ulong> rest = Avx2.UnpackHigh(two, more) - Vector256<ulong>.One;
            Vector256<ulong> last = first + rest;

            // All within, so none of the sums wrapped, and no size was 0.
            if (!Avx.TestZ(first | rest | last, outside))
            {
                break;
            }

            // From one bit to the other; 2 << 63 is 0.
            gathered |= Avx2.ShiftLeftLogicalVariable(Vector256.Create(2UL), Avx2.ShiftRightLogical(last, shift))
                - Avx2.ShiftLeftLogicalVariable(Vector256<ulong>.One, Avx2.ShiftRightLogical(first, shift));
        }

        Vector128<ulong> halves = gathered.GetLower() | gathered.GetUpper();
        bits |= halves.GetElement(0) | halves.GetElement(1);
        return done;
    }

    /// <summary>How many words in front have a value, as far as vectors tell: there may be some more.</summary>
    /// <param name="words">The words.</param>
    /// <param name="count">How many.</param>
    /// <param name="value">What they are compared with.</param>
    public static ulong CountEqual(ulong* words, ulong count, ulong value)
    {
        if (!Avx2.IsSupported)
        {
            return 0;
        }

        Vector256<ulong> values = Vector256.Create(value);
        ulong done = 0;
        for (; count - done >= 16; done += 16)
        {
            Vector256<ulong> others = (Avx.LoadVector256(words + done) ^ values)
                | (Avx.LoadVector256(words + done + 4) ^ values)
                | (Avx.LoadVector256(words + done + 8) ^ values)
                | (Avx.LoadVector256(words + done + 12) ^ values);
            if (!Avx.TestZ(others, others))
            {
                break;
            }
        }

        return done;
    }

    /// <summary>How many words in front have no byte that is 0, as far as vectors tell: there may be some
    /// more.</summary>
    /// <param name="words">The words.</param>
    /// <param name="count">How many.</param>
    public static ulong CountWithoutClearByte(ulong* words, ulong count)
    {
        if (!Avx2.IsSupported)
        {
            return 0;
        }

        ulong done = 0;
        for (; count - done >= 8; done += 8)
        {
            Vector256<byte> clear = Avx2.CompareEqual(
                Avx2.Min(Avx.LoadVector256((byte*)(words + done)), Avx.LoadVector256((byte*)(words + done + 4))),
                Vector256<byte>.Zero);
            if (!Avx.TestZ(clear, clear))
            {
                break;
            }
        }

        return done;
    }

    /// <summary>Makes words 0 whose bits are all 1, sixteen at a time, up to the first sixteen where not all
    /// are.</summary>
    /// <param name="words">The words.</param>
    /// <param name="count">How many.</param>
    /// <returns>How many words in front became 0.</returns>
    public static ulong ClearFull(ulong* words, ulong count)
    {
        if (!Avx2.IsSupported)
        {
            return 0;
        }

        ulong done = 0;
        for (; count - done >= 16; done += 16)
        {
            ulong* next = words + done;
            Vector256<ulong> all = Avx.LoadVector256(next) & Avx.LoadVector256(next + 4)
                & Avx.LoadVector256(next + 8) & Avx.LoadVector256(next + 12);
            if (!Avx.TestC(all, Vector256<ulong>.AllBitsSet))
            {
                break;
            }

            Avx.Store(next, Vector256<ulong>.Zero);
            Avx.Store(next + 4, Vector256<ulong>.Zero);
            Avx.Store(next + 8, Vector256<ulong>.Zero);
            Avx.Store(next + 12, Vector256<ulong>.Zero);
        }

        return done;
    }
}
