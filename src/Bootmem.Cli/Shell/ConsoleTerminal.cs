using System;
using System.IO;

namespace Bootmem.Cli.Shell;

/// <summary>Where a line is edited: keys come from it, characters go to it.</summary>
internal interface ITerminal
{
    /// <summary>Characters in a row.</summary>
    int Width { get; }

    /// <summary>Waits for a key, which is not shown; null at the end of the input.</summary>
    ConsoleKeyInfo? ReadKey();

    /// <summary>Shows text at once.</summary>
    void Write(string text);

    /// <summary>Whether Ctrl-C is a key like others.</summary>
    void TakeControlC(bool isKey);
}

/// <summary>The console.</summary>
internal sealed class ConsoleTerminal(TextWriter output) : ITerminal
{
    private const int UsualWidth = 80;

    public int Width
    {
        get
        {
            try
            {
                return Console.WindowWidth > 0 ? Console.WindowWidth : UsualWidth;
            }
            catch (IOException)
            {
                return UsualWidth;
            }
        }
    }

    public ConsoleKeyInfo? ReadKey()
    {
        try
        {
            return Console.ReadKey(intercept: true);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // The terminal is gone.
            return null;
        }
    }

    public void Write(string text)
    {
        output.Write(text);
        output.Flush();
    }

    public void TakeControlC(bool isKey) => Console.TreatControlCAsInput = isKey;
}
