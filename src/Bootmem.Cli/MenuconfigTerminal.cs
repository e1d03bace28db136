using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using Bootmem.Lab;

namespace Bootmem.Cli;

/// <summary>
/// Shows a <see cref="Menu"/> on a terminal and gives it the keys: on a screen of its own, which it leaves as it was.
/// </summary>
internal static class MenuconfigTerminal
{
    private const string EnterScreen = "\u001b[?1049h\u001b[?25l";
    private const string LeaveScreen = "\u001b[0m\u001b[?25h\u001b[?1049l";
    private const string Home = "\u001b[H";
    private const string ClearRest = "\u001b[K";
    private const string Mark = "\u001b[7m";
    private const string Unmark = "\u001b[27m";

    // How often the size of the window is looked at while no key comes.
    private const int PollMilliseconds = 25;

    private static readonly Dictionary<ConsoleKey, MenuKeyKind> _keys = new()
    {
        [ConsoleKey.UpArrow] = MenuKeyKind.Up,
        [ConsoleKey.DownArrow] = MenuKeyKind.Down,
        [ConsoleKey.LeftArrow] = MenuKeyKind.Left,
        [ConsoleKey.RightArrow] = MenuKeyKind.Right,
        [ConsoleKey.Tab] = MenuKeyKind.Right,
        [ConsoleKey.PageUp] = MenuKeyKind.PageUp,
        [ConsoleKey.PageDown] = MenuKeyKind.PageDown,
        [ConsoleKey.Home] = MenuKeyKind.Home,
        [ConsoleKey.End] = MenuKeyKind.End,
        [ConsoleKey.Enter] = MenuKeyKind.Enter,
        [ConsoleKey.Escape] = MenuKeyKind.Escape,
        [ConsoleKey.Backspace] = MenuKeyKind.Backspace,
        [ConsoleKey.Delete] = MenuKeyKind.Backspace,
    };

    /// <summary>Whether there is a terminal on both sides that can move its cursor, and that is large enough.</summary>
    public static bool IsUsable =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb")
        && Console.WindowWidth >= MenuScreen.MinWidth && Console.WindowHeight >= MenuScreen.MinHeight;

    /// <summary>Runs a menu until it is over.</summary>
    public static void Run(Menu menu)
    {
        Console.TreatControlCAsInput = true;
        Console.Out.Write(EnterScreen);
        try
        {
            while (!menu.IsDone)
            {
                Draw(menu);
                if (WaitForKey())
                {
                    menu.Press(Translate(Console.ReadKey(intercept: true)));
                }
            }
        }
        finally
        {
            Console.Out.Write(LeaveScreen);
            Console.Out.Flush();
            Console.TreatControlCAsInput = false;
        }
    }

    /// <summary>What a key of the terminal means in the menu.</summary>
    public static MenuKey Translate(ConsoleKeyInfo key)
    {
        if (key.Key == ConsoleKey.C && key.Modifiers.HasFlag(ConsoleModifiers.Control))
        {
            return new MenuKey(MenuKeyKind.Quit);
        }

        // A line feed is Enter too: terminals send it for Ctrl-J, and programs that type for a user.
        return _keys.TryGetValue(key.Key, out MenuKeyKind kind) ? new MenuKey(kind)
            : key.KeyChar == '\n' ? new MenuKey(MenuKeyKind.Enter)
            : MenuKey.Of(key.KeyChar);
    }

    // False when the window has changed its size.
    private static bool WaitForKey()
    {
        int width = Console.WindowWidth;
        int height = Console.WindowHeight;
        while (!Console.KeyAvailable)
        {
            if (Console.WindowWidth != width || Console.WindowHeight != height)
            {
                return false;
            }

            Thread.Sleep(PollMilliseconds);
        }

        return true;
    }

    private static void Draw(Menu menu)
    {
        int width = Math.Max(Console.WindowWidth, MenuScreen.MinWidth);
        int height = Math.Max(Console.WindowHeight, MenuScreen.MinHeight);
        StringBuilder screen = new(Home);
        IReadOnlyList<ScreenLine> lines = MenuScreen.Draw(menu, width, height);
        for (int i = 0; i < lines.Count; i++)
        {
            (string text, int start, int length) = lines[i];
            screen.Append(i == 0 ? "" : "\r\n");
            if (length > 0)
            {
                screen.Append(text, 0, start).Append(Mark).Append(text, start, length).Append(Unmark)
                    .Append(text, start + length, text.Length - start - length);
            }
            else
            {
                screen.Append(text);
            }

            // A line that fills the screen leaves the cursor on its last column: clearing would take that away.
            screen.Append(text.Length < width ? ClearRest : "");
        }

        Console.Out.Write(screen.ToString());
        Console.Out.Flush();
    }
}
