using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace Bootmem.Lab.Scripts;

/// <summary>
/// A script that was read: its header, its calls, ready to run, and what is expected of each. Nothing in it changes;
/// it can be run any number of times.
/// </summary>
public sealed class ScriptFile
{
    /// <summary>The most bytes a script can have.</summary>
    public const int MaxBytes = 256 << 20;

    /// <summary>The most bytes a line can have.</summary>
    public const int MaxLineBytes = 64 << 10;

    /// <summary>The most calls a script can have.</summary>
    public const int MaxCalls = 2 << 20;

    private readonly List<ScriptStep> _steps;
    private readonly List<ScriptPlace> _places;
    private readonly List<PrintedLine> _printed;

    internal ScriptFile(
        string name, byte[] text, ScriptHeader header, int kernelLine,
        List<ScriptStep> steps, List<ScriptPlace> places, List<PrintedLine> printed)
    {
        Name = name;
        Text = text;
        Header = header;
        KernelLine = kernelLine;
        _steps = steps;
        _places = places;
        _printed = printed;
        for (int i = 0; i < steps.Count; i++)
        {
            NodeCount = Math.Max(NodeCount, Steps[i].Node + 1);
            if (FirstLimitCall < 0 && Steps[i].IsAllocation && Calls.IsLimitCall(Steps[i].Call))
            {
                FirstLimitCall = i;
            }
        }
    }

    /// <summary>The file's name as the user gave it; <c>-</c> is standard input.</summary>
    public string Name { get; }

    /// <summary>What the script says before its first call.</summary>
    public ScriptHeader Header { get; }

    /// <summary>The calls, in order.</summary>
    public ReadOnlySpan<ScriptStep> Steps => CollectionsMarshal.AsSpan(_steps);

    /// <summary>How many nodes a machine for this script needs: the highest node number and one, at least 1.</summary>
    public int NodeCount { get; } = 1;

    /// <summary>The file's bytes.</summary>
    internal byte[] Text { get; }

    /// <summary>The line of <c>kernel V</c>; 0 if there is none.</summary>
    internal int KernelLine { get; }

    /// <summary>Index of the first call with a limit; -1 if there is none.</summary>
    private int FirstLimitCall { get; } = -1;

