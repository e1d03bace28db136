using System.Collections.Generic;
using Bootmem.Lab.Logs;

namespace Bootmem.Lab.Replay;

/// <summary>What a figure of a log turned out to be.</summary>
public enum ReplayVerdict
{
    /// <summary>It is what the machine gives.</summary>
    Match,

    /// <summary>It is not.</summary>
    Differ,

    /// <summary>The log does not tell enough to compute it. Where it has bounds, it lies within them.</summary>
    NotPredictable,
}

/// <summary>A figure, as predicted and as printed.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Predicted">The number that the machine gives; null if that cannot be said.</param>
/// <param name="Printed">The number in the log.</param>
/// <param name="Line">Where it stands.</param>
/// <param name="Verdict">Whether they are the same.</param>
/// <param name="Reason">Why it cannot be predicted, or between which bounds it lies; empty if there is nothing to
/// say.</param>
public sealed record ReplayRow(
    string Name, long? Predicted, long Printed, int Line, ReplayVerdict Verdict, string Reason = "");

/// <summary>A log that was replayed.</summary>
public sealed class ReplayResult
{
    /// <summary>A log and what came of it.</summary>
    /// <param name="log">The log.</param>
    /// <param name="rows">Its figures, in the log's order.</param>
    /// <param name="notes">What was inferred from the log, and what else there is to say.</param>
    internal ReplayResult(BootLog log, IReadOnlyList<ReplayRow> rows, IReadOnlyList<string> notes)
    {
        Log = log;
        Rows = rows;
        Notes = notes;
    }

    /// <summary>The log.</summary>
    public BootLog Log { get; }

    /// <summary>Its figures, in the log's order.</summary>
    public IReadOnlyList<ReplayRow> Rows { get; }

    /// <summary>What was inferred from the log, and what else there is to say.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>How many figures differ.</summary>
    public int Differing => Count(ReplayVerdict.Differ);

    /// <summary>How many figures are the same.</summary>
    public int Matching => Count(ReplayVerdict.Match);

    /// <summary>How many figures have a verdict.</summary>
    /// <param name="verdict">Which.</param>
    public int Count(ReplayVerdict verdict)
    {
        int count = 0;
        foreach (ReplayRow row in Rows)
        {
            count += row.Verdict == verdict ? 1 : 0;
        }

        return count;
    }
}
