using System;

namespace Bootmem.Boot;

/// <summary>A node of a blob.</summary>
public unsafe struct FdtNode
{
    /// <summary>Offset of its first token in the blob, in bytes: what tells nodes apart.</summary>
    public uint Offset;

    /// <summary>Offset of the token after its name.</summary>
    public uint Body;

    /// <summary>Its name with the unit address, in the blob; the root's is empty.</summary>
    public byte* Name;

    /// <summary>Its length in bytes.</summary>
    public int NameLength;

    /// <summary>The name as a span.</summary>
    public readonly ReadOnlySpan<byte> NameText => new(Name, NameLength);

    /// <summary>Whether the name, without the unit address that may follow an @, is this one.</summary>
    /// <param name="name">A name without a unit address.</param>
    public readonly bool IsNamed(ReadOnlySpan<byte> name) =>
        Ascii.StartsWith(NameText, name) && (NameLength == name.Length || Name[name.Length] == (byte)'@');
}

/// <summary>A property of a node.</summary>
public unsafe struct FdtProperty
{
    /// <summary>Its name, in the blob.</summary>
    public byte* Name;

    /// <summary>The name's length in bytes.</summary>
    public int NameLength;

    /// <summary>Its value, in the blob; any alignment.</summary>
    public byte* Data;

    /// <summary>The value's length in bytes.</summary>
    public int Length;

    /// <summary>Offset of the value in the blob, in bytes.</summary>
    public uint Offset;

    /// <summary>The name as a span.</summary>
    public readonly ReadOnlySpan<byte> NameText => new(Name, NameLength);

    /// <summary>The value up to its first 0, or all of it.</summary>
    public readonly ReadOnlySpan<byte> Text => StringAt(0);

    /// <summary>A string of a list of strings, each with a closing 0.</summary>
    /// <param name="start">Where in the value it begins, in bytes: 0 .. <see cref="Length"/>.</param>
    public readonly ReadOnlySpan<byte> StringAt(int start)
    {
        int end = start;
        while (end < Length && Data[end] != 0)
        {
            end++;
        }

        return new ReadOnlySpan<byte>(Data + start, end - start);
    }

    /// <summary>Whether a list of strings has this one.</summary>
    /// <param name="text">A string.</param>
    public readonly bool HasString(ReadOnlySpan<byte> text)
    {
        for (int start = 0; start < Length;)
        {
            ReadOnlySpan<byte> one = StringAt(start);
            if (Ascii.Equal(one, text))
            {
                return true;
            }

            start += one.Length + 1;
        }

        return false;
    }

    /// <summary>Reads a value of one or two cells.</summary>
    /// <param name="number">The number.</param>
    /// <returns>Whether the value has that length.</returns>
    public readonly bool TryReadNumber(out ulong number)
    {
        number = Length switch
        {
            4 => FdtBlob.Big32(Data),
            8 => FdtBlob.Big64(Data),
            _ => 0,
        };
        return Length is 4 or 8;
    }
}

/// <summary>Goes through the properties of a node, in the blob's order.</summary>
public unsafe struct FdtProperties
{
    private FdtScanner _scanner;

    /// <summary>The property that it is at.</summary>
    public FdtProperty Property;

    /// <summary>The properties of a node.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="node">A node of it.</param>
    public static FdtProperties Of(in FdtBlob blob, in FdtNode node)
    {
        FdtProperties properties = default;
        properties._scanner.Blob = blob;
        properties._scanner.Offset = node.Body;
        return properties;
    }

    /// <summary>Goes to the next property.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next()
    {
        FirmwareError ignored = default;
        uint offset = _scanner.Offset;
        if (!_scanner.Next(out FdtToken token, ref ignored) || token.Kind != FdtTokenKind.Property)
        {
            // Asked again, it says the same.
            _scanner.Offset = offset;
            return false;
        }

        Property.Name = token.Name;
        Property.NameLength = token.NameLength;
        Property.Data = _scanner.Blob.Bytes + token.Data;
        Property.Length = token.DataLength;
        Property.Offset = token.Data;
        return true;
    }
}
