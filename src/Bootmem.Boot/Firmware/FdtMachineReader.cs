using System;

namespace Bootmem.Boot;

/// <summary>The reading of one machine: the walk over its nodes, and its banks.</summary>
internal unsafe partial struct FdtMachineReader
{
    public FdtBlob Blob;
    public BootInfo Info;
    public FirmwareError Error;

    private FdtNode _root;

    // Read at the first memory node: a root without any need not tell of cells, and one with many is asked once.
    private FdtCells _rootCells;
    private FdtNode _private;
    private FdtNode _privateParent;
    private bool _hasChosen;

    public bool Read()
    {
        if (!ReadHeaderReservations())
        {
            return false;
        }

        FdtWalk walk = FdtWalk.All(in Blob);
        while (walk.Next())
        {
            if (!Visit(ref walk))
            {
                return false;
            }
        }

        // The binding comes last: what it says of the command line and the INITRD overrides /chosen.
        if (Info.Private.IsPresent && !ReadPrivate())
        {
            return false;
        }

        NumaIds.Number(ref Info);
        return true;
    }

    private bool Visit(ref FdtWalk walk)
    {
        FdtNode node = walk.Node;
        if (walk.Depth == 1)
        {
            _root = node;
            TakeText(in node, "model"u8, ref Info.Model, ref Info.ModelLength);
        }

        if (IsPrivate(in node))
        {
            if (Info.Private.IsPresent)
            {
                return Fail(FirmwareErrorKind.SecondPrivate, in node, FdtName.None, node.Offset);
            }

            Info.Private.IsPresent = true;
            _private = node;
            walk.TryGetAncestor(walk.Depth == 1 ? 1 : walk.Depth - 1, out _privateParent);
        }

        if (walk.Depth != 2)
        {
            return true;
        }

        if (IsMemory(in node))
        {
            return ReadMemory(in node);
        }

        if (node.IsNamed("reserved-memory"u8))
        {
            return ReadReservedMemory(in node);
        }

        return !Ascii.Equal(node.NameText, "chosen"u8) || ReadChosen(in node);
    }

    private readonly bool IsMemory(in FdtNode node) =>
        (node.IsNamed("memory"u8)
            || (Blob.TryGetProperty(in node, "device_type"u8, out FdtProperty type)
                && Ascii.Equal(type.Text, "memory"u8)))
        && Blob.IsAvailable(in node);

    private bool ReadMemory(in FdtNode node)
    {
        if (!TryGet(in node, FdtName.Reg, out FdtProperty reg))
        {
            return Missing(in node, FdtName.Reg);
        }

        if (_rootCells.Address == 0 && !FdtCells.TryRead(in Blob, in _root, out _rootCells, ref Error))
        {
            return false;
        }

        if (!ReadNumaId(in node, out int id))
        {
            return false;
        }

        FdtRanges ranges = FdtRanges.Of(in Blob, in node, in reg, _rootCells);
        while (ranges.Next(ref Error))
        {
            if (!Info.TryAddBank(ranges.Start, ranges.Size, id))
            {
                ulong capacity = (ulong)Info.BankCapacity;
                return Fail(FirmwareErrorKind.TooManyBanks, in node, FdtName.None, reg.Offset, 0, capacity);
            }
        }

        return !Error.IsSet;
    }

    private bool ReadNumaId(in FdtNode node, out int id)
    {
        id = 0;
        if (!TryGet(in node, FdtName.NumaNodeId, out FdtProperty property))
        {
            return true;
        }

        if (property.Length != 4)
        {
            ulong length = (ulong)property.Length;
            return Fail(FirmwareErrorKind.BadCellLength, in node, FdtName.NumaNodeId, property.Offset, length, 4);
        }

        uint number = FdtBlob.Big32(property.Data);
        if (number >= NumaIds.Limit)
        {
            FirmwareErrorKind kind = FirmwareErrorKind.NodeIdTooGreat;
            return Fail(kind, in node, FdtName.NumaNodeId, property.Offset, number, NumaIds.Limit);
        }

        id = (int)number;
        return true;
    }

    private readonly bool TryGet(in FdtNode node, FdtName name, out FdtProperty property) =>
        Blob.TryGetProperty(in node, FdtNames.Text(name), out property);

    private readonly void TakeText(in FdtNode node, ReadOnlySpan<byte> name, ref byte* text, ref int length)
    {
        if (Blob.TryGetProperty(in node, name, out FdtProperty property))
        {
            text = property.Data;
            length = property.Text.Length;
        }
    }

    private bool Missing(in FdtNode node, FdtName name) =>
        Fail(FirmwareErrorKind.MissingProperty, in node, name, node.Offset);

    private bool Fail(
        FirmwareErrorKind kind, in FdtNode node, FdtName name, ulong offset, ulong found = 0, ulong expected = 0)
    {
        Error.Set(kind, offset, found, expected);
        return Error.At(in Blob, node.Offset, name);
    }
}
