using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Bootmem.Tests.Firmware;

/// <summary>Builds device tree blobs word by word, right or wrong.</summary>
internal sealed class BlobBuilder
{
    private readonly List<byte> _structure = [];
    private readonly List<byte> _strings = [];
    private readonly List<byte> _reserves = [];

    public uint Version { get; set; } = 17;

    public uint LastCompatible { get; set; } = 16;

    public static byte[] Cells(params uint[] cells)
    {
        byte[] bytes = new byte[cells.Length * 4];
        for (int i = 0; i < cells.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), cells[i]);
        }

        return bytes;
    }

    /// <summary>A blob whose root has one cell for addresses and one for sizes.</summary>
    public static BlobBuilder Root11() =>
        new BlobBuilder().Begin("").Cell("#address-cells", 1).Cell("#size-cells", 1);

    public BlobBuilder Word(uint word)
    {
        _structure.AddRange(Cells(word));
        return this;
    }

    public BlobBuilder Begin(string name)
    {
        Word(1);
        _structure.AddRange(Encoding.ASCII.GetBytes(name + "\0"));
        return Align();
    }

    public BlobBuilder End() => Word(2);

    public BlobBuilder Property(string name, params byte[] value)
    {
        Word(3).Word((uint)value.Length).Word((uint)_strings.Count);
        _strings.AddRange(Encoding.ASCII.GetBytes(name + "\0"));
        _structure.AddRange(value);
        return Align();
    }

    public BlobBuilder Cell(string name, params uint[] cells) => Property(name, Cells(cells));

    public BlobBuilder Text(string name, string text) => Property(name, Encoding.ASCII.GetBytes(text + "\0"));

    public BlobBuilder Node(string name, string property, params uint[] cells) =>
        Begin(name).Cell(property, cells).End();

    public BlobBuilder Reserve(ulong start, ulong size)
    {
        _reserves.AddRange(Cells((uint)(start >> 32), (uint)start, (uint)(size >> 32), (uint)size));
        return this;
    }

    /// <summary>Ends the root and the structure block.</summary>
    public byte[] Finish() => End().Word(9).Raw();

    /// <summary>The blob as it is.</summary>
    public byte[] Raw()
    {
        uint structure = 56 + (uint)_reserves.Count;
        uint strings = structure + (uint)_structure.Count;
        using MemoryStream blob = new();
        uint size = strings + (uint)_strings.Count;
        blob.Write(Cells(0xd00dfeed, size, structure, strings, 40, Version, LastCompatible, 0));
        blob.Write(Cells((uint)_strings.Count, (uint)_structure.Count));
        blob.Write(_reserves.ToArray());
        blob.Write(new byte[16]);
        blob.Write(_structure.ToArray());
        blob.Write(_strings.ToArray());
        return blob.ToArray();
    }

    private BlobBuilder Align()
    {
        while (_structure.Count % 4 != 0)
        {
            _structure.Add(0);
        }

        return this;
    }
}
