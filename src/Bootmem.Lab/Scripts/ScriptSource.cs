using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;

namespace Bootmem.Lab.Scripts;

/// <summary>Where a script comes from: a file, or standard input.</summary>
public sealed class ScriptSource
{
    private const string StandardInput = "-";

    private readonly ScriptError? _error;

    private ScriptSource(string name, ScriptError? error = null)
    {
        Name = name;
        _error = error;
    }

    /// <summary>The name as the user gave it; <c>-</c> is standard input.</summary>
    public string Name { get; }

    /// <summary>Whether the script comes from standard input.</summary>
    public bool IsStandardInput => Name == StandardInput;

    /// <summary>What an argument means: a file, a directory's <c>*.bm</c> sorted by name, or <c>-</c>.</summary>
    /// <param name="argument">What the user gave.</param>
    public static IReadOnlyList<ScriptSource> Find(string argument)
    {
        if (!Directory.Exists(argument))
        {
            return [new ScriptSource(argument)];
        }

        try
        {
            string[] files = Directory.GetFiles(argument, "*.bm");
            Array.Sort(files, StringComparer.Ordinal);
            return files.Length == 0
                ? [Failed(argument, "no script is there", "a directory without one", "files named *.bm")]
                : Array.ConvertAll(files, file => new ScriptSource(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [Failed(argument, "the directory cannot be read", e.Message, "one that can")];
        }
    }

    /// <summary>Reads the script.</summary>
    /// <param name="script">The script, if it is one.</param>
    /// <param name="error">What is wrong, if it is not.</param>
    public bool TryLoad([NotNullWhen(true)] out ScriptFile? script, [NotNullWhen(false)] out ScriptError? error)
    {
        script = null;
        error = _error;
        if (error != null)
        {
            return false;
        }

        try
        {
            using Stream stream = IsStandardInput ? Console.OpenStandardInput() : File.OpenRead(Name);
            return ScriptFile.TryRead(Name, stream, out script, out error);
        }
        catch (FileNotFoundException)
        {
            error = new ScriptError(Name, 0, 0, "there is no such file", "nothing", "a script");
        }
        catch (DirectoryNotFoundException)
        {
            error = new ScriptError(Name, 0, 0, "there is no such file", "nothing", "a script");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            error = new ScriptError(Name, 0, 0, "the file cannot be read", e.Message, "one that can");
        }

        return false;
    }

    /// <summary>
    /// Replaces the file in one step: the new text goes to a file beside it, which then takes its name. Where that
    /// fails the old file stays as it is.
    /// </summary>
    /// <param name="text">The new text.</param>
    /// <param name="error">What went wrong, if something did.</param>
    public bool TryReplace(ReadOnlyMemory<byte> text, [NotNullWhen(false)] out ScriptError? error)
    {
        error = null;
        string? temporary = null;
        try
        {
            // A link stays a link: the file behind it is replaced.
            string target = File.ResolveLinkTarget(Name, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(Name);
            string hidden = $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}";
            temporary = Path.Combine(Path.GetDirectoryName(target)!, hidden);
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(text.Span);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }

            File.Move(temporary, target, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DeleteQuietly(temporary);
            error = new ScriptError(Name, 0, 0, "the file cannot be written", e.Message, "one that can");
            return false;
        }
    }

    private static void DeleteQuietly(string? path)
    {
        try
        {
            if (path != null)
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What could not be written can often not be deleted either; the error that matters is reported.
        }
    }

    private static ScriptSource Failed(string name, string what, string found, string expected) =>
        new(name, new ScriptError(name, 0, 0, what, found, expected));
}
