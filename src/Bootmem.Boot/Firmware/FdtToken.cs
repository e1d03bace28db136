namespace Bootmem.Boot;

/// <summary>What stands in a structure block.</summary>
internal enum FdtTokenKind : byte
{
    /// <summary>A node begins.</summary>
    BeginNode = 1,

    /// <summary>A node ends.</summary>
    EndNode = 2,

    /// <summary>A property.</summary>
    Property = 3,

    /// <summary>Nothing: what was here has been taken out.</summary>
    Nop = 4,

    /// <summary>The block ends.</summary>
    End = 9,
}

/// <summary>One token; offsets are in bytes from the blob's first.</summary>
internal unsafe struct FdtToken
{
    public FdtTokenKind Kind;

    /// <summary>Offset of the token.</summary>
    public uint Offset;

    /// <summary>The name of the node or the property.</summary>
    public byte* Name;

    public int NameLength;

    /// <summary>Offset of the property's value.</summary>
    public uint Data;

    public int DataLength;
}

/// <summary>Reads tokens one after another. Nothing is read that was not checked to lie in its block.</summary>
internal unsafe struct FdtScanner
{
    public FdtBlob Blob;

    /// <summary>Offset of the next token.</summary>
    public uint Offset;

    /// <summary>
    /// Whether the names of properties are left unmeasured (their length is then 0). Many long names that are measured
    /// again for each property that is looked for would be what takes the time.
    /// </summary>
    public bool IsUnmeasured;

    /// <summary>Reads the next token that is not FDT_NOP.</summary>
    public bool Next(out FdtToken token, ref FirmwareError error)
    {
        token = default;
        while (true)
        {
            // Rounding up can have gone beyond the end by up to three bytes.
            uint left = Offset < Blob.StructureEnd ? Blob.StructureEnd - Offset : 0;
            if (left < 4)
            {
                return error.Set(FirmwareErrorKind.StructureEndsEarly, Offset, left);
            }

            uint word = FdtBlob.Big32(Blob.Bytes + Offset);
            token.Offset = Offset;
            token.Kind = (FdtTokenKind)word;
            Offset += 4;
            switch (word)
            {
                case (uint)FdtTokenKind.Nop:
                    continue;
                case (uint)FdtTokenKind.EndNode or (uint)FdtTokenKind.End:
                    return true;
                case (uint)FdtTokenKind.BeginNode:
                    return ReadNode(ref token, ref error);
                case (uint)FdtTokenKind.Property:
                    return ReadProperty(ref token, ref error);
                default:
                    return error.Set(FirmwareErrorKind.BadToken, token.Offset, word);
            }
        }
    }

    private bool ReadNode(ref FdtToken token, ref FirmwareError error)
    {
        token.Name = Blob.Bytes + Offset;
        if (!TryMeasure(Offset, Blob.StructureEnd, ref token, ref error))
        {
            return false;
        }

        Offset = (Offset + (uint)token.NameLength + 1 + 3) & ~3u;
        return true;
    }

    private bool ReadProperty(ref FdtToken token, ref FirmwareError error)
    {
        uint left = Blob.StructureEnd - Offset;
        if (left < 8)
        {
            return error.Set(FirmwareErrorKind.StructureEndsEarly, Offset, left);
        }

        uint length = FdtBlob.Big32(Blob.Bytes + Offset);
        uint name = FdtBlob.Big32(Blob.Bytes + Offset + 4);
        Offset += 8;
        if (length > left - 8)
        {
            return error.Set(FirmwareErrorKind.PropertyOutside, token.Offset, length, left - 8);
        }

        if (name >= Blob.StringsEnd - Blob.Strings)
        {
            return error.Set(FirmwareErrorKind.NameOutside, token.Offset, name, Blob.StringsEnd - Blob.Strings);
        }

        token.Data = Offset;
        token.DataLength = (int)length;
        token.Name = Blob.Bytes + Blob.Strings + name;
        Offset = (Offset + length + 3) & ~3u;
        return IsUnmeasured || TryMeasure(Blob.Strings + name, Blob.StringsEnd, ref token, ref error);
    }

    // Many properties may share one string: the bound keeps a walk's time in proportion to the blob's size.
    private readonly bool TryMeasure(uint start, uint end, ref FdtToken token, ref FirmwareError error)
    {
        uint most = end - start > FdtBlob.MaxNameLength ? FdtBlob.MaxNameLength + 1 : end - start;
        uint length = 0;
        while (length < most && Blob.Bytes[start + length] != 0)
        {
            length++;
        }

        token.NameLength = (int)length;
        return length < most
            || error.Set(FirmwareErrorKind.NameTooLong, start, most, FdtBlob.MaxNameLength);
    }
}
