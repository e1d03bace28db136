using System;
using System.Collections.Generic;
using System.IO;

namespace Bootmem.Lab.Scripts;

/// <summary>A call that did not give what was expected of it.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">The call's line, from 1.</param>
/// <param name="Call">The call as it stands in the file.</param>
/// <param name="Expected">What was expected, printed lines first, each behind its bar.</param>
/// <param name="Got">What it gave, likewise.</param>
public sealed record ScriptDifference(
    string File, int Line, string Call, IReadOnlyList<string> Expected, IReadOnlyList<string> Got);

/// <summary>How a script is run.</summary>
public sealed record ScriptRunOptions
{
    /// <summary>The defaults.</summary>
    public static ScriptRunOptions Default { get; } = new();

    /// <summary>The kernel that runs the script in place of its own; null for its own.</summary>
    public KernelVersion? Version { get; init; }

    /// <summary>The most bytes that all bitmaps may take.</summary>
    public ulong MaxMapBytes { get; init; } = ScriptMachine.DefaultMaxMapBytes;

    /// <summary>Bitmaps from this size on, in bytes, are kept with an index. It changes no outcome.</summary>
    internal ulong LeastIndexedMap { get; init; } = ScriptMachine.DefaultLeastIndexedMap;

    /// <summary>Takes, in words, what each call did and why; null if nobody wants to know.</summary>
    public TextWriter? Trace { get; init; }

    /// <summary>Whether <see cref="ScriptResult.Written"/> is wanted: the script with its outcomes.</summary>
    public bool Writes { get; init; }
}

/// <summary>What running a script gave.</summary>
public sealed record ScriptResult
{
    /// <summary>The file's name.</summary>
    public required string File { get; init; }

    /// <summary>The kernel that ran it; null if the file is no script.</summary>
    public KernelVersion? Version { get; init; }

    /// <summary>How many calls were run.</summary>
    public int Calls { get; init; }

    /// <summary>How many calls carried an outcome or printed lines, and were checked.</summary>
    public int Checked { get; init; }

    /// <summary>How many calls were not run, because the script had ended before them.</summary>
    public int NotRun { get; init; }

    /// <summary>Every difference, in the file's order.</summary>
    public IReadOnlyList<ScriptDifference> Differences { get; init; } = [];

    /// <summary>What it loses to whole pages; null if nobody asked.</summary>
    public ScriptRounding? Rounding { get; init; }

    /// <summary>What is wrong with the input; null if nothing is.</summary>
    public ScriptError? Error { get; init; }

    /// <summary>The script with the outcomes that it gave, if that was wanted and the input is good.</summary>
    public ReadOnlyMemory<byte> Written { get; init; }

    /// <summary>A script that could not be run.</summary>
    /// <param name="error">Why.</param>
    public static ScriptResult Bad(ScriptError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new() { File = error.File, Error = error };
    }
}
