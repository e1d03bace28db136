using System;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Scripts;

/// <summary>Checksums that are computed are those of the bytes, wherever the bytes can be had.</summary>
public sealed unsafe class ComputedChecksumTests
{
    [Fact]
    public void RepeatedBytesAreAsIfAppended()
    {
        Random random = new(1);
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = new byte[random.Next(0, 5000)];
            CrcRegister register = CrcRegister.Start;
            for (int done = 0; done < bytes.Length;)
            {
                Span<byte> part = bytes.AsSpan(done, random.Next(1, bytes.Length - done + 1));
                byte value = (byte)random.Next(256);
                switch (random.Next(3))
                {
                    case 0:
                        part.Fill(value);
                        register.Repeat(value, (ulong)part.Length);
                        break;
                    case 1:
                        random.NextBytes(part);
                        register.AppendCrc(Crc32.HashToUInt32(part), (ulong)part.Length);
                        break;
                    default:
                        random.NextBytes(part);
                        fixed (byte* first = part)
                        {
                            register.Append(first, (ulong)part.Length);
                        }

                        break;
                }

                done += part.Length;
            }

            Assert.Equal(Crc32.HashToUInt32(bytes), register.Value);
        }
    }

    [Fact]
    public void MapsAreAsTheirBytes()
    {
        const int ByteCount = 140_004;
        byte* bytes = (byte*)NativeMemory.AllocZeroed(ByteCount + 4);
        byte* index = (byte*)NativeMemory.AllocZeroed((nuint)Bitmap.IndexSize(ByteCount));
        try
        {
            Random random = new(2);
            Bitmap map = new(bytes, ByteCount, index);
            for (int round = 0; round < 300; round++)
            {
                ulong first = (ulong)random.NextInt64((long)map.BitCount);
                ulong count = (ulong)random.NextInt64((long)(map.BitCount - first)) + 1;
                count = random.Next(2) == 0 ? count : Math.Min(count, 2000);
                if (random.Next(2) == 0)
                {
                    map.Set(first, count);
                }
                else
                {
                    map.Clear(first, count);
                }

                uint computed = MapChecksum.Of(map);
                ulong set = map.CountSet(map.BitCount);
                ReadOnlySpan<byte> written = new(map.Bytes, ByteCount);
                Assert.Equal(Crc32.HashToUInt32(written), computed);
                ulong counted = 0;
                foreach (byte b in written)
                {
                    counted += (ulong)byte.PopCount(b);
                }

                Assert.Equal(counted, set);
            }
        }
        finally
        {
            NativeMemory.Free(bytes);
            NativeMemory.Free(index);
        }
    }

    [Fact]
    public void BlocksAreAsTheirLines()
    {
        Random random = new(3);
        for (int round = 0; round < 400; round++)
        {
            BlockLines lines = new();
            Crc32 text = new();
            for (int run = random.Next(1, 4); run > 0; run--)
            {
                int order = random.Next(4) switch { 0 => 5, 1 => 6, 2 => random.Next(0, 10), _ => 0 };

                // From every length of number to the next, and from round ones.
                ulong first = (ulong)random.NextInt64() >> random.Next(0, 63);
                first = random.Next(3) == 0 ? first & ~(ulong.MaxValue >> random.Next(1, 63)) : first;
                first = (first >> order) << order;
                ulong count = (ulong)random.Next(1, 1 << random.Next(1, 15));
                lines.Add(first, order, count);
                StringBuilder written = new();
                for (ulong i = 0; i < count; i++)
                {
                    written.Append(CultureInfo.InvariantCulture, $"0x{first + (i << order):x} {order}\n");
                }

                text.Append(Encoding.ASCII.GetBytes(written.ToString()));
            }

            Assert.Equal(text.GetCurrentHashAsUInt32(), lines.Value);
        }
    }

    // 64 TiB: what can be said of it without walking it.
    [Fact]
    public void AHugeMachinesFiguresAreComputed()
    {
        StringBuilder script = new("kernel 2.6.12\nbits 64\n");
        for (ulong node = 0; node < 16; node++)
        {
            ulong start = node << 42;
            ulong pfn = start >> 12;
            script.Append(CultureInfo.InvariantCulture, $"init_bootmem_node {node} {pfn} {pfn} {pfn + (1UL << 30)}\n");
            script.Append(CultureInfo.InvariantCulture, $"state {node}\n");
            script.Append(CultureInfo.InvariantCulture, $"free_bootmem_node {node} {start} {1UL << 42}\n");
            script.Append(CultureInfo.InvariantCulture, $"reserve_bootmem_node {node} {start} {1UL << 27}\n");
            script.Append(CultureInfo.InvariantCulture, $"free_all_bootmem_node {node}\nhanded {node}\n");
        }

        ScriptFile file = ScriptFile.Parse("huge.bm", script.ToString());
        using ScriptMachine machine = new(file.Header, file.NodeCount);
        ScriptOutcome[] outcomes = new ScriptOutcome[file.Steps.Length];
        machine.Expect(file.Steps);
        Assert.Equal(outcomes.Length, machine.Run(file.Steps, outcomes));

        Crc32 full = new();
        byte[] part = new byte[1 << 20];
        Array.Fill(part, (byte)0xff);
        for (int i = 0; i < 128; i++)
        {
            full.Append(part);
        }

        uint crc = full.GetCurrentHashAsUInt32();
        Assert.All(machine.States, state => Assert.Equal((1UL << 30, crc), (state.Reserved, state.MapCrc)));

        // Node 0 goes by words; of a node whose start's low 32 bits are 0 each page goes alone. Its bitmap goes too.
        ulong words = ((1UL << 30) - (1UL << 15)) >> 6;
        Assert.Equal((words, 1UL << 15), (machine.HandOvers[0].Words, machine.HandOvers[0].SinglePages));
        Assert.All(machine.HandOvers, handed => Assert.Equal(1UL << 30, handed.Pages));
        Assert.Equal(1UL << 30, machine.HandOvers[15].SinglePages);
    }
}
