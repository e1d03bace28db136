using System;
using System.IO;
using System.Threading;

namespace Bootmem.Cli;

/// <summary>
/// Says on the terminal how far something has come, if it takes longer than a second. Nothing is said where standard
/// error is no terminal, and nothing stays there.
/// </summary>
internal sealed class TerminalProgress : IProgress<(int Done, int Count)>, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly string _what;
    private readonly TextWriter _error;
    private readonly Timer _timer;
    private (int Done, int Count) _state;
    private int _shownLength;
    private bool _isOver;

    private TerminalProgress(string what, TextWriter error)
    {
        _what = what;
        _error = error;
        _timer = new Timer(_ => Show(), null, s_patience, s_period);
    }

    /// <summary>Begins; null where nobody would see it.</summary>
    /// <param name="what">What takes long.</param>
    public static TerminalProgress? Start(string what) =>
        Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb"
            ? null : new TerminalProgress(what, Console.Error);

    /// <summary>Begins, for those who know when to speak.</summary>
    internal static TerminalProgress Start(string what, TextWriter error) => new(what, error);

    /// <inheritdoc/>
    public void Report((int Done, int Count) value)
    {
        lock (_lock)
        {
            _state = value;
        }
    }

    /// <summary>Ends, and wipes what was shown.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _isOver = true;
            if (_shownLength != 0)
            {
                _error.Write($"\r{new string(' ', _shownLength)}\r");
                _error.Flush();
            }
        }
    }

    internal void Show()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            (int done, int count) = _state;
            string text = count == 0 ? $"{_what} …" : $"{_what}: {done} of {count} ({(long)done * 100 / count} %)";
            _error.Write("\r" + text.PadRight(_shownLength));
            _error.Flush();
            _shownLength = Math.Max(_shownLength, text.Length);
        }
    }
}
