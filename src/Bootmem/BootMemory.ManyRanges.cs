using System;
using System.Runtime.CompilerServices;

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
        bool mayRun = ForSpeed.IsWanted && HasNode(node) && !Options.SaysReservedTwice;
        done = 0;
        while (true)
        {
            if (mayRun)
            {
                done += ReservePlain(_nodes[node], ranges[done..]);
            }

            if (done == ranges.Length)
            {
                Fault.SetNone(out fault);
                return true;
            }

            if (!TryReserve(call, node, ranges[done].Address, ranges[done].Size, out fault))
            {
                return false;
            }

            done++;
        }
    }

    // The ranges in front that need no second look, as a firmware's mostly do not: those inside a quiet node. In a
    // group whose bits count nothing else is to be written.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly int ReservePlain(in BootmemNode target, ReadOnlySpan<AddressRange> ranges)
    {
        ulong groupSize = GroupState.Size << Word.PageShift;
        int done = 0;
        while (done < ranges.Length)
        {
            ulong first = ranges[done].Address - target.BootStart;
            ulong last = first + ranges[done].Size - 1;
            if (first > last || last >= target.QuietSize)
            {
                break;
            }

            ulong group = first & ~(groupSize - 1);
            ulong size = target.QuietSize - group < groupSize ? target.QuietSize - group : groupSize;
            ulong* words = last - group < size ? target.Map.WordsToReserve(first >> Word.PageShift) : null;
            if (words == null)
            {
                FetchAhead(target, ranges[done..]);
                ReservePages(target.Map, first >> Word.PageShift, last >> Word.PageShift);
                done++;
                continue;
            }

            words += group >> Word.PageShift >> 6;
            done += ReserveInGroup(words, ranges[done..], target.BootStart + group, size, Word.PageShift);
        }

        return done;
    }

    // The ranges in front that lie in one group, which is less than 512 pages at the node's end. A word is written once
    // for all in it that follow each other.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReserveInGroup(
        ulong* words, ReadOnlySpan<AddressRange> ranges, ulong start, ulong size, int pageShift)
    {
        int done = 0;
        fixed (AddressRange* range = ranges)
        {
            while (done < ranges.Length)
            {
                ulong first = range[done].Address - start;
                ulong last = first + range[done].Size - 1;
                if (first > last || last >= size)
                {
                    break;
                }

                ulong word = first >> pageShift >> 6;
                if (last >> pageShift >> 6 != word)
                {
                    WordBits.Set(words, first >> pageShift, (last >> pageShift) - (first >> pageShift) + 1);
                    done++;
                    continue;
                }

                ulong from = word << 6 << pageShift;
                int left = ranges.Length - done;
                done += ReserveInWord(words + word, range + done, left, start + from, size - from, pageShift);
            }
        }

        return done;
    }

    // The ranges in front that lie in one word of the map, as far as the node goes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReserveInWord(
        ulong* word, AddressRange* ranges, int count, ulong start, ulong left, int pageShift)
    {
        ulong bits = 0;
        ulong wordSize = 64UL << pageShift;
        ulong size = left < wordSize ? left : wordSize;
        int done = count >= 4 && size == wordSize ? VectorBits.Gather(ref bits, ranges, count, start, pageShift) : 0;
        for (; done < count; done++)
        {
            ulong first = ranges[done].Address - start;
            ulong last = first + ranges[done].Size - 1;
            if (first > last || last >= size)
            {
                break;
            }

            bits |= WordBits.Mask(first >> pageShift, last >> pageShift);
        }

        *word |= bits;
        return done;
    }

    // Ranges that lie far apart each wait for memory: those to come may as well be on their way.
    private readonly void FetchAhead(in BootmemNode target, ReadOnlySpan<AddressRange> ranges)
    {
        const int Ahead = 4;
        if (target.Map.HasIndex && ranges.Length > Ahead)
        {
            target.Map.Index->Fetch((ranges[Ahead].Address - target.BootStart) >> Word.PageShift);
        }
    }

    // What happens seldom stays out of the way of what happens often.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReservePages(in Bitmap map, ulong first, ulong last) => map.Set(first, last - first + 1);
}
