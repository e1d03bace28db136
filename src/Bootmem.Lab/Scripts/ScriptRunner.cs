using System;
using System.Collections.Generic;
using System.Text;

namespace Bootmem.Lab.Scripts;

/// <summary>Runs scripts and holds them to what they expect.</summary>
public static class ScriptRunner
{
    /// <summary>Runs a script on a machine of its own.</summary>
    /// <param name="script">The script.</param>
    /// <param name="options">How; null for the defaults.</param>
    public static ScriptResult Run(ScriptFile script, ScriptRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(script);
        options ??= ScriptRunOptions.Default;
        ScriptHeader header = script.Header with { Version = options.Version ?? script.Header.Version };
        if (script.CheckKernel(header.Version) is ScriptError error)
        {
            return ScriptResult.Bad(error);
        }

        using ScriptMachine machine = new(header, script.NodeCount, options.MaxMapBytes)
        {
            LeastIndexedMap = options.LeastIndexedMap,
        };
        machine.Expect(script.Steps);
        ScriptOutcome[] outcomes = new ScriptOutcome[script.Steps.Length];
        int count = options.Trace == null
            ? machine.Run(script.Steps, outcomes)
            : RunTraced(script, machine, outcomes, options.Trace);
        if (count > 0 && outcomes[count - 1].Kind == ScriptOutcomeKind.Refused)
        {
            return ScriptResult.Bad(TooLarge(script, machine, count - 1));
        }

        ScriptChecker checker = new(script, machine, outcomes, count);
        checker.Check();
        return new ScriptResult
        {
            File = script.Name,
            Version = header.Version,
            Calls = count,
            Checked = checker.CheckedCount,
            NotRun = outcomes.Length - count,
            Differences = checker.Differences,
            Written = options.Writes
                ? new ScriptWriter(checker, options.Version).Write() : ReadOnlyMemory<byte>.Empty,
        };
    }

    private static int RunTraced(
        ScriptFile script, ScriptMachine machine, ScriptOutcome[] outcomes, System.IO.TextWriter writer)
    {
        ScriptTrace trace = new(script, machine, writer);
        machine.Records = true;
        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = machine.Execute(script.Steps[i]);
            trace.Tell(i, outcomes[i]);
            if (outcomes[i].IsEnd)
            {
                return i + 1;
            }
        }

        return outcomes.Length;
    }

    private static ScriptError TooLarge(ScriptFile script, ScriptMachine machine, int index)
    {
        ScriptStep step = script.Steps[index];
        KernelWord word = machine.Header.Word;
        ulong pages = word.Subtract(step.C, step.B);
        return new ScriptError(
            script.Name, step.Line, script.Place(index).CallColumn, "the bitmap is too large",
            $"{pages} pages, a bitmap of {Words.Size(machine.Fault.Size)}",
            $"at most {Words.Size(machine.MaxMapBytes)} for all bitmaps of a script "
                + $"({machine.MaxMapBytes << 3} pages)");
    }
}

/// <summary>Compares what a script gave with what it expects.</summary>
internal sealed class ScriptChecker(ScriptFile script, ScriptMachine machine, ScriptOutcome[] outcomes, int count)
{
    private readonly List<ScriptDifference> _differences = [];

    public ScriptFile Script => script;

    public IReadOnlyList<ScriptDifference> Differences => _differences;

    public int CheckedCount { get; private set; }

    /// <summary>How many calls were run.</summary>
    public int RunCount => count;

    public void Check()
    {
        Span<byte> text = stackalloc byte[ScriptOutcomeText.MaxLength];
        for (int i = 0; i < count; i++)
        {
            if (!script.HasExpectation(i))
            {
                continue;
            }

            CheckedCount++;
            ReadOnlySpan<byte> expected = script.ExpectedOutcome(i);
            bool holds = expected.IsEmpty || expected.SequenceEqual(text[..WriteOutcome(i, text)]);
            if (!holds || (script.ExpectedPrintedCount(i) != 0 && !PrintedHolds(i)))
            {
                _differences.Add(NewDifference(i, GotLines(i)));
            }
        }

        CheckNotRun();
    }

    /// <summary>Writes a call's outcome, without the arrow, and gives its length.</summary>
    public int WriteOutcome(int index, Span<byte> text) => ScriptOutcomeText.Write(text, machine, outcomes[index]);

    /// <summary>What a call printed. Only the last one can have: the kernel prints just before it stops.</summary>
    public ReadOnlySpan<byte> PrintedOf(int index) => index == count - 1 ? machine.Printed : default;

    /// <summary>Whether a call printed exactly the lines that the file has.</summary>
    public bool PrintedHolds(int index)
    {
        ReadOnlySpan<byte> rest = PrintedOf(index);
        for (int i = 0; i < script.ExpectedPrintedCount(index); i++)
        {
            int end = rest.IndexOf((byte)'\n');
            if (end < 0 || !script.ExpectedPrinted(index, i).SequenceEqual(rest[..end]))
            {
                return false;
            }

            rest = rest[(end + 1)..];
        }

        return rest.IsEmpty;
    }

    // What is expected of calls behind the end cannot hold. One difference says it for all of them.
    private void CheckNotRun()
    {
        for (int i = count; i < outcomes.Length; i++)
        {
            if (script.HasExpectation(i))
            {
                CheckedCount++;
                string end = ScriptOutcomeText.ToText(machine, outcomes[count - 1]);
                _differences.Add(NewDifference(
                    i, [$"not run: the script ended in line {script.Steps[count - 1].Line} with {end}"]));
                return;
            }
        }
    }

    private ScriptDifference NewDifference(int index, IReadOnlyList<string> got)
    {
        List<string> expected = [];
        for (int i = 0; i < script.ExpectedPrintedCount(index); i++)
        {
            expected.Add("| " + Encoding.UTF8.GetString(script.ExpectedPrinted(index, i)));
        }

        if (!script.ExpectedOutcome(index).IsEmpty)
        {
            expected.Add(Encoding.UTF8.GetString(script.ExpectedOutcome(index)));
        }

        return new ScriptDifference(script.Name, script.Steps[index].Line, script.CallText(index), expected, got);
    }

    private List<string> GotLines(int index)
    {
        List<string> got = [];
        string printed = Encoding.UTF8.GetString(PrintedOf(index));
        foreach (string line in printed.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            got.Add("| " + line);
        }

        got.Add(ScriptOutcomeText.ToText(machine, outcomes[index]));
        return got;
    }
}
