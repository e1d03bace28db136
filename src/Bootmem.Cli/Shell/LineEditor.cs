using System;

namespace Bootmem.Cli.Shell;

/// <summary>
/// Edits a line in one row of a terminal: cursor keys, Home and End, the usual Ctrl keys, the lines before with up and
/// down, Tab. A line longer than the row is shown around the cursor.
/// </summary>
/// <param name="terminal">Where it is edited.</param>
/// <param name="history">The lines before.</param>
/// <param name="complete">What can stand at the cursor.</param>
internal sealed class LineEditor(ITerminal terminal, History history, Func<string, int, Completion> complete)
{
    private const int MostOffered = 100;

    private readonly LineBuffer _buffer = new();
    private string _prompt = "";
    private string _draft = "";
    private int _place;
    private bool _isEnd;

    /// <summary>Reads a line; null at the end of the input: Ctrl-D on an empty line.</summary>
    public string? Read(string prompt)
    {
        _prompt = prompt;
        _buffer.Set("");
        _draft = "";
        _place = history.Lines.Count;
        _isEnd = false;
        terminal.TakeControlC(true);
        try
        {
            Show();
            while (terminal.ReadKey() is { } key)
            {
                if (key.Key == ConsoleKey.Enter || key.KeyChar is '\n' or '\r')
                {
                    terminal.Write("\n");
                    return _buffer.Text;
                }

                Take(key);
                if (_isEnd)
                {
                    break;
                }

                Show();
            }

            terminal.Write("\n");
            return null;
        }
        finally
        {
            terminal.TakeControlC(false);
        }
    }

    private void Take(ConsoleKeyInfo key)
    {
        if ((key.Modifiers & ConsoleModifiers.Control) != 0 && TakeControl(key.Key))
        {
            return;
        }

        switch (key.Key)
        {
            case ConsoleKey.LeftArrow:
                _buffer.Left();
                break;
            case ConsoleKey.RightArrow:
                _buffer.Right();
                break;
            case ConsoleKey.Home:
                _buffer.Home();
                break;
            case ConsoleKey.End:
                _buffer.End();
                break;
            case ConsoleKey.UpArrow:
                Recall(_place - 1);
                break;
            case ConsoleKey.DownArrow:
                Recall(_place + 1);
                break;
            case ConsoleKey.Backspace:
                _buffer.Backspace();
                break;
            case ConsoleKey.Delete:
                _buffer.Delete();
                break;
            case ConsoleKey.Tab:
                Complete();
                break;
            default:
                if (!char.IsControl(key.KeyChar) && (key.Modifiers & ConsoleModifiers.Alt) == 0)
                {
                    _buffer.Insert(key.KeyChar);
                }

                break;
        }
    }

    private bool TakeControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A:
                _buffer.Home();
                return true;
            case ConsoleKey.E:
                _buffer.End();
                return true;
            case ConsoleKey.B:
                _buffer.Left();
                return true;
            case ConsoleKey.F:
                _buffer.Right();
                return true;
            case ConsoleKey.P:
                Recall(_place - 1);
                return true;
            case ConsoleKey.N:
                Recall(_place + 1);
                return true;
            case ConsoleKey.K:
                _buffer.CutEnd();
                return true;
            case ConsoleKey.U:
                _buffer.CutStart();
                return true;
            case ConsoleKey.W:
                _buffer.CutWord();
                return true;
            case ConsoleKey.L:
                terminal.Write("\u001b[H\u001b[2J");
                return true;
            case ConsoleKey.C:
                terminal.Write("^C\n");
                _buffer.Set("");
                _place = history.Lines.Count;
                return true;
            case ConsoleKey.D:
                _isEnd = _buffer.Length == 0;
                _buffer.Delete();
                return true;
            default:
                return false;
        }
    }

    // The line that was begun is behind the last one.
    private void Recall(int place)
    {
        if (place < 0 || place > history.Lines.Count)
        {
            return;
        }

        if (_place == history.Lines.Count)
        {
            _draft = _buffer.Text;
        }

        _place = place;
        _buffer.Set(place == history.Lines.Count ? _draft : history.Lines[place]);
    }

    private void Complete()
    {
        Completion found = complete(_buffer.Text, _buffer.Cursor);
        if (found.Words.Count == 0)
        {
            return;
        }

        bool isCertain = found.Words.Count == 1;
        if (isCertain || found.Common.Length > _buffer.Cursor - found.Start)
        {
            bool goesOn = !isCertain || found.Common.EndsWith('/');
            _buffer.ReplaceBefore(found.Start, found.Common + (goesOn ? "" : " "));
            return;
        }

        terminal.Write("\n");
        int width = 0;
        int count = Math.Min(found.Words.Count, MostOffered);
        for (int i = 0; i < count; i++)
        {
            width = Math.Max(width, found.Words[i].Length + 2);
        }

        int columns = Math.Max(1, terminal.Width / width);
        for (int i = 0; i < count; i++)
        {
            bool endsRow = (i + 1) % columns == 0 || i == count - 1;
            terminal.Write(endsRow ? found.Words[i] + "\n" : found.Words[i].PadRight(width));
        }
    }

    private void Show()
    {
        string text = _buffer.Text;
        int room = Math.Max(1, terminal.Width - _prompt.Length - 1);
        int first = _buffer.Cursor <= room ? 0 : _buffer.Cursor - room;
        string shown = text.Substring(first, Math.Min(room, text.Length - first));
        int column = _prompt.Length + _buffer.Cursor - first;
        string move = column == 0 ? "" : $"\u001b[{column}C";
        terminal.Write($"\r{_prompt}{Terminal.Clean(shown)}\u001b[K\r{move}");
    }
}
