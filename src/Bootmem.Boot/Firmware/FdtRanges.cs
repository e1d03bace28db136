namespace Bootmem.Boot;

/// <summary>How many cells an address and a size have in the <c>reg</c> of a node's children.</summary>
public unsafe struct FdtCells
{
    /// <summary>Cells of an address: 1 or 2.</summary>
    public int Address;

    /// <summary>Cells of a size: 1 or 2.</summary>
    public int Size;

    /// <summary>Bytes of a range: 8, 12 or 16.</summary>
    public readonly int RangeBytes => (Address + Size) << 2;

    /// <summary>Reads them from a node; where it does not tell, they are 2 and 1.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="node">The node whose children's <c>reg</c> is to be read.</param>
    /// <param name="cells">The counts.</param>
    /// <param name="error">What is wrong: a value that is not one cell, or not 1 or 2.</param>
    /// <returns>Whether nothing is wrong.</returns>
    public static bool TryRead(in FdtBlob blob, in FdtNode node, out FdtCells cells, ref FirmwareError error)
    {
        cells = default;
        return TryRead(in blob, in node, FdtName.AddressCells, 2, out cells.Address, ref error)
            && TryRead(in blob, in node, FdtName.SizeCells, 1, out cells.Size, ref error);
    }

    private static bool TryRead(
        in FdtBlob blob, in FdtNode node, FdtName name, int missing, out int count, ref FirmwareError error)
    {
        count = missing;
        if (!blob.TryGetProperty(in node, FdtNames.Text(name), out FdtProperty property))
        {
            return true;
        }

        if (property.Length != 4)
        {
            error.Set(FirmwareErrorKind.BadCellLength, property.Offset, (ulong)property.Length, 4);
            return error.At(in blob, node.Offset, name);
        }

        uint cells = FdtBlob.Big32(property.Data);
        if (cells is not (1 or 2))
        {
            error.Set(FirmwareErrorKind.BadCellCount, property.Offset, cells);
            return error.At(in blob, node.Offset, name);
        }

        count = (int)cells;
        return true;
    }
}

/// <summary>Goes through the ranges of a node's <c>reg</c>.</summary>
public unsafe struct FdtRanges
{
    private FdtBlob _blob;
    private FdtProperty _property;
    private FdtCells _cells;
    private uint _node;
    private int _next;

    /// <summary>Physical address of the current range's first byte.</summary>
    public ulong Start;

    /// <summary>Its size in bytes.</summary>
    public ulong Size;

    /// <summary>The ranges of a property.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="node">The node that has it.</param>
    /// <param name="property">Its <c>reg</c>.</param>
    /// <param name="cells">The cell counts of the node that holds it.</param>
    public static FdtRanges Of(in FdtBlob blob, in FdtNode node, in FdtProperty property, FdtCells cells)
    {
        FdtRanges ranges = default;
        ranges._blob = blob;
        ranges._node = node.Offset;
        ranges._property = property;
        ranges._cells = cells;
        return ranges;
    }

    /// <summary>Goes to the next range.</summary>
    /// <param name="error">What is wrong: the list ends within a range, or a range runs over the last address.</param>
    /// <returns>Whether there is another one; false at the end and where something is wrong.</returns>
    public bool Next(ref FirmwareError error)
    {
        int left = _property.Length - _next;
        if (left == 0)
        {
            return false;
        }

        uint offset = _property.Offset + (uint)_next;
        if (left < _cells.RangeBytes)
        {
            ulong length = (ulong)_property.Length;
            error.Set(FirmwareErrorKind.BadRangeLength, offset, length, (ulong)_cells.RangeBytes);
            return error.At(in _blob, _node, FdtName.Reg);
        }

        byte* at = _property.Data + _next;
        Start = Read(at, _cells.Address);
        Size = Read(at + (_cells.Address << 2), _cells.Size);
        _next += _cells.RangeBytes;
        if (Size > ulong.MaxValue - Start)
        {
            error.Set(FirmwareErrorKind.RangeWraps, offset, Start, Size);
            return error.At(in _blob, _node, FdtName.Reg);
        }

        return true;
    }

    private static ulong Read(byte* at, int cells) => cells == 1 ? FdtBlob.Big32(at) : FdtBlob.Big64(at);
}
