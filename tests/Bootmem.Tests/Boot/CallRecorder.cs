using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Tests.Boot;

/// <summary>A call of bootmem as a script would have it, with its outcome and the state that it left.</summary>
internal sealed record RecordedCall(string Text, string Outcome, string State);

/// <summary>Writes down what a boot calls, from the events of bootmem and the bytes of its bitmap.</summary>
internal sealed unsafe class CallRecorder
{
    private readonly MachineHost _host;
    private readonly Crc32 _blocks = new();
    private ulong _singles;
    private ulong _words;
    private int _wordOrder;

    public CallRecorder(MachineHost host)
    {
        _host = host;
        host.Observe(Record);
    }

    public List<RecordedCall> Calls { get; } = [];

    /// <summary>What was handed over, in a script's words.</summary>
    public string Handed =>
        Invariant($"calls={_singles + _words} pages={_singles + (_words << _wordOrder)} ")
        + Invariant($"orders=0:{_singles},{_wordOrder}:{_words} crc={_blocks.GetCurrentHashAsUInt32():x8}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Record(BootEvent change)
    {
        string name = Encoding.ASCII.GetString(Bootmem.Calls.Name(change.Call));
        bool namesNode = name.Contains("_node", StringComparison.Ordinal);
        string call = namesNode ? $"{name} {change.Node}" : name;
        switch (change.Kind)
        {
            case BootEventKind.NodeInitialised:
                ulong mapPfn = change.Address >> _host.Machine->Config.PageShift;
                ulong end = change.FirstPfn + change.PageCount;
                Add(Invariant($"{call} 0x{mapPfn:x} 0x{change.FirstPfn:x} 0x{end:x}"), Invariant($"{change.Size}"));
                break;
            case BootEventKind.Reserved or BootEventKind.Freed:
                Add(Invariant($"{call} 0x{change.Address:x} 0x{change.Size:x}"), "ok");
                break;
            case BootEventKind.Allocated:
                Add(Invariant($"{call} {change.Size}"), Invariant($"0x{change.Address:x}"));
                break;
            case BootEventKind.HandedOver:
                HandOver(change);
                break;
            case BootEventKind.MapGone:
                Add(call, Invariant($"{_singles + (_words << _wordOrder)}"));
                break;
            default:
                break;
        }
    }

    private void HandOver(in BootEvent change)
    {
        ulong count = change.PageCount >> change.Order;
        _singles += change.Order == 0 ? count : 0;
        _words += change.Order == 0 ? 0 : count;
        _wordOrder = Math.Max(_wordOrder, change.Order);
        for (ulong i = 0; i < count; i++)
        {
            ulong pfn = change.FirstPfn + (i << change.Order);
            _blocks.Append(Encoding.ASCII.GetBytes(Invariant($"0x{pfn:x} {change.Order}\n")));
        }
    }

    private void Add(string text, string outcome)
    {
        ref readonly BootmemNode node = ref _host.Machine->Bootmem.Node(0);
        string map = "none";
        ulong reserved = 0;
        if (node.HasMap)
        {
            // The bytes where the machine's memory has them.
            int bytes = (int)(node.Map.BitCount / 8);
            Span<byte> bits = _host.Bytes(node.MapAddress, bytes);
            map = Invariant($"{Crc32.HashToUInt32(bits):x8}");
            foreach (byte one in bits)
            {
                reserved += (ulong)int.PopCount(one);
            }

            // Padding bits are set, but no pages.
            reserved -= node.Map.BitCount - (node.LowPfn - (node.BootStart >> _host.Machine->Config.PageShift));
        }

        string state = Invariant($"boot_start=0x{node.BootStart:x} low_pfn=0x{node.LowPfn:x} last_pos={node.LastPos} ")
            + Invariant(
                $"last_offset={node.LastOffset} last_success=0x{node.LastSuccess:x} reserved={reserved} map={map}");
        Calls.Add(new RecordedCall(text, outcome, state));
    }
}
