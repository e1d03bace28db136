using System;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>A group kept as one border says what its pages, one by one, say; whatever becomes of it.</summary>
public sealed class GroupStates
{
    [Theory]
    [InlineData(512)]
    [InlineData(480)]
    [InlineData(32)]
    public void SayWhatThePagesSay(int size)
    {
        Random random = new(size);
        bool[] isReserved = new bool[size];
        int kept = 0;
        int lost = 0;
        ushort state = GroupState.AllFree;
        for (int round = 0; round < 20_000; round++)
        {
            bool reserves = random.Next(2) == 0;
            int border = random.Next(4) == 0 ? size : random.Next(1, size + 1);
            (int first, int end) = random.Next(2) == 0 ? (0, border) : (border - 1, size);
            ushort after = reserves
                ? GroupState.Reserve(state, (ulong)first, (ulong)end, (ulong)size)
                : GroupState.Free(state, (ulong)first, (ulong)end, (ulong)size);
            isReserved.AsSpan(first, end - first).Fill(reserves);
            int borders = 0;
            for (int i = 1; i < size; i++)
            {
                borders += isReserved[i] != isReserved[i - 1] ? 1 : 0;
            }

            // Two borders need bits: begin again, with all free or all reserved.
            Assert.Equal(borders > 1, after == GroupState.Unknown);
            state = after;
            if (after == GroupState.Unknown)
            {
                lost++;
                isReserved.AsSpan().Fill(reserves);
                state = reserves ? GroupState.Full : GroupState.AllFree;
                continue;
            }

            kept++;
            Compare(state, isReserved, random.Next(size));
        }

        Assert.True(kept > 5000 && lost > 1000, $"{kept} kept, {lost} lost");
    }

    private static void Compare(ushort state, bool[] isReserved, int page)
    {
        int size = isReserved.Length;
        Assert.False(GroupState.IsInBits(state));
        Assert.Equal(Array.TrueForAll(isReserved, r => r), state == GroupState.Full);
        Assert.Equal(Array.TrueForAll(isReserved, r => !r), state == GroupState.AllFree);
        ulong word = GroupState.WordOf(state, (ulong)page);
        Assert.Equal(isReserved[page], ((word >> (page & 63)) & 1) != 0);
        Assert.Equal(First(isReserved, page, false), Math.Min(size, (int)GroupState.FirstFree(state, (ulong)page)));
        Assert.Equal(
            First(isReserved, page, true), Math.Min(size, (int)GroupState.FirstFree((ushort)~state, (ulong)page)));

        // Of a group that the map cuts the pages behind its end count as what the last one is.
        int free = Array.FindAll(isReserved, r => !r).Length;
        int behind = isReserved[size - 1] ? 0 : (int)GroupState.Size - size;
        Assert.Equal((ulong)(free + behind), GroupState.Longest(state));
        Assert.Equal(behind == 0 && isReserved[size - 1] ? 0UL : (ulong)(free + behind), GroupState.FreeTail(state));
    }

    private static int First(bool[] isReserved, int page, bool wanted)
    {
        int found = Array.IndexOf(isReserved, wanted, page);
        return found < 0 ? isReserved.Length : found;
    }
}
