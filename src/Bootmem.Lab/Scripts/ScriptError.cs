using System;
using System.Text;

namespace Bootmem.Lab.Scripts;

/// <summary>Bad input: where it is, what is wrong, what was found and what was expected.</summary>
/// <param name="File">The file's name as the user gave it.</param>
/// <param name="Line">The line, from 1; 0 if it is no line in particular.</param>
/// <param name="Column">The character in the line, from 1; 0 if it is none in particular.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Found">What was found.</param>
/// <param name="Expected">What was expected.</param>
public sealed record ScriptError(string File, int Line, int Column, string What, string Found, string Expected)
{
    private const int LongestQuote = 60;

    /// <summary>The error as one line.</summary>
    public override string ToString()
    {
        string place = Line == 0 ? File : $"{File}:{Line}:{Column}";
        return $"{place}: {What}: found {Found}, expected {Expected}";
    }

    /// <summary>Quotes what stands in a file so that it cannot disturb a terminal, cut to a readable length.</summary>
    /// <param name="text">Bytes of a file.</param>
    public static string Quote(ReadOnlySpan<byte> text)
    {
        StringBuilder quoted = new("\"");
        foreach (Rune rune in Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * LongestQuote)]).EnumerateRunes())
        {
            if (quoted.Length > LongestQuote)
            {
                return quoted.Append("…\"").ToString();
            }

            if (Rune.IsControl(rune))
            {
                quoted.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
            }
            else
            {
                quoted.Append(rune.ToString());
            }
        }

        return quoted.Append('"').ToString();
    }
}

/// <summary>Bad input, for callers that want it thrown.</summary>
public sealed class ScriptException : Exception
{
    /// <summary>Bad input without a place.</summary>
    public ScriptException()
    {
    }

    /// <summary>Bad input without a place.</summary>
    /// <param name="message">What is wrong.</param>
    public ScriptException(string message)
        : base(message)
    {
    }

    /// <summary>Bad input without a place.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="inner">Where it came from.</param>
    public ScriptException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Bad input.</summary>
    /// <param name="error">What is wrong, and where.</param>
    public ScriptException(ScriptError error)
        : base(error?.ToString()) => Error = error;

    /// <summary>What is wrong, and where.</summary>
    public ScriptError? Error { get; }
}
