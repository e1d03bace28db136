using System;
using System.Collections.Generic;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab.Checks;

/// <summary>What a command line says of memory: <c>mem=</c> and <c>initrd=</c>.</summary>
internal sealed record CommandOptions(IReadOnlyList<OwnedRange> Banks, OwnedRange? Initrd)
{
    /// <summary>Reads a command line. The first <c>mem=</c> takes the place of all banks, as in the kernel.</summary>
    /// <exception cref="MachineException">A number is none.</exception>
    public static CommandOptions Read(string text, IReadOnlyList<OwnedRange> banks)
    {
        List<OwnedRange> told = [];
        OwnedRange? initrd = null;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        CommandLine line = new(bytes);
        BootError error = default;
        while (line.Next(ref error))
        {
            switch (line.Option)
            {
                case BootOption.Mem:
                    ulong start = line.HasSecond ? line.Second : LowestOf(banks);
                    OwnedRange bank = PictureReader.Range(RangeKind.Bank, "mem=", start, line.First);
                    told.Add(bank with { Node = NodeAt(banks, start) });
                    break;
                case BootOption.Initrd:
                    initrd = PictureReader.Range(RangeKind.Initrd, "initrd", line.First, line.Second);
                    break;
                default:
                    break;
            }
        }

        return error.Kind == BootErrorKind.None
            ? new CommandOptions(told.Count == 0 ? banks : told, initrd)
            : throw new MachineException(
                $"command line: found {Quote(bytes, error.Index)}, expected a size, or a size and an address");
    }

    private static string Quote(byte[] text, int at)
    {
        int start = Math.Min(at, text.Length);
        while (start > 0 && text[start - 1] != ' ')
        {
            start--;
        }

        int end = Array.IndexOf(text, (byte)' ', start);
        return Scripts.ScriptError.Quote(text.AsSpan(start, (end < 0 ? text.Length : end) - start));
    }

    private static ulong LowestOf(IReadOnlyList<OwnedRange> banks)
    {
        ulong? lowest = null;
        foreach (OwnedRange bank in banks)
        {
            lowest = !bank.IsEmpty && (lowest is null || bank.Start < lowest) ? bank.Start : lowest;
        }

        return lowest ?? 0;
    }

    private static int NodeAt(IReadOnlyList<OwnedRange> banks, ulong address)
    {
        foreach (OwnedRange bank in banks)
        {
            if (bank.Start <= address && address < bank.End)
            {
                return bank.Node;
            }
        }

        return 0;
    }
}
