using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Bootmem.Lab.Recordings;

/// <summary>
/// Reads the parts of a recording, each within its bounds. Nothing is allocated that the bytes at hand cannot fill.
/// </summary>
internal sealed class RecordingReader(byte[] bytes, int start)
{
    private const ulong MostPfn = 1UL << 58;
    private const int MostOrders = 32;

    private readonly UTF8Encoding _utf8 = new(false, throwOnInvalidBytes: true);
    private int _next = start;
    private int _changeCount;

    public ulong Number(string what, ulong least, ulong most)
    {
        int at = _next;
        ulong number = 0;
        for (int shift = 0; ; shift += 7)
        {
            if (_next == bytes.Length)
            {
                throw Wrong(at, $"the end of the file in the {what}", "a number");
            }

            byte part = bytes[_next++];
            if (shift == 63 && part > 1)
            {
                throw Wrong(at, $"more than 64 bits in the {what}", "a number");
            }

            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                break;
            }
        }

        return number >= least && number <= most ? number
            : throw Wrong(at, $"{what} {number}", $"{least} .. {most}");
    }

    public string Text(string what)
    {
        int at = _next;
        ulong length = Number("length of the " + what, 0, int.MaxValue);
        if (length > (ulong)(bytes.Length - _next))
        {
            throw Wrong(at, $"{what} of {length} bytes", $"at most the {bytes.Length - _next} that follow");
        }

        try
        {
            string text = _utf8.GetString(bytes, _next, (int)length);
            _next += (int)length;
            return text;
        }
        catch (DecoderFallbackException)
        {
            throw Wrong(at, $"{what} that is not UTF-8", "UTF-8");
        }
    }

    public List<T> List<T>(string what, int leastBytes, Func<int, T> read, int most = int.MaxValue)
    {
        int at = _next;
        ulong count = Number("number of " + what, 0, int.MaxValue);
        if (count > (ulong)most)
        {
            throw Wrong(at, $"{count} {what}", $"at most {most}");
        }

        if (count * (ulong)leastBytes > (ulong)(bytes.Length - _next))
        {
            throw Wrong(at, $"{count} {what}", $"at most what {bytes.Length - _next} bytes can hold");
        }

        // A list grows with what is really there.
        List<T> items = [];
        for (int i = 0; i < (int)count; i++)
        {
            items.Add(read(i));
        }

        return items;
    }

    public int NodeNumber() => (int)Number("node", 0, BootMemory.MaxNodes - 1);

    public (ulong Start, ulong End) Pages()
    {
        ulong first = Number("first page", 0, MostPfn);
        return (first, Number("page behind", first, MostPfn));
    }

    public RecordedStep Step(int ownerCount)
    {
        ulong mostOwner = (ulong)ownerCount - 1;
        return new RecordedStep
        {
            Name = Text("name"),
            Arguments = Text("arguments"),
            Outcome = Text("outcome"),
            Caller = Text("caller"),
            Why = Text("reason"),
            Owner = (int)Number("owner", 0, mostOwner),
            Address = Number("address", 0, ulong.MaxValue),
            Size = Number("size", 0, ulong.MaxValue),
            IsEnd = Number("end", 0, 1) == 1,
            Changes = List("changes", 4, _ => Change(mostOwner)),
            Buddies = List("buddy lists", 3, _ => new BuddyList(NodeNumber(), Text("zone"), Orders())),
        };
    }

    public void ExpectEnd()
    {
        if (_next != bytes.Length)
        {
            throw Wrong(_next, $"{bytes.Length - _next} bytes more", "the end");
        }
    }

    private PageChange Change(ulong mostOwner)
    {
        if (++_changeCount > RecordingFile.MostChanges)
        {
            throw Wrong(_next, "one change more", $"at most {RecordingFile.MostChanges} in all calls");
        }

        (ulong first, ulong end) = Pages();
        PageUse use = (PageUse)Number("use", 0, (ulong)PageUse.HandedOver);
        return new PageChange(first, end, use, (int)Number("owner", 0, mostOwner));
    }

    private List<ulong> Orders() => List("orders", 1, _ => Number("count", 0, MostPfn), MostOrders);

    private static InvalidDataException Wrong(int at, string found, string expected) =>
        new($"at byte {at}: found {found}, expected {expected}");
}
