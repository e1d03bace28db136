using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Recordings;

/// <summary>Turns the allocator's events back into the calls that they came from, as lines of a script.</summary>
internal sealed class BootCalls
{
    private int _searchedNode = -1;

    /// <summary>The line of the call that an event ends; null if the call goes on, or if it is no call of a
    /// script.</summary>
    public string? LineOf(in BootEvent change, in KernelWord word)
    {
        string name = Encoding.ASCII.GetString(Calls.Name(change.Call));
        switch (change.Kind)
        {
            case BootEventKind.SearchBegan or BootEventKind.NodeBeyondLimit:
                _searchedNode = _searchedNode < 0 ? change.Node : _searchedNode;
                return null;
            case BootEventKind.NodeInitialised:
                ulong map = word.PfnOf(change.Address);
                ulong end = change.FirstPfn + change.PageCount;
                return Text($"init_bootmem_node {change.Node} 0x{map:x} 0x{change.FirstPfn:x} 0x{end:x}");
            case BootEventKind.Reserved or BootEventKind.Freed:
                return RangeLine(name, change.Node, change.Address, change.Size);
            case BootEventKind.Allocated when change.Call != Call.alloc_remap:
                string line = AllocationLine(
                    change.Call, name, _searchedNode, change.Size, change.Align, change.Goal, change.Limit);
                _searchedNode = -1;
                return line;
            case BootEventKind.MapGone:
                return change.Call == Call.free_all_bootmem ? name : Text($"{name} {change.Node}");
            default:
                return null;
        }
    }

    /// <summary>The line of a call that faulted; null if no script can make it.</summary>
    public string? LineOf(in Fault fault, in BootEvent search)
    {
        string name = Encoding.ASCII.GetString(Calls.Name(fault.Call));
        ScriptVerb? verb = ScriptVerbs.Find(Calls.Name(fault.Call));
        return verb?.Op switch
        {
            ScriptOp.Reserve or ScriptOp.Free => RangeLine(name, fault.Node, fault.Address, fault.Size),
            ScriptOp.Allocate or ScriptOp.AllocateOnNode => AllocationLine(
                fault.Call, name, _searchedNode, fault.Size, search.Align, search.Goal, search.Limit),
            _ => null,
        };
    }

    private static string RangeLine(string name, int node, ulong address, ulong size) =>
        name.EndsWith("_node", StringComparison.Ordinal)
            ? Text($"{name} {node} 0x{address:x} {size}") : Text($"{name} 0x{address:x} {size}");

    private static string AllocationLine(
        Call call, string name, int node, ulong size, ulong align, ulong goal, ulong limit)
    {
        ScriptVerb? verb = ScriptVerbs.Find(Calls.Name(call));
        List<string> words = [verb == null ? "__alloc_bootmem" : name];
        foreach (char slot in verb?.Slots ?? "abc")
        {
            words.Add(slot switch
            {
                'n' => Text($"{Math.Max(node, 0)}"),
                'a' => Text($"{size}"),
                'b' => Text($"{align}"),
                'c' => Text($"0x{goal:x}"),
                _ => Text($"0x{limit:x}"),
            });
        }

        return string.Join(' ', words);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
