namespace Bootmem.Boot;

/// <summary>
/// Goes through a blob's nodes, or through one node and what is under it, in the blob's order: a node before its
/// children. It keeps the way from the start to the node, so it needs no recursion.
/// </summary>
public unsafe struct FdtWalk
{
    private FdtScanner _scanner;
    private fixed uint _path[FdtBlob.MaxDepth];
    private bool _isAll;
    private bool _isAfterChild;
    private bool _isOver;

    /// <summary>The node that the walk is at.</summary>
    public FdtNode Node;

    /// <summary>How many nodes lie open: 1 for the one that the walk began with, 2 for its children.</summary>
    public int Depth;

    /// <summary>Walks through all nodes.</summary>
    /// <param name="blob">The blob.</param>
    public static FdtWalk All(in FdtBlob blob)
    {
        FdtWalk walk = default;
        walk._scanner.Blob = blob;
        walk._scanner.Offset = blob.Structure;
        walk._isAll = true;
        return walk;
    }

    /// <summary>Walks through a node and all that is under it; the node itself comes first.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="node">A node of it.</param>
    public static FdtWalk From(in FdtBlob blob, in FdtNode node)
    {
        FdtWalk walk = default;
        walk._scanner.Blob = blob;
        walk._scanner.Offset = node.Offset;
        return walk;
    }

    /// <summary>Goes to the next node.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next()
    {
        FirmwareError ignored = default;
        _scanner.IsUnmeasured = true;
        return Next(ref ignored);
    }

    /// <summary>The node that holds the current one, or one further up.</summary>
    /// <param name="level">Its depth: 1 .. <see cref="Depth"/>.</param>
    /// <param name="node">The node.</param>
    /// <returns>Whether there is one at that depth.</returns>
    public bool TryGetAncestor(int level, out FdtNode node)
    {
        node = default;
        if (level < 1 || level > Depth)
        {
            return false;
        }

        node = _scanner.Blob.NodeAt(_path[level - 1]);
        return true;
    }

    /// <summary>Goes to the next node, and checks all that lies on the way.</summary>
    internal bool Next(ref FirmwareError error)
    {
        while (!_isOver)
        {
            if (!_scanner.Next(out FdtToken token, ref error))
            {
                return Stop(ref error);
            }

            switch (token.Kind)
            {
                case FdtTokenKind.BeginNode:
                    return Enter(in token, ref error) || Stop(ref error);
                case FdtTokenKind.Property when Depth != 0 && !_isAfterChild:
                    break;
                case FdtTokenKind.Property when Depth != 0:
                    error.Set(FirmwareErrorKind.PropertyAfterChild, token.Offset);
                    return Stop(ref error);
                case FdtTokenKind.EndNode when Depth != 0:
                    Leave(ref error);
                    break;
                default:
                    uint expected = (uint)(Depth == 0 ? FdtTokenKind.BeginNode : FdtTokenKind.EndNode);
                    error.Set(FirmwareErrorKind.UnexpectedToken, token.Offset, (uint)token.Kind, expected);
                    return Stop(ref error);
            }
        }

        return false;
    }

    private bool Enter(in FdtToken token, ref FirmwareError error)
    {
        if (Depth == FdtBlob.MaxDepth)
        {
            return error.Set(FirmwareErrorKind.TooDeep, token.Offset, (ulong)Depth + 1, FdtBlob.MaxDepth);
        }

        // The root has no name.
        if (Depth != 0 && token.NameLength == 0)
        {
            return error.Set(FirmwareErrorKind.EmptyName, token.Offset);
        }

        _path[Depth++] = token.Offset;
        _isAfterChild = false;
        Node.Offset = token.Offset;
        Node.Body = _scanner.Offset;
        Node.Name = token.Name;
        Node.NameLength = token.NameLength;
        return true;
    }

    private void Leave(ref FirmwareError error)
    {
        Depth--;
        _isAfterChild = true;
        if (Depth != 0)
        {
            return;
        }

        _isOver = true;
        if (_isAll && _scanner.Next(out FdtToken last, ref error) && last.Kind != FdtTokenKind.End)
        {
            error.Set(FirmwareErrorKind.UnexpectedToken, last.Offset, (uint)last.Kind, (uint)FdtTokenKind.End);
        }
    }

    private bool Stop(ref FirmwareError error)
    {
        _isOver = true;
        return error.At(in _scanner.Blob, Depth == 0 ? 0 : _path[Depth - 1]);
    }
}
