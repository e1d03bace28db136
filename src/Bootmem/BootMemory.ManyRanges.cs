using System;

namespace Bootmem;

/// <content>Reserving what a firmware lists: many ranges of one node, one after the other.</content>
public unsafe partial struct BootMemory
{
    /// <summary>
    /// Reserves ranges, each as <see cref="TryReserve(Call, int, ulong, ulong, out Fault)"/> does, up to the first that
    /// faults. What is before that stays reserved.
    /// </summary>
    /// <param name="call">The call this is done for.</param>
    /// <param name="node">The node's number.</param>
    /// <param name="ranges">The ranges, in the order in which they are reserved.</param>
    /// <param name="done">How many were reserved.</param>
    /// <param name="fault">Why not the next one, if not all.</param>
    public bool TryReserve(Call call, int node, ReadOnlySpan<AddressRange> ranges, out int done, out Fault fault)
    {
        bool mayRun = ForSpeed.IsWanted && Observer.Notify == null && !Options.SaysReservedTwice && HasNode(node);
        done = 0;
        while (true)
        {
            if (mayRun)
            {
                done += ReserveInWords(_nodes[node], ranges[done..]);
            }

            if (done == ranges.Length)
            {
                fault = default;
                return true;
            }

            if (!TryReserve(call, node, ranges[done].Address, ranges[done].Size, out fault))
            {
                return false;
            }

            done++;
        }
    }

    // The ranges in front that need no second look, as a firmware's mostly are: inside the node, in one word of the
    // map, in a group whose bits count. A word is written when the next one is begun.
    private readonly int ReserveInWords(in BootmemNode target, ReadOnlySpan<AddressRange> ranges)
    {
        const ulong NoWord = ulong.MaxValue;
        int shift = Word.PageShift;
        ulong start = target.BootStart;
        ulong end = target.PlainSize;
        ulong* words = null;
        ulong group = NoWord;
        ulong word = NoWord;
        ulong bits = 0;
        int done = 0;
        for (; done < ranges.Length; done++)
        {
            ulong first = ranges[done].Address - start;
            ulong last = first + ranges[done].Size - 1;
            ulong next = first >> shift >> 6;
            if (first > last || last >= end || last >> shift >> 6 != next)
            {
                break;
            }

            first >>= shift;
            if (next != word)
            {
                if (word != NoWord)
                {
                    words[word] |= bits;
                }

                bits = 0;
                word = next;
                if (first >> 9 != group)
                {
                    group = first >> 9;
                    words = target.Map.WordsToReserve(first);
                    if (words == null)
                    {
                        return done;
                    }
                }
            }

            last >>= shift;
            bits |= (ulong.MaxValue << (int)(first & 63)) & (ulong.MaxValue >> (int)(63 - (last & 63)));
        }

        if (word != NoWord)
        {
            words[word] |= bits;
        }

        return done;
    }
}
