using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace Bootmem.Lab;

/// <summary>A line of the kernel's log.</summary>
/// <param name="Level">0 (emergency) .. 7 (debug); 4 for a line that says none.</param>
/// <param name="Text">The line without its level and its end.</param>
public readonly record struct LogLine(int Level, string Text);

/// <summary>Collects what the kernel prints, line by line, and can show it as it comes.</summary>
public sealed unsafe class LogBuffer : IDisposable
{
    private const int DefaultLevel = 4;

    private readonly List<LogLine> _lines = [];
    private readonly List<byte> _line = [];
    private GCHandle _self;

    /// <summary>An empty log.</summary>
    public LogBuffer() => _self = GCHandle.Alloc(this);

    /// <summary>Gets each line when it is whole; null: nobody does.</summary>
    public Action<LogLine>? LineWritten { get; set; }

    /// <summary>The whole lines so far.</summary>
    public IReadOnlyList<LogLine> Lines => _lines;

    /// <summary>This log as kernel code sees it.</summary>
    public Log ToLog() => new() { Context = (void*)GCHandle.ToIntPtr(_self), Write = &Append };

    /// <summary>What freestanding code writes to a log, as a string.</summary>
    /// <param name="write">Writes to the log.</param>
    public static string Describe(Action<Log> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using MemoryStream text = new();
        GCHandle handle = GCHandle.Alloc(text);
        try
        {
            write(new Log { Context = (void*)GCHandle.ToIntPtr(handle), Write = &AppendToStream });
        }
        finally
        {
            handle.Free();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    /// <summary>Lets go of the log.</summary>
    public void Dispose()
    {
        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private static void AppendToStream(void* context, byte* text, int length) =>
        ((MemoryStream)GCHandle.FromIntPtr((nint)context).Target!).Write(new ReadOnlySpan<byte>(text, length));

    private static void Append(void* context, byte* text, int length) =>
        ((LogBuffer)GCHandle.FromIntPtr((nint)context).Target!).Append(new ReadOnlySpan<byte>(text, length));

    private void Append(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            if (character != '\n')
            {
                _line.Add(character);
                continue;
            }

            EndLine();
        }
    }

    private void EndLine()
    {
        ReadOnlySpan<byte> text = CollectionsMarshal.AsSpan(_line);
        int level = DefaultLevel;
        if (text.Length >= 3 && text[0] == '<' && text[2] == '>' && text[1] is >= (byte)'0' and <= (byte)'7')
        {
            level = text[1] - '0';
            text = text[3..];
        }

        LogLine line = new(level, Encoding.UTF8.GetString(text));
        _line.Clear();
        _lines.Add(line);
        LineWritten?.Invoke(line);
    }
}
