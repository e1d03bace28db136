using System;

namespace Bootmem.Lab.Scripts;

/// <content>Keeping the allocator's state, so that calls can be tried and taken back.</content>
public sealed unsafe partial class ScriptMachine
{
    /// <summary>The nodes and the bits of their bitmaps, as they are now.</summary>
    internal Snapshot Save()
    {
        BootmemNode[] nodes = new Span<BootmemNode>(_nodes, _handed.Length).ToArray();
        byte[][] maps = new byte[nodes.Length][];
        for (int i = 0; i < nodes.Length; i++)
        {
            maps[i] = nodes[i].HasMap ? BytesOf(nodes[i]).ToArray() : [];
        }

        return new Snapshot(nodes, maps);
    }

    /// <summary>Takes back every allocation, reservation and free since then. A node's init or hand-over is not.</summary>
    /// <param name="snapshot">What was kept of this machine.</param>
    internal void Restore(Snapshot snapshot)
    {
        for (int i = 0; i < snapshot.Nodes.Length; i++)
        {
            _nodes[i] = snapshot.Nodes[i];
            snapshot.Maps[i].CopyTo(BytesOf(_nodes[i]));
        }
    }

    /// <summary>Changes a node's numbers, to try what would come of it.</summary>
    /// <param name="change">Gets each node.</param>
    internal void Change(NodeChange change)
    {
        for (int i = 0; i < _handed.Length; i++)
        {
            change(ref _nodes[i]);
        }
    }

    private static Span<byte> BytesOf(in BootmemNode node) =>
        node.HasMap ? new Span<byte>(node.Map.Bytes, (int)(node.Map.BitCount >> 3)) : default;

    /// <summary>Changes a node.</summary>
    internal delegate void NodeChange(ref BootmemNode node);

    /// <summary>The state of all nodes at one moment.</summary>
    internal sealed record Snapshot(BootmemNode[] Nodes, byte[][] Maps);
}
