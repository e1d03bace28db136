using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>
/// Writes a blob as device tree source. Values bear no types in a blob: what looks like strings is written as strings,
/// what is a whole number of cells as cells, the rest as bytes. Compiled again it gives the same tree.
/// </summary>
public static unsafe class DtsWriter
{
    /// <summary>Writes a blob as source.</summary>
    /// <param name="blob">An open blob.</param>
    /// <returns>The source, with lines that end with a newline.</returns>
    /// <exception cref="MachineFileException">
    /// The tree has what source cannot have: a name with other bytes or none, or one that stands twice in a node.
    /// </exception>
    public static string Write(in FdtBlob blob)
    {
        StringBuilder text = new("/dts-v1/;\n\n");
        for (uint i = 0; i < blob.ReserveCount; i++)
        {
            blob.ReadReserve(i, out ulong start, out ulong size);
            text.Append(CultureInfo.InvariantCulture, $"/memreserve/ 0x{start:x} 0x{size:x};\n");
        }

        FdtWalk walk = FdtWalk.All(in blob);
        int depth = 0;

        // The names of the children of each open node: source would make one of two that are the same.
        Stack<HashSet<string>> names = [];
        while (walk.Next())
        {
            depth = Close(text, depth, walk.Depth);
            while (names.Count > depth)
            {
                names.Pop();
            }

            string name = depth == 0 ? "/" : Once(names.Peek(), NameOf(walk.Node.NameText));
            Indent(text, depth).Append(name).Append(" {\n");
            depth++;
            names.Push([]);
            WriteProperties(text, in blob, walk.Node, depth);
        }

        Close(text, depth, 1);
        return text.ToString();
    }

    // Ends the open nodes that a node at a depth does not lie in; gives how many are left.
    private static int Close(StringBuilder text, int open, int depth)
    {
        while (open >= depth)
        {
            open--;
            Indent(text, open).Append("};\n");
        }

        return open;
    }

    private static void WriteProperties(StringBuilder text, in FdtBlob blob, FdtNode node, int depth)
    {
        HashSet<string> names = [];
        FdtProperties properties = FdtProperties.Of(in blob, in node);
        while (properties.Next())
        {
            FdtProperty property = properties.Property;
            Indent(text, depth).Append(Once(names, NameOf(property.NameText)));
            ReadOnlySpan<byte> value = new(property.Data, property.Length);
            if (value.Length != 0)
            {
                text.Append(" = ");
                WriteValue(text, value);
            }

            text.Append(";\n");
        }
    }

    private static void WriteValue(StringBuilder text, ReadOnlySpan<byte> value)
    {
        if (IsStrings(value))
        {
            WriteStrings(text, value);
        }
        else if (value.Length % 4 == 0)
        {
            text.Append('<');
            for (int i = 0; i < value.Length; i += 4)
            {
                uint cell = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(value[i..]);
                text.Append(i == 0 ? "" : " ").Append(CultureInfo.InvariantCulture, $"0x{cell:x}");
            }

            text.Append('>');
        }
        else
        {
            text.Append('[');
            for (int i = 0; i < value.Length; i++)
            {
                text.Append(i == 0 ? "" : " ").Append(CultureInfo.InvariantCulture, $"{value[i]:x2}");
            }

            text.Append(']');
        }
    }

    private static void WriteStrings(StringBuilder text, ReadOnlySpan<byte> value)
    {
        text.Append('"');
        for (int i = 0; i < value.Length - 1; i++)
        {
            _ = value[i] switch
            {
                0 => text.Append("\", \""),
                (byte)'"' => text.Append("\\\""),
                (byte)'\\' => text.Append(@"\\"),
                _ => text.Append((char)value[i]),
            };
        }

        text.Append('"');
    }

    // Printable strings, none of them empty, with a closing 0 each.
    private static bool IsStrings(ReadOnlySpan<byte> value)
    {
        bool isAfterZero = true;
        foreach (byte c in value)
        {
            if (c == 0 ? isAfterZero : c is < (byte)' ' or > (byte)'~')
            {
                return false;
            }

            isAfterZero = c == 0;
        }

        return isAfterZero;
    }

    private static string Once(HashSet<string> names, string name) => names.Add(name) ? name
        : throw new MachineFileException($"device tree: found the name {name} twice in a node, expected it once");

    private static string NameOf(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            throw new MachineFileException("device tree: found a property without a name, expected one");
        }

        foreach (byte c in name)
        {
            if (!DtsNames.IsPart(c))
            {
                throw new MachineFileException(
                    $"device tree: found the byte 0x{c:x2} in a name, expected letters, digits and ,._+*#?@-");
            }
        }

        return Encoding.ASCII.GetString(name);
    }

    private static StringBuilder Indent(StringBuilder text, int depth) => text.Append('\t', depth);
}
