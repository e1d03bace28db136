using System.Collections.Generic;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Scripts;

namespace Bootmem.Cli.Shell;

/// <summary>The calls of bootmem as commands, on the machine's own allocator, and the state of its nodes.</summary>
internal static unsafe class BootmemVerbs
{
    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new ShellVerb("state", "[NODE]", "show bootmem's numbers of a node, or of all", State) { Most = 1 },
    ];

    /// <summary>A call of bootmem as a command.</summary>
    public static ShellVerb ForCall(string name)
    {
        ScriptCallName call = ScriptCalls.All.First(known => known.Name == name);
        return new ShellVerb(name, call.Arguments, "a call of bootmem, while it lives", Call) { Most = int.MaxValue };
    }

    private static void Call(ShellSession session, ShellLine line)
    {
        MachineHost host = session.Host;
        NeedBootmem(host);
        if (!ScriptCalls.TryParse(line.Text, host.Bootmem.Options, out ScriptStep step, out string? error))
        {
            throw new ShellException(error);
        }

        CheckMachine(host, step);
        Owner owner = host.Bootmem.Owner;
        host.Bootmem.Owner = Owner.Caller;
        ScriptOutcome outcome =
            ScriptCalls.Execute(ref host.Bootmem, step, host.Machine->HandOverSink, out Fault fault);
        host.Bootmem.Owner = owner;
        if (!outcome.IsEnd)
        {
            session.Output.WriteLine($"=> {ScriptCalls.ToText(outcome)}");
            return;
        }

        host.Bootmem.SayBefore(fault);
        session.FailAsAnswer($"=> {ScriptCalls.ToText(outcome)}: {LogBuffer.Describe(fault.Describe)}");
    }

    // What would pull the floor from under the machine.
    private static void CheckMachine(MachineHost host, in ScriptStep step)
    {
        if (step.Op == ScriptOp.HandOver)
        {
            throw new ShellException("the boot does this, in its step mem_init: 'boot buddy' goes so far");
        }

        if (step.Op == ScriptOp.Initialise
            && !(step.Node < host.Bootmem.NodeCapacity && host.Bootmem.Node(step.Node).IsListed))
        {
            throw new ShellException(
                $"node {step.Node} has no low memory: the boot has initialised all nodes that have");
        }

        if (step.Op == ScriptOp.Free)
        {
            KernelWord word = host.Bootmem.Word;
            RefuseKept(host, word.PagesOf(step.A), word.PfnOf(word.Add(step.A, step.B)), "freed");
        }
    }

    /// <summary>Refuses pages that hold what the allocators themselves run on.</summary>
    public static void RefuseKept(MachineHost host, ulong startPfn, ulong endPfn, string verb)
    {
        foreach (PageRun run in startPfn < endPfn ? host.Ledger.Within(startPfn, endPfn) : [])
        {
            if (run.Use == PageUse.Owned && run.Owner is Owner.Bitmap or Owner.MemMap)
            {
                string name = run.Owner == Owner.Bitmap ? "bootmem's bitmap" : "the mem_map";
                throw new ShellException(
                    $"page 0x{run.StartPfn:x} is {name}, which the machine needs: it cannot be {verb} here");
            }
        }
    }

    private static void State(ShellSession session, ShellLine line)
    {
        MachineHost host = session.Host;
        if (host.NextStep <= BootStep.BootmemInit)
        {
            NeedBootmem(host);
        }

        if (line.At(0) is { } number)
        {
            int node = (int)ShellNumbers.Parse(number, "a node", (ulong)host.Bootmem.NodeCapacity - 1);
            session.Output.WriteLine($"=> {ScriptCalls.StateOf(host.Bootmem, node)}");
            return;
        }

        for (int node = 0; node < host.Bootmem.NodeCapacity; node++)
        {
            if (host.Bootmem.Node(node).IsListed)
            {
                session.Output.WriteLine($"node {node} => {ScriptCalls.StateOf(host.Bootmem, node)}");
            }
        }
    }

    private static void NeedBootmem(MachineHost host)
    {
        if (!host.HasBootmem)
        {
            throw new ShellException(host.HasPages
                ? "bootmem is gone: it has handed over to the page allocator (alloc_pages, __get_free_pages); "
                    + "'bootmem shell --stop-at bootmem' stops before"
                : "bootmem is not initialised yet: 'boot bootmem' goes so far");
        }
    }
}
