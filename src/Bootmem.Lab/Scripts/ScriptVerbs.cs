using System;
using System.Collections.Generic;
using System.Text;

namespace Bootmem.Lab.Scripts;

/// <summary>
/// A word that begins a call in a script: the names of its numbers, and where each goes in a step (<c>n</c> is the
/// node, <c>a</c> to <c>d</c> are the four numbers).
/// </summary>
internal sealed record ScriptVerb(string Name, ScriptOp Op, Call Call, string[] Arguments, string Slots)
{
    /// <summary>The alignment, where the name implies it, is a page; otherwise a cache line.</summary>
    public bool IsPages { get; } = Name.Contains("_pages", StringComparison.Ordinal);

    /// <summary>The goal, where the name implies it, is 0; otherwise the DMA goal.</summary>
    public bool IsLow { get; } = Name.Contains("_low", StringComparison.Ordinal);

    /// <summary>The call takes its alignment and goal as numbers.</summary>
    public bool HasAlignAndGoal { get; } = Slots.Contains('b', StringComparison.Ordinal);
}

/// <summary>The words that begin a call, by name.</summary>
internal static class ScriptVerbs
{
    private const int LongestName = 40;

    private static readonly Dictionary<string, ScriptVerb> s_byName = Build();

    private static readonly Dictionary<string, ScriptVerb>.AlternateLookup<ReadOnlySpan<char>> s_bySpan =
        s_byName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>All verbs, in the order in which they are documented.</summary>
    public static IEnumerable<ScriptVerb> All => s_byName.Values;

    /// <summary>Finds a verb; null if there is none of that name.</summary>
    public static ScriptVerb? Find(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[LongestName];
        if (name.Length > LongestName || !Ascii7(name))
        {
            return null;
        }

        int length = Encoding.ASCII.GetChars(name, text);
        return s_bySpan.TryGetValue(text[..length], out ScriptVerb? verb) ? verb : null;
    }

    private static bool Ascii7(ReadOnlySpan<byte> name) => System.Text.Ascii.IsValid(name);

    private static Dictionary<string, ScriptVerb> Build()
    {
        Dictionary<string, ScriptVerb> verbs = new(StringComparer.Ordinal);
        Add(verbs, ScriptOp.BitmapPages, Call.bootmem_bootmap_pages, "PAGES", "a");
        Add(verbs, ScriptOp.Initialise, Call.init_bootmem, "STARTPFN PAGES", "ac");
        Add(verbs, ScriptOp.Initialise, Call.init_bootmem_node, "NODE FREEPFN STARTPFN ENDPFN", "nabc");
        Add(verbs, ScriptOp.Reserve, Call.reserve_bootmem, "ADDR SIZE", "ab");
        Add(verbs, ScriptOp.Reserve, Call.reserve_bootmem_node, "NODE ADDR SIZE", "nab");
        Add(verbs, ScriptOp.Free, Call.free_bootmem, "ADDR SIZE", "ab");
        Add(verbs, ScriptOp.Free, Call.free_bootmem_node, "NODE ADDR SIZE", "nab");
        Add(verbs, ScriptOp.HandOver, Call.free_all_bootmem, "", "");
        Add(verbs, ScriptOp.HandOver, Call.free_all_bootmem_node, "NODE", "n");
        Add(verbs, ScriptOp.Allocate, Call.__alloc_bootmem, "SIZE ALIGN GOAL", "abc");
        Add(verbs, ScriptOp.AllocateOnNode, Call.__alloc_bootmem_node, "NODE SIZE ALIGN GOAL", "nabc");
        Add(verbs, ScriptOp.Allocate, Call.__alloc_bootmem_limit, "SIZE ALIGN GOAL LIMIT", "abcd");
        Add(verbs, ScriptOp.AllocateOnNode, Call.__alloc_bootmem_node_limit, "NODE SIZE ALIGN GOAL LIMIT", "nabcd");
        for (Call call = Call.alloc_bootmem; call <= Call.alloc_bootmem_low_pages; call++)
        {
            Add(verbs, ScriptOp.Allocate, call, "SIZE", "a");
        }

        for (Call call = Call.alloc_bootmem_node; call <= Call.alloc_bootmem_low_pages_node; call++)
        {
            Add(verbs, ScriptOp.AllocateOnNode, call, "NODE SIZE", "na");
        }

        for (Call call = Call.alloc_bootmem_limit; call <= Call.alloc_bootmem_low_pages_limit; call++)
        {
            Add(verbs, ScriptOp.Allocate, call, "SIZE LIMIT", "ad");
        }

        for (Call call = Call.alloc_bootmem_node_limit; call <= Call.alloc_bootmem_low_pages_node_limit; call++)
        {
            Add(verbs, ScriptOp.AllocateOnNode, call, "NODE SIZE LIMIT", "nad");
        }

        verbs.Add("state", new ScriptVerb("state", ScriptOp.State, default, ["NODE"], "n"));
        verbs.Add("handed", new ScriptVerb("handed", ScriptOp.Handed, default, ["NODE"], "n"));
        return verbs;
    }

    private static void Add(
        Dictionary<string, ScriptVerb> verbs, ScriptOp op, Call call, string arguments, string slots)
    {
        string name = Encoding.ASCII.GetString(Calls.Name(call));
        string[] names = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        verbs.Add(name, new ScriptVerb(name, op, call, names, slots));
    }
}
