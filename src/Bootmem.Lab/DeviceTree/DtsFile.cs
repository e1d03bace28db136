using System;
using System.IO;

namespace Bootmem.Lab;

/// <summary>One open source: its bytes, and how far they are read.</summary>
internal sealed class DtsFile(string name, string fullPath, byte[] text)
{
    private int _next;
    private int _line = 1;
    private int _column = 1;

    /// <summary>The name that errors show; a line marker can change it.</summary>
    public string Name { get; private set; } = OneLine(name);

    /// <summary>Where it really is: what it includes is looked up beside it.</summary>
    public string FullPath { get; } = fullPath;

    public DtsPlace Place => new(Name, _line, _column);

    public bool IsAtLineStart => _column == 1;

    /// <summary>The byte some bytes on, or -1 beyond the end.</summary>
    public int Peek(int ahead = 0) => _next + ahead < text.Length ? text[_next + ahead] : -1;

    public bool StartsWith(string word)
    {
        for (int i = 0; i < word.Length; i++)
        {
            if (Peek(i) != word[i])
            {
                return false;
            }
        }

        return true;
    }

    public void Advance(int count = 1)
    {
        for (; count > 0; count--)
        {
            int c = text[_next++];
            if (c == '\n')
            {
                _line++;
                _column = 1;
            }
            else if ((c & 0xc0) != 0x80)
            {
                // A character of several bytes is one column.
                _column++;
            }
        }
    }

    /// <summary>Takes a line marker's word for where the next line comes from.</summary>
    public void MoveTo(string name, int line)
    {
        Name = OneLine(name);
        _line = line;
        _column = 1;
    }

    // Sources can name files as they like; an error is one line.
    private static string OneLine(string name) =>
        string.Create(name.Length, name, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) ? '?' : from[i];
            }
        });

    /// <summary>A path that this source names, relative to the source.</summary>
    public string Resolve(string path) =>
        Path.GetFullPath(path, Path.GetDirectoryName(FullPath) ?? Environment.CurrentDirectory);
}
