using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Bootmem.Lab.Scripts;

/// <summary>Reads a script line by line. The first thing that is wrong ends it.</summary>
internal sealed partial class ScriptParser(string name, byte[] text)
{
    private readonly List<ScriptStep> _steps = [];
    private readonly List<ScriptPlace> _places = [];
    private readonly List<PrintedLine> _printed = [];
    private ScriptHeader _header = new();
    private int _line;
    private int _lineStart;
    private ScriptError? _error;

    public bool TryParse([NotNullWhen(true)] out ScriptFile? script, [NotNullWhen(false)] out ScriptError? error)
    {
        script = null;
        error = null;
        if (!CheckText())
        {
            error = _error!;
            return false;
        }

        // A byte order mark is no part of the first line.
        int start = text.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        while (start < text.Length)
        {
            int length = text.AsSpan(start).IndexOf((byte)'\n');
            int next = length < 0 ? text.Length : start + length + 1;
            _line++;
            _lineStart = start;
            if (!ParseLine(start, length < 0 ? text.Length : start + length))
            {
                error = _error!;
                return false;
            }

            start = next;
        }

        script = new ScriptFile(name, text, _header, KernelLine, _steps, _places, _printed);
        return true;
    }

    // What can be said of the bytes before anything is read from them.
    private bool CheckText()
    {
        if (text.Length > ScriptFile.MaxBytes)
        {
            _error = new ScriptError(
                name, 0, 0, "the file is too large", "more bytes", $"at most {ScriptFile.MaxBytes:N0}");
            return false;
        }

        int nul = text.AsSpan().IndexOf((byte)0);
        if (nul < 0 && Utf8.IsValid(text))
        {
            return true;
        }

        int bad = nul >= 0 ? nul : FirstInvalid();
        _line = text.AsSpan(0, bad).Count((byte)'\n') + 1;
        _lineStart = text.AsSpan(0, bad).LastIndexOf((byte)'\n') + 1;
        return Fail(bad, "this is no text", $"the byte 0x{text[bad]:x2}", "UTF-8 without NUL bytes");
    }

    private int FirstInvalid()
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(text.AsSpan(at), out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private bool ParseLine(int start, int end)
    {
        if (end - start > ScriptFile.MaxLineBytes)
        {
            return Fail(
                start, "the line is too long", $"{end - start:N0} bytes", $"at most {ScriptFile.MaxLineBytes:N0}");
        }

        int comment = text.AsSpan(start, end - start).IndexOf((byte)'#');
        end = comment < 0 ? end : start + comment;
        while (end > start && IsBlank(text[end - 1]))
        {
            end--;
        }

        while (start < end && IsBlank(text[start]))
        {
            start++;
        }

        ReadOnlySpan<byte> line = text.AsSpan(start, end - start);
        if (line.IsEmpty)
        {
            return true;
        }

        if (line.StartsWith("=>"u8))
        {
            return ParseOutcome(start, end);
        }

        return line[0] == '|' ? ParsePrinted(start, end) : ParseWords(start, end);
    }

    private bool ParseOutcome(int start, int end)
    {
        int value = start + 2;
        while (value < end && IsBlank(text[value]))
        {
            value++;
        }

        if (_steps.Count == 0)
        {
            return Fail(start, "an outcome without a call", Quote(start, end), "a call above it");
        }

        ScriptPlace place = _places[^1];
        if (place.OutcomeLine != 0)
        {
            return Fail(start, "a second outcome for one call", Quote(start, end),
                $"no more than the one in line {place.OutcomeLine}");
        }

        if (value == end)
        {
            return Fail(start, "an empty outcome", "\"=>\"", "what the call gives behind it");
        }

        place.OutcomeLine = _line;
        place.OutcomeStart = value;
        place.OutcomeLength = end - value;
        _places[^1] = place;
        return true;
    }

    private bool ParsePrinted(int start, int end)
    {
        if (_steps.Count == 0)
        {
            return Fail(start, "a printed line without a call", Quote(start, end), "a call above it");
        }

        ScriptPlace place = _places[^1];
        if (place.OutcomeLine != 0)
        {
            return Fail(start, "a printed line behind the outcome", Quote(start, end),
                $"printed lines before the outcome in line {place.OutcomeLine}");
        }

        int value = start + 1;
        if (value < end && text[value] == ' ')
        {
            value++;
        }

        if (place.PrintedCount == 0)
        {
            place.FirstPrinted = _printed.Count;
        }

        place.PrintedCount++;
        _places[^1] = place;
        _printed.Add(new PrintedLine(_line, value, end - value));
        return true;
    }

    private static bool IsBlank(byte character) => character is (byte)' ' or (byte)'\t' or (byte)'\r';

    private string Quote(int start, int end) => ScriptError.Quote(text.AsSpan(start, end - start));

    private bool Fail(int at, string what, string found, string expected)
    {
        // Characters, not bytes: what an editor calls the column. The bytes up to here are valid.
        int column = Encoding.UTF8.GetCharCount(text, _lineStart, at - _lineStart) + 1;
        _error = new ScriptError(name, _line, column, what, found, expected);
        return false;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
