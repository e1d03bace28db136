using System;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Bootmem.Lab.Scripts;

/// <summary>Outcomes as a script shows them.</summary>
internal static class ScriptOutcomeText
{
    /// <summary>Room that is enough for every outcome.</summary>
    public const int MaxLength = 256;

    /// <summary>Writes an outcome as UTF-8, without the arrow, and gives its length.</summary>
    public static int Write(Span<byte> text, ScriptMachine machine, ScriptOutcome outcome)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        int length;
        switch (outcome.Kind)
        {
            case ScriptOutcomeKind.Number:
                Utf8.TryWrite(text, invariant, $"{outcome.Value}", out length);
                return length;

            case ScriptOutcomeKind.Address:
                Utf8.TryWrite(text, invariant, $"0x{outcome.Value:x}", out length);
                return length;

            case ScriptOutcomeKind.State:
                return WriteState(text, machine.States[(int)outcome.Value]);

            case ScriptOutcomeKind.Handed:
                return WriteHanded(text, machine.HandOvers[(int)outcome.Value]);

            default:
                ReadOnlySpan<byte> word = Word(outcome.Kind);
                word.CopyTo(text);
                return word.Length;
        }
    }

    /// <summary>An outcome as text.</summary>
    public static string ToText(ScriptMachine machine, ScriptOutcome outcome)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(text[..Write(text, machine, outcome)]);
    }

    /// <summary>The word of an outcome that is one.</summary>
    public static ReadOnlySpan<byte> Word(ScriptOutcomeKind kind) => kind switch
    {
        ScriptOutcomeKind.Ok => "ok"u8,
        ScriptOutcomeKind.Bug => "bug"u8,
        ScriptOutcomeKind.Panic => "panic"u8,
        ScriptOutcomeKind.Undefined => "undefined"u8,
        ScriptOutcomeKind.Refused => "refused"u8,
        _ => "not run"u8,
    };

    /// <summary>Writes a node's state as UTF-8 and gives its length.</summary>
    public static int WriteState(Span<byte> text, in ScriptNodeState s)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        Utf8.TryWrite(
            text, invariant,
            $"boot_start=0x{s.BootStart:x} low_pfn=0x{s.LowPfn:x} last_pos={s.LastPos} last_offset={s.LastOffset} ",
            out int length);
        Utf8.TryWrite(
            text[length..], invariant, $"last_success=0x{s.LastSuccess:x} reserved={s.Reserved} map=", out int middle);
        length += middle;
        if (!s.HasMap)
        {
            "none"u8.CopyTo(text[length..]);
            return length + 4;
        }

        Utf8.TryWrite(text[length..], invariant, $"{s.MapCrc:x8}", out int end);
        return length + end;
    }

    private static int WriteHanded(Span<byte> text, in ScriptHanded h)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        Utf8.TryWrite(text, invariant, $"calls={h.Blocks} pages={h.Pages} orders=", out int length);
        int part;
        if (h.SinglePages != 0)
        {
            Utf8.TryWrite(text[length..], invariant, $"0:{h.SinglePages}", out part);
            length += part;
        }

        if (h.Words != 0)
        {
            Utf8.TryWrite(
                text[length..], invariant, $"{(h.SinglePages != 0 ? "," : "")}{h.WordOrder}:{h.Words}", out part);
            length += part;
        }

        Utf8.TryWrite(text[length..], invariant, $" crc={h.Crc:x8}", out part);
        return length + part;
    }
}
