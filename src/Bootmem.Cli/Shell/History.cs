using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bootmem.Lab;

namespace Bootmem.Cli.Shell;

/// <summary>The lines of the prompt so far, for the keys up and down.</summary>
internal sealed class History
{
    private const int MostLines = 500;

    private readonly List<string> _lines = [];

    /// <summary>The lines, the oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Reads the lines of a file.</summary>
    /// <param name="path">The file; null, or a file that is not there: no lines.</param>
    /// <exception cref="MachineException">The file cannot be read.</exception>
    public static History Load(string? path)
    {
        History history = new();
        if (path is null || (!File.Exists(path) && !Directory.Exists(path)))
        {
            return history;
        }

        try
        {
            using StreamReader reader = new(path);
            LineReader lines = new(reader, ShellLine.MaxLength);
            int count = 0;
            while (count++ < MostLines && lines.Read() is { } line)
            {
                history.Add(line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MachineException($"--history: {path}: cannot be read: {e.Message}", e);
        }

        return history;
    }

    /// <summary>Adds a line, unless it is empty, the same as the one before, or nothing that can be shown.</summary>
    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || line.Length > ShellLine.MaxLength || line.Any(char.IsControl)
            || (_lines.Count != 0 && _lines[^1] == line))
        {
            return;
        }

        _lines.Add(line);
        if (_lines.Count > MostLines)
        {
            _lines.RemoveAt(0);
        }
    }

    /// <summary>Writes the lines to a file.</summary>
    /// <param name="path">The file; null: nowhere.</param>
    /// <exception cref="MachineException">The file cannot be written.</exception>
    public void Save(string? path)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            string temporary = path + ".new";
            File.WriteAllLines(temporary, _lines);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MachineException($"--history: {path}: cannot be written: {e.Message}", e);
        }
    }
}
