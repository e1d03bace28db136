using System;
using System.IO.Hashing;

namespace Bootmem.Lab.Scripts;

/// <summary>The CRC-32 of a bitmap's bytes. What is kept without bits is computed.</summary>
internal static unsafe class MapChecksum
{
    private const ulong MostAtOnce = 1UL << 30;

    /// <summary>The CRC-32 of all bytes of a map, padding included.</summary>
    public static uint Of(in Bitmap map)
    {
        CrcRegister register = CrcRegister.Start;
        for (ulong first = 0; first < map.BitCount;)
        {
            MapStretch stretch = map.StretchAt(first);
            ulong count = (stretch.End - first) >> 3;
            if (stretch.Kind == StretchKind.Bits)
            {
                Append(ref register, (byte*)stretch.Words, count);
            }
            else
            {
                register.Repeat(stretch.Kind == StretchKind.Reserved ? (byte)0xff : (byte)0, count);
            }

            first = stretch.End;
        }

        return register.Value;
    }

    private static void Append(ref CrcRegister register, byte* bytes, ulong count)
    {
        for (ulong done = 0; done < count;)
        {
            ulong part = Math.Min(count - done, MostAtOnce);
            register.AppendCrc(Crc32.HashToUInt32(new ReadOnlySpan<byte>(bytes + done, (int)part)), part);
            done += part;
        }
    }
}
