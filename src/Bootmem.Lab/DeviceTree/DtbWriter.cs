using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Bootmem.Lab;

/// <summary>Writes a tree as a blob of version 17, which readers of version 16 can read.</summary>
internal sealed class DtbWriter : IDisposable
{
    private const int HeaderBytes = 40;

    private readonly MemoryStream _structure = new();
    private readonly MemoryStream _strings = new();
    private readonly Dictionary<string, uint> _offsetByName = [];

    public static byte[] Write(DtsTree tree)
    {
        using DtbWriter writer = new();
        writer.WriteNodes(tree.Root);
        return writer.Assemble(tree);
    }

    public void Dispose()
    {
        _structure.Dispose();
        _strings.Dispose();
    }

    private void WriteNodes(DtsNode root)
    {
        Stack<IEnumerator<DtsNode>> open = new();
        Begin(root);
        open.Push(root.Children.GetEnumerator());
        while (open.TryPeek(out IEnumerator<DtsNode>? children))
        {
            if (children.MoveNext())
            {
                Begin(children.Current);
                open.Push(children.Current.Children.GetEnumerator());
            }
            else
            {
                Word(_structure, 2);
                open.Pop().Dispose();
            }
        }

        Word(_structure, 9);
    }

    private void Begin(DtsNode node)
    {
        Word(_structure, 1);
        _structure.Write(Encoding.ASCII.GetBytes(node.Name));
        _structure.WriteByte(0);
        Align(_structure, 4);
        foreach (DtsProperty property in node.Properties)
        {
            Word(_structure, 3);
            Word(_structure, (uint)property.Value.Length);
            Word(_structure, OffsetOf(property.Name));
            _structure.Write(property.Value);
            Align(_structure, 4);
        }
    }

    private uint OffsetOf(string name)
    {
        if (!_offsetByName.TryGetValue(name, out uint offset))
        {
            offset = (uint)_strings.Length;
            _offsetByName.Add(name, offset);
            _strings.Write(Encoding.ASCII.GetBytes(name));
            _strings.WriteByte(0);
        }

        return offset;
    }

    private byte[] Assemble(DtsTree tree)
    {
        uint structure = HeaderBytes + (16 * ((uint)tree.Reserves.Count + 1));
        uint strings = structure + (uint)_structure.Length;
        using MemoryStream blob = new();
        Word(blob, Boot.FdtBlob.Magic);
        Word(blob, strings + (uint)_strings.Length);
        Word(blob, structure);
        Word(blob, strings);
        Word(blob, HeaderBytes);
        Word(blob, Boot.FdtBlob.KnownVersion);
        Word(blob, Boot.FdtBlob.FirstVersion);
        Word(blob, 0);
        Word(blob, (uint)_strings.Length);
        Word(blob, (uint)_structure.Length);
        foreach ((ulong start, ulong size) in tree.Reserves)
        {
            Word(blob, (uint)(start >> 32));
            Word(blob, (uint)start);
            Word(blob, (uint)(size >> 32));
            Word(blob, (uint)size);
        }

        blob.Write(new byte[16]);
        _structure.WriteTo(blob);
        _strings.WriteTo(blob);
        return blob.ToArray();
    }

    private static void Word(MemoryStream stream, uint word)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, word);
        stream.Write(bytes);
    }

    private static void Align(MemoryStream stream, int bytes)
    {
        while (stream.Length % bytes != 0)
        {
            stream.WriteByte(0);
        }
    }
}
