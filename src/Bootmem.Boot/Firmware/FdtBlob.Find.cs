using System;

namespace Bootmem.Boot;

/// <content>Finding things in an open blob. Of two properties of one name the first counts.</content>
public unsafe partial struct FdtBlob
{
    /// <summary>The root.</summary>
    public readonly FdtNode Root
    {
        get
        {
            FdtWalk walk = FdtWalk.All(in this);
            walk.Next();
            return walk.Node;
        }
    }

    /// <summary>Finds a property of a node.</summary>
    /// <param name="node">A node of this blob.</param>
    /// <param name="name">The property's name.</param>
    /// <param name="property">The property.</param>
    /// <returns>Whether the node has it.</returns>
    public readonly bool TryGetProperty(in FdtNode node, ReadOnlySpan<byte> name, out FdtProperty property)
    {
        FirmwareError ignored = default;
        FdtScanner scanner = default;
        scanner.Blob = this;
        scanner.Offset = node.Body;
        scanner.IsUnmeasured = true;
        while (scanner.Next(out FdtToken token, ref ignored) && token.Kind == FdtTokenKind.Property)
        {
            if (IsString(token.Name, name))
            {
                property = default;
                property.Name = token.Name;
                property.NameLength = name.Length;
                property.Data = Bytes + token.Data;
                property.Length = token.DataLength;
                property.Offset = token.Data;
                return true;
            }
        }

        property = default;
        return false;
    }

    /// <summary>Finds the node with a phandle, and the node that holds it.</summary>
    /// <param name="phandle">The phandle.</param>
    /// <param name="node">The node.</param>
    /// <param name="parent">The node that holds it; the root for the root.</param>
    /// <returns>Whether there is one.</returns>
    public readonly bool TryFindPhandle(uint phandle, out FdtNode node, out FdtNode parent)
    {
        FdtWalk walk = FdtWalk.All(in this);
        while (walk.Next())
        {
            node = walk.Node;
            if (HasPhandle(in node, "phandle"u8, phandle) || HasPhandle(in node, "linux,phandle"u8, phandle))
            {
                return walk.TryGetAncestor(walk.Depth == 1 ? 1 : walk.Depth - 1, out parent);
            }
        }

        node = default;
        parent = default;
        return false;
    }

    /// <summary>Whether a node is to be used: <c>status</c> is missing, <c>okay</c> or <c>ok</c>.</summary>
    /// <param name="node">A node of this blob.</param>
    public readonly bool IsAvailable(in FdtNode node) =>
        !TryGetProperty(in node, "status"u8, out FdtProperty status)
        || Ascii.Equal(status.Text, "okay"u8)
        || Ascii.Equal(status.Text, "ok"u8);

    /// <summary>Writes the path of a node, from the root on; what cannot be printed is written as <c>?</c>.</summary>
    /// <param name="offset">The node's offset in the blob.</param>
    /// <param name="log">Where to.</param>
    public readonly void DescribePath(uint offset, Log log)
    {
        FdtWalk walk = FdtWalk.All(in this);
        while (walk.Next())
        {
            if (walk.Node.Offset != offset)
            {
                continue;
            }

            if (walk.Depth == 1)
            {
                log.Text("/"u8);
            }

            for (int level = 2; walk.TryGetAncestor(level, out FdtNode node); level++)
            {
                log.Text("/"u8);
                WriteName(in node, log);
            }

            return;
        }
    }

    /// <summary>The node whose first token is at an offset.</summary>
    internal readonly FdtNode NodeAt(uint offset)
    {
        FdtNode at = default;
        at.Offset = offset;
        FdtWalk walk = FdtWalk.From(in this, in at);
        return walk.Next() ? walk.Node : at;
    }

    private readonly bool HasPhandle(in FdtNode node, ReadOnlySpan<byte> name, uint phandle) =>
        TryGetProperty(in node, name, out FdtProperty property)
        && property.Length == 4
        && Big32(property.Data) == phandle;

    // Whether a string of the strings block, with its closing 0, is this one.
    private readonly bool IsString(byte* at, ReadOnlySpan<byte> text)
    {
        // The difference of two pointers would be a division.
        if ((nuint)(Bytes + StringsEnd) - (nuint)at <= (nuint)text.Length)
        {
            return false;
        }

        return at[text.Length] == 0 && Ascii.Equal(new ReadOnlySpan<byte>(at, text.Length), text);
    }

    private static void WriteName(in FdtNode node, Log log)
    {
        for (int i = 0; i < node.NameLength; i++)
        {
            byte c = node.Name[i];
            log.Text(c is > (byte)' ' and <= (byte)'~' ? new ReadOnlySpan<byte>(node.Name + i, 1) : "?"u8);
        }
    }
}
