using System;
using System.Collections.Generic;
using System.Linq;

namespace Bootmem.Lab.Scripts;

/// <summary>What one call of the kernel took in a script.</summary>
/// <param name="Call">The call.</param>
/// <param name="PageCount">Pages that it took first and that are still taken.</param>
/// <param name="ByteCount">Bytes that it was asked for and that were not given back; some may lie in others'
/// pages.</param>
/// <param name="LostByteCount">Bytes of its pages that nobody asked for.</param>
public readonly record struct CallShare(Call Call, ulong PageCount, ulong ByteCount, ulong LostByteCount);

/// <summary>What a script loses to whole pages, by call: a script has no other callers.</summary>
public sealed class ScriptRounding
{
    private ScriptRounding(IReadOnlyList<CallShare> calls, ulong takenBytes)
    {
        Calls = calls;
        TakenBytes = takenBytes;
    }

    /// <summary>The calls that took something, the most pages first.</summary>
    public IReadOnlyList<CallShare> Calls { get; }

    /// <summary>Bytes of all pages that a call took: what is asked for and what is lost.</summary>
    public ulong TakenBytes { get; }

    /// <summary>Bytes that were asked for and not given back.</summary>
    public ulong AskedBytes => Calls.Aggregate(0UL, (sum, call) => sum + call.ByteCount);

    /// <summary>Bytes of the pages taken that nobody asked for.</summary>
    public ulong LostBytes => Calls.Aggregate(0UL, (sum, call) => sum + call.LostByteCount);

    /// <summary>Runs a script and counts.</summary>
    /// <param name="script">The script; its kernel has every call in it.</param>
    /// <param name="version">The kernel that runs it in place of its own; null for its own.</param>
    public static ScriptRounding Of(ScriptFile script, KernelVersion? version = null)
    {
        ArgumentNullException.ThrowIfNull(script);
        ScriptHeader header = script.Header with { Version = version ?? script.Header.Version };
        using ScriptMachine machine = new(header, script.NodeCount) { Records = true };
        PageLedger ledger = new();
        foreach (ref readonly ScriptStep step in script.Steps)
        {
            ScriptOutcome outcome = machine.Execute(step);
            foreach (BootEvent change in machine.Events)
            {
                Record(ledger, change);
            }

            if (outcome.IsEnd)
            {
                break;
            }
        }

        return Count(ledger, header.PageShift);
    }

    // Each call is an owner of its own.
    private static void Record(PageLedger ledger, BootEvent change)
    {
        if (change.Kind == BootEventKind.HandedOver)
        {
            ulong end = change.FirstPfn + change.PageCount;
            ledger.Set(new PageRun(
                change.FirstPfn, end, change.Node, PageUse.HandedOver, Owner.Unnamed, change.Call));
            return;
        }

        change.Owner = Owner.FirstOfCaller + (ushort)change.Call;
        ledger.Record(change);
    }

    private static ScriptRounding Count(PageLedger ledger, int pageShift)
    {
        Dictionary<Owner, OwnerBytes> owners = [];
        ulong taken = 0;
        foreach (PageRun run in ledger.Runs.Where(run => run.Use == PageUse.Owned))
        {
            taken += run.PageCount << pageShift;
            OwnerBytes.Add(owners, run, ledger.Bytes, pageShift);
        }

        CallShare[] calls = [.. owners
            .Select(owner => new CallShare(
                (Call)(owner.Key - Owner.FirstOfCaller), owner.Value.PageCount, owner.Value.ByteCount,
                owner.Value.LostByteCount))
            .OrderByDescending(call => call.PageCount).ThenBy(call => call.Call)];
        return new ScriptRounding(calls, taken);
    }
}
