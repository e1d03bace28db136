using System;
using System.Buffers;

namespace Bootmem.Lab.Scripts;

/// <summary>
/// Writes a script again with the outcomes that it gave. Comments, blank lines and what holds already stay as they are;
/// outcomes of calls that were not run are left out.
/// </summary>
internal sealed class ScriptWriter(ScriptChecker checker, KernelVersion? version)
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ScriptFile _script = checker.Script;
    private ReadOnlyMemory<byte> _lineEnd = "\n"u8.ToArray();
    private int _next;

    /// <summary>The script's new bytes.</summary>
    public byte[] Write()
    {
        byte[] text = _script.Text;
        bool needsKernel = version != null && _script.KernelLine == 0;
        int line = 0;
        int first = text.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        Emit(text.AsSpan(0, first));
        for (int start = first; start < text.Length;)
        {
            int length = text.AsSpan(start).IndexOf((byte)'\n');
            int end = length < 0 ? text.Length : start + length;
            line++;
            if (line == 1)
            {
                FindLineEnd(text, end);
            }

            ReadOnlySpan<byte> content = text.AsSpan(start, end - start);
            if (needsKernel && IsNoComment(content))
            {
                Emit("kernel "u8);
                Emit(KernelVersions.Name(version!.Value));
                Emit(_lineEnd.Span);
                needsKernel = false;
            }

            WriteLine(line, content, length >= 0);
            start = end + 1;
        }

        return _output.WrittenSpan.ToArray();
    }

    private void FindLineEnd(byte[] text, int end)
    {
        if (end > 0 && end < text.Length && text[end - 1] == '\r')
        {
            _lineEnd = "\r\n"u8.ToArray();
        }
    }

    private void WriteLine(int line, ReadOnlySpan<byte> content, bool hasEnd)
    {
        if (line == _script.KernelLine && version is KernelVersion kernel)
        {
            WriteKernel(content, KernelVersions.Name(kernel), hasEnd);
            return;
        }

        // The call that this line belongs to: the last one that does not begin behind it.
        while (_next < _script.Steps.Length && _script.Steps[_next].Line <= line)
        {
            _next++;
        }

        int call = _next - 1;
        if (call < 0 || Keeps(call))
        {
            EmitLine(content, hasEnd);
            return;
        }

        ScriptPlace place = _script.Place(call);
        if (line == _script.Steps[call].Line)
        {
            EmitLine(content, hasEnd);
            if (place.OutcomeLine == 0 && call < checker.RunCount)
            {
                if (!hasEnd)
                {
                    Emit(_lineEnd.Span);
                }

                WriteOutcome(call, default);
            }
        }
        else if (line == place.OutcomeLine)
        {
            if (call < checker.RunCount)
            {
                WriteOutcome(call, CommentOf(content));
            }
        }
        else if (!IsPrinted(place, line))
        {
            EmitLine(content, hasEnd);
        }
    }

    // Whether a call's lines are right as they are.
    private bool Keeps(int call)
    {
        if (call >= checker.RunCount || _script.ExpectedOutcome(call).IsEmpty)
        {
            return false;
        }

        Span<byte> outcome = stackalloc byte[ScriptOutcomeText.MaxLength];
        int length = checker.WriteOutcome(call, outcome);
        return _script.ExpectedOutcome(call).SequenceEqual(outcome[..length]) && checker.PrintedHolds(call);
    }

    private bool IsPrinted(in ScriptPlace place, int line)
    {
        for (int i = 0; i < place.PrintedCount; i++)
        {
            if (_script.Printed(place.FirstPrinted + i).Line == line)
            {
                return true;
            }
        }

        return false;
    }

    private void WriteOutcome(int call, ReadOnlySpan<byte> comment)
    {
        ReadOnlySpan<byte> printed = checker.PrintedOf(call);
        while (!printed.IsEmpty)
        {
            int end = printed.IndexOf((byte)'\n');
            end = end < 0 ? printed.Length : end;
            Emit("| "u8);
            Emit(printed[..end]);
            Emit(_lineEnd.Span);
            printed = printed[Math.Min(end + 1, printed.Length)..];
        }

        Span<byte> outcome = stackalloc byte[ScriptOutcomeText.MaxLength];
        Emit("=> "u8);
        Emit(outcome[..checker.WriteOutcome(call, outcome)]);
        Emit(comment);
        Emit(_lineEnd.Span);
    }

    private void WriteKernel(ReadOnlySpan<byte> content, ReadOnlySpan<byte> name, bool hasEnd)
    {
        Emit("kernel "u8);
        Emit(name);
        Emit(CommentOf(content));
        EmitLine(content.EndsWith("\r"u8) ? "\r"u8 : default, hasEnd);
    }

    // The comment behind a line's content, with the blanks before it and without the line's end.
    private static ReadOnlySpan<byte> CommentOf(ReadOnlySpan<byte> line)
    {
        int mark = line.IndexOf((byte)'#');
        if (mark < 0)
        {
            return default;
        }

        while (mark > 0 && line[mark - 1] is (byte)' ' or (byte)'\t')
        {
            mark--;
        }

        return line[mark..].TrimEnd((byte)'\r');
    }

    private static bool IsNoComment(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> content = line.Trim(" \t\r"u8);
        return !content.IsEmpty && content[0] != '#';
    }

    private void EmitLine(ReadOnlySpan<byte> content, bool hasEnd)
    {
        Emit(content);
        if (hasEnd)
        {
            Emit("\n"u8);
        }
    }

    private void Emit(ReadOnlySpan<byte> bytes) => _output.Write(bytes);
}
