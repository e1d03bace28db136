using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;

namespace Bootmem.Lab.Recordings;

/// <summary>Writes the parts of a recording.</summary>
internal sealed class RecordingWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Bytes(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    // Seven bits a byte, the lowest first; the highest bit says that more follow.
    public void Number(ulong number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            _bytes.Write([(byte)(number | 0x80)]);
        }

        _bytes.Write([(byte)number]);
    }

    public void Numbers(params ReadOnlySpan<ulong> numbers)
    {
        foreach (ulong number in numbers)
        {
            Number(number);
        }
    }

    public void Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Number((ulong)bytes.Length);
        Bytes(bytes);
    }

    public void List<T>(IReadOnlyList<T> items, Action<T> write)
    {
        Number((ulong)items.Count);
        foreach (T item in items)
        {
            write(item);
        }
    }

    public void Step(RecordedStep step)
    {
        Text(step.Name);
        Text(step.Arguments);
        Text(step.Outcome);
        Text(step.Caller);
        Text(step.Why);
        Numbers((ulong)step.Owner, step.Address, step.Size, step.IsEnd ? 1UL : 0);
        List(step.Changes, change => Numbers(
            change.StartPfn, change.EndPfn, (ulong)change.Use, (ulong)change.Owner));
        List(step.Buddies, list =>
        {
            Number((ulong)list.Node);
            Text(list.Zone);
            List(list.Counts, Number);
        });
    }
}
