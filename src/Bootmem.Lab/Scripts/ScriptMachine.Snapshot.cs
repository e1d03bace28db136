using System;

namespace Bootmem.Lab.Scripts;

/// <content>Keeping the allocator's state, so that calls can be tried and taken back.</content>
public sealed unsafe partial class ScriptMachine
{
    /// <summary>The nodes' numbers as they are now. Bitmaps can be large: what is tried is undone, not
    /// copied.</summary>
    internal Snapshot Save() => new(new Span<BootmemNode>(_nodes, _handed.Length).ToArray(), []);

    /// <summary>Runs a call that will be taken back: one that allocates or frees. Needs
    /// <see cref="Records"/>.</summary>
    /// <param name="snapshot">What was kept of this machine.</param>
    /// <param name="step">The call.</param>
    internal ScriptOutcome Try(Snapshot snapshot, in ScriptStep step)
    {
        ScriptOutcome outcome = Execute(step);
        snapshot.Journal.AddRange(_events);
        return outcome;
    }

    /// <summary>Takes back all that was tried since.</summary>
    /// <param name="snapshot">What was kept of this machine.</param>
    internal void Restore(Snapshot snapshot)
    {
        for (int i = snapshot.Journal.Count - 1; i >= 0; i--)
        {
            // An allocation takes pages that were free, a free gives pages that were taken: both can be turned round.
            BootEvent change = snapshot.Journal[i];
            ref readonly BootmemNode node = ref _memory.Node(change.Node);
            ulong index = change.FirstPfn - _memory.Word.PfnOf(node.BootStart);
            if (change.Kind == BootEventKind.Allocated)
            {
                node.Map.Clear(index, change.PageCount);
            }
            else if (change.Kind == BootEventKind.Freed)
            {
                node.Map.Set(index, change.PageCount);
            }
        }

        snapshot.Journal.Clear();
        snapshot.Nodes.CopyTo(new Span<BootmemNode>(_nodes, _handed.Length));
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

    /// <summary>Changes a node.</summary>
    internal delegate void NodeChange(ref BootmemNode node);

    /// <summary>The numbers of all nodes at one moment, and what was changed since.</summary>
    internal sealed record Snapshot(BootmemNode[] Nodes, System.Collections.Generic.List<BootEvent> Journal);
}
