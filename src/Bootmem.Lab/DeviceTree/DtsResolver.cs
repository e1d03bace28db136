using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Bootmem.Lab;

/// <summary>Turns the references of a tree into phandles and paths, and leaves out what nothing refers to.</summary>
internal sealed class DtsResolver
{
    private readonly DtsTree _tree;
    private readonly List<DtsNode> _nodes;
    private readonly Dictionary<uint, DtsNode> _nodeByPhandle = [];
    private uint _lastPhandle;
    private long _pathBytes;

    private DtsResolver(DtsTree tree)
    {
        _tree = tree;
        _nodes = NodesInOrder(tree);
    }

    public static void Resolve(DtsTree tree)
    {
        DtsResolver resolver = new(tree);
        resolver.CollectPhandles();
        resolver.ResolvePhandles();
        resolver.ResolvePaths();
        foreach (DtsNode node in resolver._nodes)
        {
            node.IsDeleted |= node.IsOmittable && !node.IsReferenced;
        }
    }

    /// <summary>The live nodes of a tree, a node before its children.</summary>
    public static List<DtsNode> NodesInOrder(DtsTree tree)
    {
        List<DtsNode> nodes = [];
        Stack<DtsNode> next = new();
        next.Push(tree.Root);
        while (next.TryPop(out DtsNode? node))
        {
            nodes.Add(node);
            List<DtsNode> children = [.. node.Children];
            for (int i = children.Count - 1; i >= 0; i--)
            {
                next.Push(children[i]);
            }
        }

        return nodes;
    }

    private void CollectPhandles()
    {
        foreach (DtsNode node in _nodes)
        {
            foreach (DtsProperty property in node.Properties)
            {
                if (property.Name is not ("phandle" or "linux,phandle"))
                {
                    continue;
                }

                uint phandle = property.Value.Length == 4 && property.References.Count == 0
                    ? BinaryPrimitives.ReadUInt32BigEndian(property.Value)
                    : 0;
                if (phandle is 0 or uint.MaxValue)
                {
                    throw property.Place.Error(
                        property.Name, "another value", "one cell with a number other than 0 and 0xffffffff");
                }

                if (!_nodeByPhandle.TryAdd(phandle, node) && _nodeByPhandle[phandle] != node)
                {
                    throw property.Place.Error(
                        property.Name,
                        $"0x{phandle:x}, which {_nodeByPhandle[phandle].Path} has",
                        "a number of its own");
                }

                if (node.Phandle != 0 && node.Phandle != phandle)
                {
                    throw property.Place.Error(
                        property.Name, $"0x{phandle:x}", $"the node's other phandle, 0x{node.Phandle:x}");
                }

                node.Phandle = phandle;
            }
        }
    }

    // Phandles are given in the order in which they are asked for, as dtc does: so both make the same blob.
    private void ResolvePhandles()
    {
        foreach (DtsNode node in _nodes)
        {
            foreach (DtsProperty property in node.Properties)
            {
                foreach (DtsReference reference in property.References)
                {
                    if (!reference.IsPath)
                    {
                        uint phandle = PhandleOf(_tree.Find(reference.Target, reference.Place));
                        BinaryPrimitives.WriteUInt32BigEndian(property.Value.AsSpan(reference.Offset), phandle);
                    }
                }
            }
        }
    }

    private uint PhandleOf(DtsNode node)
    {
        node.IsReferenced = true;
        if (node.Phandle != 0)
        {
            return node.Phandle;
        }

        do
        {
            _lastPhandle++;
        }
        while (!_nodeByPhandle.TryAdd(_lastPhandle, node));
        node.Phandle = _lastPhandle;
        byte[] value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, node.Phandle);
        node.AddProperty("phandle").Value = value;
        return node.Phandle;
    }

    private void ResolvePaths()
    {
        foreach (DtsNode node in _nodes)
        {
            foreach (DtsProperty property in node.Properties)
            {
                if (property.References.Exists(static reference => reference.IsPath))
                {
                    InsertPaths(property);
                }
            }
        }
    }

    private void InsertPaths(DtsProperty property)
    {
        List<byte> value = new(property.Value.Length);
        int from = 0;
        foreach (DtsReference reference in property.References)
        {
            if (!reference.IsPath)
            {
                continue;
            }

            DtsNode node = _tree.Find(reference.Target, reference.Place);
            node.IsReferenced = true;
            byte[] path = Encoding.ASCII.GetBytes(node.Path + "\0");
            _pathBytes += path.Length;
            if (_pathBytes > DtsLimits.OutputBytes)
            {
                throw reference.Place.Error("values", "more", $"at most {DtsLimits.OutputBytes} bytes of paths");
            }

            value.AddRange(property.Value[from..reference.Offset]);
            value.AddRange(path);
            from = reference.Offset;
        }

        value.AddRange(property.Value[from..]);
        property.Value = [.. value];
    }
}