    /// <summary>Reads a script.</summary>
    /// <param name="name">The name that errors and differences bear.</param>
    /// <param name="text">The script, UTF-8. It is kept, not copied.</param>
    /// <param name="script">The script, if it is one.</param>
    /// <param name="error">What is wrong, if it is not.</param>
    public static bool TryParse(
        string name,
        byte[] text,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ScriptFile? script,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out ScriptError? error)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);
        return new ScriptParser(name, text).TryParse(out script, out error);
    }

    /// <summary>Reads a script, or throws.</summary>
    /// <param name="name">The name that errors and differences bear.</param>
    /// <param name="text">The script.</param>
    /// <exception cref="ScriptException">The text is no script.</exception>
    public static ScriptFile Parse(string name, string text) => TryParse(
        name, Encoding.UTF8.GetBytes(text), out ScriptFile? script, out ScriptError? error)
        ? script
        : throw new ScriptException(error);

    /// <summary>Reads a script from a stream, never more of it than a script can have.</summary>
    /// <param name="name">The name that errors and differences bear.</param>
    /// <param name="stream">Where it comes from.</param>
    /// <param name="script">The script, if it is one.</param>
    /// <param name="error">What is wrong, if it is not.</param>
    public static bool TryRead(
        string name,
        Stream stream,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ScriptFile? script,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out ScriptError? error)
    {
        ArgumentNullException.ThrowIfNull(stream);
        int capacity = stream.CanSeek && stream.Length <= MaxBytes ? (int)stream.Length + 1 : 1 << 16;
        byte[] text = new byte[capacity];
        int length = 0;
        for (int count = stream.Read(text); count > 0; count = stream.Read(text.AsSpan(length)))
        {
            length += count;
            if (length == text.Length)
            {
                if (length > MaxBytes)
                {
                    break;
                }

                Array.Resize(ref text, (int)Math.Min(2L * length, MaxBytes + 1));
            }
        }

        Array.Resize(ref text, length);
        return TryParse(name, text, out script, out error);
    }

    /// <summary>The call as it stands in the file, without its comment.</summary>
    /// <param name="index">Index of the call.</param>
    public string CallText(int index) =>
        Encoding.UTF8.GetString(Text, Place(index).CallStart, Place(index).CallLength);

    /// <summary>Whether this is the file's text.</summary>
    /// <param name="text">A text.</param>
    public bool HasText(ReadOnlySpan<byte> text) => text.SequenceEqual(Text);

    /// <summary>Whether a call carries an outcome or a printed line that is expected of it.</summary>
    /// <param name="index">Index of the call.</param>
    public bool HasExpectation(int index) => Place(index).OutcomeLine != 0 || Place(index).PrintedCount != 0;

    /// <summary>The outcome that is expected of a call, as it stands in the file; empty if there is none.</summary>
    /// <param name="index">Index of the call.</param>
    public ReadOnlySpan<byte> ExpectedOutcome(int index) =>
        Text.AsSpan(Place(index).OutcomeStart, Place(index).OutcomeLength);

    /// <summary>How many printed lines are expected of a call; with none, what it prints is not looked at.</summary>
    /// <param name="index">Index of the call.</param>
    public int ExpectedPrintedCount(int index) => Place(index).PrintedCount;

    /// <summary>One of the printed lines that are expected of a call.</summary>
    /// <param name="index">Index of the call.</param>
    /// <param name="line">0 .. <see cref="ExpectedPrintedCount"/>-1.</param>
    public ReadOnlySpan<byte> ExpectedPrinted(int index, int line)
    {
        PrintedLine printed = _printed[Place(index).FirstPrinted + line];
        return Text.AsSpan(printed.Start, printed.Length);
    }

    /// <summary>Whether a kernel has every call of the script: what is wrong if it has not.</summary>
    /// <param name="version">A kernel.</param>
    public ScriptError? CheckKernel(KernelVersion version)
    {
        if (FirstLimitCall < 0 || new Behaviour(version).HasLimit)
        {
            return null;
        }

        ScriptStep step = _steps[FirstLimitCall];
        return LimitError(Name, step.Line, Place(FirstLimitCall).CallColumn, Calls.Name(step.Call), version);
    }

    internal static ScriptError LimitError(
        string name, int line, int column, ReadOnlySpan<byte> call, KernelVersion version) => new(
            name, line, column,
            $"the kernel {Encoding.ASCII.GetString(KernelVersions.Name(version))} does not have this call",
            ScriptError.Quote(call), "a call without a limit, or a kernel from 2.6.14 on");

    internal ref readonly ScriptPlace Place(int index) => ref CollectionsMarshal.AsSpan(_places)[index];

    internal PrintedLine Printed(int index) => _printed[index];
}

/// <summary>Where a call stands in its file, and what is expected of it.</summary>
internal struct ScriptPlace
{
    /// <summary>The character in the line where the call begins, from 1.</summary>
    public int CallColumn;

    /// <summary>Byte offset of the call.</summary>
    public int CallStart;

    /// <summary>Length of the call in bytes, without a comment.</summary>
    public int CallLength;

    /// <summary>Line of the outcome, from 1; 0 if there is none.</summary>
    public int OutcomeLine;

    /// <summary>Byte offset of the outcome, behind its arrow.</summary>
    public int OutcomeStart;

    /// <summary>Length of the outcome in bytes.</summary>
    public int OutcomeLength;

    /// <summary>Index of the first printed line.</summary>
    public int FirstPrinted;

    /// <summary>How many printed lines there are.</summary>
    public int PrintedCount;
}

/// <summary>A line that a call is expected to print.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Start">Byte offset of its text.</param>
/// <param name="Length">Length of its text in bytes.</param>
internal readonly record struct PrintedLine(int Line, int Start, int Length);
