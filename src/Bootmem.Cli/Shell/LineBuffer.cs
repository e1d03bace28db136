using System.Text;

namespace Bootmem.Cli.Shell;

/// <summary>A line that is being edited, and the cursor in it.</summary>
internal sealed class LineBuffer
{
    private readonly StringBuilder _text = new();

    /// <summary>The line.</summary>
    public string Text => _text.ToString();

    /// <summary>The cursor: 0 .. the line's length.</summary>
    public int Cursor { get; private set; }

    public int Length => _text.Length;

    /// <summary>Puts a character before the cursor. A line that is full stays as it is.</summary>
    public void Insert(char c)
    {
        if (_text.Length < ShellLine.MaxLength)
        {
            _text.Insert(Cursor++, c);
        }
    }

    /// <summary>Replaces what stands from a place to the cursor.</summary>
    public void ReplaceBefore(int start, string text)
    {
        if (_text.Length - (Cursor - start) + text.Length <= ShellLine.MaxLength)
        {
            _text.Remove(start, Cursor - start).Insert(start, text);
            Cursor = start + text.Length;
        }
    }

    /// <summary>Takes another line; the cursor goes to its end.</summary>
    public void Set(string text)
    {
        _text.Clear().Append(text);
        Cursor = text.Length;
    }

    public void Left() => Cursor -= Cursor > 0 ? 1 : 0;

    public void Right() => Cursor += Cursor < _text.Length ? 1 : 0;

    public void Home() => Cursor = 0;

    public void End() => Cursor = _text.Length;

    public void Backspace()
    {
        if (Cursor > 0)
        {
            _text.Remove(--Cursor, 1);
        }
    }

    public void Delete()
    {
        if (Cursor < _text.Length)
        {
            _text.Remove(Cursor, 1);
        }
    }

    /// <summary>Deletes from the cursor to the end.</summary>
    public void CutEnd() => _text.Remove(Cursor, _text.Length - Cursor);

    /// <summary>Deletes from the start to the cursor.</summary>
    public void CutStart()
    {
        _text.Remove(0, Cursor);
        Cursor = 0;
    }

    /// <summary>Deletes the word before the cursor, and the blanks behind it.</summary>
    public void CutWord()
    {
        int start = Cursor;
        while (start > 0 && _text[start - 1] == ' ')
        {
            start--;
        }

        while (start > 0 && _text[start - 1] != ' ')
        {
            start--;
        }

        _text.Remove(start, Cursor - start);
        Cursor = start;
    }
}
