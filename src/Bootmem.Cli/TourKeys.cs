using System;
using System.IO;
using System.Text;

namespace Bootmem.Cli;

/// <summary>What a person types on a tour: one key to go on, or a word.</summary>
/// <param name="output">Where what is typed is shown.</param>
internal sealed class TourKeys(TextWriter output)
{
    /// <summary>The word; empty for a key that goes on, null if there will be no more.</summary>
    public string? Read()
    {
        StringBuilder word = new();
        while (true)
        {
            output.Flush();
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            bool goesOn = key.Key is ConsoleKey.Spacebar or ConsoleKey.RightArrow or ConsoleKey.DownArrow;
            if (key.Key == ConsoleKey.Enter || (goesOn && word.Length == 0))
            {
                output.WriteLine();
                return word.ToString();
            }

            if (key.Key == ConsoleKey.D && key.Modifiers == ConsoleModifiers.Control)
            {
                output.WriteLine();
                return "quit";
            }

            if (key.Key == ConsoleKey.Backspace && word.Length != 0)
            {
                word.Length--;
                output.Write("\b \b");
            }
            else if (!char.IsControl(key.KeyChar))
            {
                word.Append(key.KeyChar);
                output.Write(key.KeyChar);
            }
        }
    }
}
