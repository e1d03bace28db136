using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Bootmem.Lab;

/// <summary>
/// The menu as questions and answers, line by line: for pipes, and for terminals that cannot move the cursor. The end
/// of the input exits without saving.
/// </summary>
public sealed class LineMenu
{
    private const string Usage =
        "A number changes an entry, NAME=VALUE sets it, ? NUMBER helps; l lists, s saves, q exits.";

    private const int MaxLine = 4096;

    private readonly Menu _menu;
    private readonly TextReader _input;
    private readonly TextWriter _output;
    private readonly List<MenuEntry> _entries;
    private bool _isOver;

    /// <summary>A menu that is asked for line by line.</summary>
    /// <param name="menu">The menu; no key is pressed.</param>
    /// <param name="input">The answers.</param>
    /// <param name="output">The questions.</param>
    public LineMenu(Menu menu, TextReader input, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(menu);
        _menu = menu;
        _input = input;
        _output = output;
        _entries = [.. menu.Entries.Where(entry => entry.Kind != MenuEntryKind.Heading)];
    }

    /// <summary>Asks until the user exits or the input ends.</summary>
    /// <exception cref="MachineException">A line of the input is too long.</exception>
    public void Run()
    {
        List();
        _output.WriteLine(Usage);
        while (!_isOver && Ask("> ") is { } line)
        {
            Answer(line);
        }

        if (!_isOver)
        {
            _output.WriteLine(_menu.IsChanged ? "End of input: not saved." : "End of input.");
        }
    }

    private void Answer(string line)
    {
        switch (line)
        {
            case "":
                break;
            case "l":
                List();
                break;
            case "s":
                Say(_menu.Save());
                break;
            case "q":
                Exit();
                break;
            case "?":
                _output.WriteLine(Usage);
                break;
            default:
                Change(line);
                break;
        }
    }

    private void Change(string line)
    {
        if (line.Contains('=', StringComparison.Ordinal))
        {
            Say(_menu.Configuration.Set(line));
            return;
        }

        bool wantsHelp = line[0] == '?';
        string number = wantsHelp ? line[1..].Trim() : line;
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            || index < 1 || index > _entries.Count)
        {
            _output.WriteLine(
                $"found '{Configuration.Show(number)}', expected a number from 1 to {_entries.Count}. {Usage}");
            return;
        }

        MenuEntry entry = _entries[index - 1];
        if (wantsHelp)
        {
            _output.WriteLine(entry.Help);
            _output.WriteLine($"Value: {entry.Show(_menu.Configuration)}. Expected: {entry.Expected}.");
            return;
        }

        AskValue(entry);
    }

    // An empty answer leaves the value; of a choice the number is as good as the value.
    private void AskValue(MenuEntry entry)
    {
        for (int i = 0; i < entry.Choices.Count; i++)
        {
            MenuChoice choice = entry.Choices[i];
            _output.WriteLine(
                choice.Value is null ? "      or the path of another file" : $"  {i + 1,2}  {choice.Label}");
        }

        string? answer = Ask($"{entry.Label} ({entry.Expected}) [{entry.Show(_menu.Configuration)}]: ");
        if (string.IsNullOrEmpty(answer))
        {
            return;
        }

        bool isNumber = int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out int index);
        string value = isNumber && index >= 1 && index <= entry.Choices.Count
            ? entry.Choices[index - 1].Value ?? answer : answer;
        Say(_menu.Configuration.Set($"{entry.Name}={value}"));
    }

    private void Exit()
    {
        while (_menu.IsChanged)
        {
            string? answer = Ask($"Save the changes in {_menu.Path}? (y, n, or c to go back) ");
            if (answer is null or "c")
            {
                return;
            }

            if (answer == "n")
            {
                break;
            }

            if (answer == "y" && _menu.Save() is { } wrong)
            {
                Say(wrong);
                return;
            }
        }

        _isOver = true;
    }

    private void List()
    {
        int number = 0;
        foreach (MenuEntry entry in _menu.Entries)
        {
            _output.WriteLine(entry.Kind == MenuEntryKind.Heading
                ? $"    {entry.Label}:"
                : $"{++number,3}  {entry.Label,-24} {entry.Show(_menu.Configuration)}");
        }
    }

    private void Say(string? text)
    {
        string said = text ?? _menu.Message;
        if (said.Length != 0)
        {
            _output.WriteLine(Configuration.WithoutControls(said));
        }
    }

    private string? Ask(string question)
    {
        _output.Write(question);
        _output.Flush();
        return ReadLine()?.Trim();
    }

    // Bounded: an input need not have lines.
    private string? ReadLine()
    {
        StringBuilder line = new();
        for (int next = _input.Read(); next != '\n'; next = _input.Read())
        {
            if (next < 0)
            {
                return line.Length == 0 ? null : line.ToString();
            }

            if (line.Length == MaxLine)
            {
                throw new MachineException(
                    $"input: found a line of more than {MaxLine} characters, expected an answer");
            }

            line.Append((char)next);
        }

        return line.ToString();
    }
}
