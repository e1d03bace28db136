using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Cli.Shell;

/// <summary>Commands that read and write the machine's memory.</summary>
internal static unsafe class MemoryVerbs
{
    private const int RowSize = 16;
    private const int MostBytes = 4096;
    private const string PhysicalPrefix = "phys:";
    private const string VirtualPrefix = "virt:";

    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new ShellVerb(
            "read", "ADDR [N]", "show N bytes (64); ADDR is virtual where low memory is mapped, else physical", Read)
        {
            Least = 1,
            Most = 2,
        },
        new ShellVerb(
            "write", "ADDR BYTE…|\"TEXT\"", "write bytes or text; phys:ADDR and virt:ADDR say which is meant", Write)
        {
            Least = 2,
            Most = int.MaxValue,
        },
    ];

    private static void Read(ShellSession session, ShellLine line)
    {
        ulong physical = AddressOf(session, line.At(0)!);
        int count = line.At(1) is { } word ? (int)ShellNumbers.Parse(word, "a number of bytes", MostBytes) : 64;
        ReadOnlySpan<byte> bytes = session.Host.Bytes(physical, count);
        session.Output.WriteLine(Place(session.Host, physical));
        for (int row = 0; row < bytes.Length; row += RowSize)
        {
            session.Output.WriteLine(RowOf(physical + (ulong)row, bytes[row..Math.Min(row + RowSize, bytes.Length)]));
        }
    }

    private static void Write(ShellSession session, ShellLine line)
    {
        ulong physical = AddressOf(session, line.At(0)!);
        List<byte> bytes = [];
        for (int i = 1; i < line.Count; i++)
        {
            ShellWord word = line.Word(i);
            if (word.IsQuoted)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(word.Text));
            }
            else
            {
                bytes.Add((byte)ShellNumbers.Parse(word.Text, "a byte", byte.MaxValue));
            }
        }

        MachineHost host = session.Host;
        Span<byte> target = host.Bytes(physical, bytes.Count);
        if (host.NextStep > BootStep.BootmemInit && bytes.Count != 0)
        {
            KernelWord pages = host.Bootmem.Word;
            BootmemVerbs.RefuseKept(
                host, pages.PfnOf(physical), pages.PfnOf(physical + (ulong)bytes.Count - 1) + 1, "written to");
        }

        bytes.CopyTo(target);
        string count = bytes.Count == 1
            ? "1 byte" : string.Create(CultureInfo.InvariantCulture, $"{bytes.Count} bytes");
        session.Output.WriteLine($"{count} at {Place(host, physical)}");
    }

    // Low memory's virtual addresses can be another bank's physical ones: the prefix decides.
    private static ulong AddressOf(ShellSession session, string word)
    {
        MachineHost host = session.Host;
        if (host.NextStep <= BootStep.SetupArch)
        {
            throw new ShellException("the machine does not know its memory yet: 'boot setup_arch' goes so far");
        }

        bool mustBePhysical = word.StartsWith(PhysicalPrefix, StringComparison.Ordinal);
        bool mustBeVirtual = word.StartsWith(VirtualPrefix, StringComparison.Ordinal);
        string digits = mustBePhysical || mustBeVirtual ? word[PhysicalPrefix.Length..] : word;
        ulong address = ShellNumbers.Parse(digits, "an address",
            host.Machine->Config.Bits == 32 ? uint.MaxValue : ulong.MaxValue);
        ulong physical = host.Space.virt_to_phys(address);
        bool isMapped = address >= host.Space.PageOffset && host.Space.IsLowmem(physical);
        return mustBePhysical || (!isMapped && !mustBeVirtual) ? address
            : isMapped ? physical
            : throw new ShellException(
                $"found 0x{address:x}, expected a virtual address of low memory: 0x{host.Space.PageOffset:x} .. "
                    + $"0x{host.Space.phys_to_virt(host.Space.LowmemEnd - 1):x}");
    }

    private static string Place(MachineHost host, ulong physical) => host.Space.IsLowmem(physical)
        ? $"physical 0x{physical:x}, virtual 0x{host.Space.phys_to_virt(physical):x}"
        : $"physical 0x{physical:x}, highmem: no virtual address";

    private static string RowOf(ulong address, ReadOnlySpan<byte> bytes)
    {
        StringBuilder hex = new();
        StringBuilder text = new();
        foreach (byte value in bytes)
        {
            hex.Append(CultureInfo.InvariantCulture, $"{value:x2} ");
            text.Append(value is >= 0x20 and < 0x7f ? (char)value : '.');
        }

        return $"0x{address:x8}  {hex.ToString().PadRight(RowSize * 3)} {text}";
    }
}
