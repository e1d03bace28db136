using System;
using System.Collections.Generic;
using System.IO;
using Bootmem.Boot;
using Bootmem.Cli.Shell;
using Xunit;

namespace Bootmem.Tests.Shell;

/// <summary>Editing a line: keys in, a line out.</summary>
public sealed class EditorTests
{
    private const ConsoleKey Enter = ConsoleKey.Enter;

    [Fact]
    public void KeysEditTheLine()
    {
        Assert.Equal("state", Type("state", Enter));
        Assert.Equal("state", Type("sate", ConsoleKey.Home, ConsoleKey.RightArrow, "t", Enter));
        Assert.Equal("abc", Type("abd", ConsoleKey.Backspace, "c", Enter));
        Assert.Equal("ac", Type("abc", ConsoleKey.LeftArrow, ConsoleKey.LeftArrow, ConsoleKey.Delete, Enter));
        Assert.Equal("xabcy", Type("abc", Control('A'), "x", Control('E'), "y", Enter));
        Assert.Equal("one ", Type("one two", Control('W'), Enter));
        Assert.Equal("two", Type("one two", Control('B'), Control('B'), Control('B'), Control('U'), Enter));
        Assert.Equal(
            "one", Type("one two", Control('A'), Control('F'), Control('F'), Control('F'), Control('K'), Enter));
        Assert.Equal("b", Type("a", Control('C'), "b", Enter));
    }

    [Fact]
    public void NothingHappensAtTheEdges()
    {
        Assert.Equal("", Type(ConsoleKey.LeftArrow, ConsoleKey.RightArrow, ConsoleKey.Backspace, ConsoleKey.Delete,
            ConsoleKey.UpArrow, ConsoleKey.DownArrow, ConsoleKey.F1, Control('W'), Control('U'), Control('K'), Enter));
        string full = new('x', ShellLine.MaxLength + 10);
        Assert.Equal(ShellLine.MaxLength, Type(full, Enter)!.Length);
    }

    [Fact]
    public void ControlDIsTheEndOfAnEmptyLineOnly()
    {
        Assert.Null(Type(Control('D')));
        Assert.Equal("bc", Type("abc", ConsoleKey.Home, Control('D'), Enter));
        Assert.Null(Type("no more keys"));
    }

    [Fact]
    public void LinesComeBackAndTheOneBegunIsKept()
    {
        Terminal terminal = new("x", ConsoleKey.UpArrow, Enter);
        History history = new();
        history.Add("one");
        history.Add("two");
        history.Add("two");
        history.Add(" ");
        Assert.Equal(["one", "two"], history.Lines);
        Assert.Equal("two", Read(terminal, history));
        Assert.Equal(
            "one", Read(new Terminal(ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.UpArrow, Enter), history));
        Assert.Equal("begun", Read(new Terminal("begun", ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow,
            ConsoleKey.DownArrow, Enter), history));
        Assert.Equal("two!", Read(new Terminal(Control('P'), "!", Enter), history));
    }

    [Fact]
    public void TabCompletesWhatIsCertain()
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        Completion Find(string line, int at) => Completion.Find(run.Session, line, at);
        string? Complete(params object[] keys) => Read(new Terminal([.. keys, Enter]), new History(), Find);

        Assert.Equal("lsmod ", Complete("lsm", ConsoleKey.Tab));
        Assert.Equal("cat /proc/buddyinfo_bs ", Complete("ca", ConsoleKey.Tab, "/proc/b", ConsoleKey.Tab));
        Assert.Equal("alloc_pages GFP_KERNEL|__GFP_ZERO ", Complete("alloc_p", ConsoleKey.Tab, "GFP_K", ConsoleKey.Tab,
            ConsoleKey.Backspace, "|__GFP_Z", ConsoleKey.Tab));
        Assert.Equal("boot buddy ", Complete("boot bu", ConsoleKey.Tab));
        Assert.Equal("config NODES_SHIFT ", Complete("config NO", ConsoleKey.Tab));
        Assert.Equal("alloc_bootmem", Complete("alloc_b", ConsoleKey.Tab));
        Assert.Equal("zzz", Complete("zzz", ConsoleKey.Tab));
        Assert.Equal("foo ba", Complete("foo ba", ConsoleKey.Tab));
        Assert.Equal(
            "help lsmod  x", Complete("help lsm x", ConsoleKey.LeftArrow, ConsoleKey.LeftArrow, ConsoleKey.Tab));
    }

    [Fact]
    public void TabShowsWhatIsNotCertain()
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        Terminal terminal = new("cat /proc/", ConsoleKey.Tab, Enter);
        Assert.Equal("cat /proc/", Read(terminal, new History(), (line, at) => Completion.Find(run.Session, line, at)));
        Assert.Contains("/proc/buddyinfo_bs  /proc/iomem_bs", terminal.Shown, StringComparison.Ordinal);
        Assert.Contains("/proc/zoneinfo_bs\n", terminal.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void ALongLineStaysInItsRow()
    {
        Terminal terminal = new(new string('a', 70), "END", ConsoleKey.Home, Enter);
        Read(terminal, new History());
        foreach (string part in terminal.Shown.Split('\r'))
        {
            Assert.True(
                part.Replace("\u001b[K", "", StringComparison.Ordinal).TrimEnd('\n').Length <= terminal.Width, part);
        }

        Assert.Contains("END", terminal.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void TheHistoryCanBeKept()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            History history = History.Load(path);
            history.Add("one");
            history.Add("two");
            history.Save(path);
            Assert.Equal(["one", "two"], History.Load(path).Lines);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static (ConsoleKey, ConsoleModifiers) Control(char letter) =>
        ((ConsoleKey)letter, ConsoleModifiers.Control);

    private static string? Type(params object[] keys) => Read(new Terminal(keys), new History());

    private static string? Read(Terminal terminal, History history, Func<string, int, Completion>? complete = null) =>
        new LineEditor(terminal, history, complete ?? ((_, at) => new Completion(at, []))).Read("bootmem# ");

    private sealed class Terminal : ITerminal
    {
        private readonly Queue<ConsoleKeyInfo> _keys = [];
        private readonly System.Text.StringBuilder _shown = new();

        public Terminal(params object[] keys)
        {
            foreach (object key in keys)
            {
                switch (key)
                {
                    case string text:
                        foreach (char c in text)
                        {
                            _keys.Enqueue(new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false));
                        }

                        break;
                    case ConsoleKey one:
                        _keys.Enqueue(new ConsoleKeyInfo('\0', one, false, false, false));
                        break;
                    default:
                        (ConsoleKey letter, ConsoleModifiers _) = ((ConsoleKey, ConsoleModifiers))key;
                        _keys.Enqueue(new ConsoleKeyInfo((char)(letter - 'A' + 1), letter, false, false, true));
                        break;
                }
            }
        }

        public int Width => 60;

        public string Shown => _shown.ToString();

        public ConsoleKeyInfo? ReadKey() => _keys.TryDequeue(out ConsoleKeyInfo key) ? key : null;

        public void Write(string text) => _shown.Append(text);

        public void TakeControlC(bool isKey)
        {
        }
    }
}
