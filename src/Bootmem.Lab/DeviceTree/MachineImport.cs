using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>Writes any machine as device tree source: what a log, a PC's map or an ATAG list tells of its
/// RAM.</summary>
public static unsafe class MachineImport
{
    /// <summary>
    /// A machine as source. A device tree is written as it is. Of others there are the RAM by nodes, what the firmware
    /// wants kept, the INITRD and the command line; a PC's ranges that are not usable are left out, as no kernel uses
    /// them.
    /// </summary>
    /// <param name="file">The machine.</param>
    /// <returns>The source, with lines that end with a newline.</returns>
    /// <exception cref="MachineFileException">The machine cannot be said in a device tree.</exception>
    public static string Write(MachineFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Format is MachineFileFormat.DeviceTreeBlob or MachineFileFormat.DeviceTreeSource)
        {
            return DtsWriter.Write(file.Blob);
        }

        using MachineFile tree = MachineFile.Read(Encoding.UTF8.GetBytes(Source(in *file.Info)), file.Name);
        return DtsWriter.Write(tree.Blob);
    }

    private static string Source(in BootInfo info)
    {
        StringBuilder text = new("/dts-v1/;\n/ {\n#address-cells = <2>;\n#size-cells = <2>;\n");
        text.Append("chosen {\n");
        if (info.CommandLineLength != 0)
        {
            text.Append("bootargs = \"").Append(
                Escape(new ReadOnlySpan<byte>(info.CommandLine, info.CommandLineLength))).Append("\";\n");
        }

        if (info.InitrdSize != 0 && !info.IsInitrdVirtual)
        {
            text.Append("linux,initrd-start = <").Append(Cells(info.InitrdStart)).Append(">;\n");
            text.Append("linux,initrd-end = <").Append(Cells(info.InitrdStart + info.InitrdSize)).Append(">;\n");
        }

        text.Append("};\n");
        foreach (IGrouping<int, Bank> node in Banks(info).GroupBy(static bank => bank.Node).OrderBy(
            static node => node.Key))
        {
            Bank[] banks = [.. node];
            text.Append(
                CultureInfo.InvariantCulture, $"memory@{banks[0].Start:x} {{\ndevice_type = \"memory\";\nreg = ");
            text.AppendJoin(", ", banks.Select(static bank => $"<{Cells(bank.Start)} {Cells(bank.Size)}>")).Append(
                ";\n");
            if (info.NodeRangeCount > 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"numa-node-id = <{node.Key}>;\n");
            }

            text.Append("};\n");
        }

        return text.Append("};\n").ToString();
    }

    // The banks, cut where one node ends and the next begins.
    private static List<Bank> Banks(in BootInfo info)
    {
        List<Bank> banks = [];
        for (int i = 0; i < info.BankCount; i++)
        {
            Bank bank = info.Banks[i];
            ulong start = bank.Start;
            ulong end = bank.Start + bank.Size;
            while (start < end)
            {
                (int node, ulong stop) = NodeAt(info, start, bank.Node);
                stop = Math.Min(stop, end);
                banks.Add(new Bank { Start = start, Size = stop - start, Node = node });
                start = stop;
            }
        }

        return banks;
    }

    private static (int Node, ulong End) NodeAt(in BootInfo info, ulong address, int node)
    {
        ulong end = ulong.MaxValue;
        for (int i = 0; i < info.NodeRangeCount; i++)
        {
            NodeRange range = info.NodeRanges[i];
            if (range.Start <= address && address < range.End)
            {
                return (range.Node, range.End);
            }

            end = range.Start > address ? Math.Min(end, range.Start) : end;
        }

        return (node, end);
    }

    private static string Cells(ulong value) => $"0x{value >> 32:x} 0x{value & 0xffff_ffff:x}";

    private static string Escape(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        foreach (byte one in bytes)
        {
            _ = one is >= 0x20 and < 0x7f and not ((byte)'"' or (byte)'\\') ? text.Append((char)one)
                : text.Append(CultureInfo.InvariantCulture, $"\\x{one:x2}");
        }

        return text.ToString();
    }
}
