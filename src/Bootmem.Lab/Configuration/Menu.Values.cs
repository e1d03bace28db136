using System;
using System.Collections.Generic;

namespace Bootmem.Lab;

/// <content>How a value is changed: turned over, chosen, or typed.</content>
public sealed partial class Menu
{
    private void Change()
    {
        switch (Entry.Kind)
        {
            case MenuEntryKind.Switch:
                Set(Configuration.Get(Entry.Name) == "y" ? "n" : "y");
                break;
            case MenuEntryKind.Choice:
                ChoiceCursor = CurrentChoice(Entry.Choices, Configuration.Get(Entry.Name));
                Mode = MenuMode.Choose;
                break;
            default:
                StartEdit();
                break;
        }
    }

    private static int CurrentChoice(IReadOnlyList<MenuChoice> choices, string value)
    {
        for (int i = 0; i < choices.Count; i++)
        {
            // What is none of the values was typed.
            if (choices[i].Value == value || choices[i].Value is null)
            {
                return i;
            }
        }

        return 0;
    }

    private void StartEdit()
    {
        Text = Configuration.Get(Entry.Name);
        Mode = MenuMode.Edit;
    }

    private void Choose(MenuKey key)
    {
        IReadOnlyList<MenuChoice> choices = Entry.Choices;
        switch (key.Kind)
        {
            case MenuKeyKind.Up or MenuKeyKind.PageUp:
                int up = key.Kind == MenuKeyKind.Up ? 1 : PageLength;
                ChoiceCursor = Math.Max(ChoiceCursor - up, 0);
                break;
            case MenuKeyKind.Down or MenuKeyKind.PageDown:
                int down = key.Kind == MenuKeyKind.Down ? 1 : PageLength;
                ChoiceCursor = Math.Min(ChoiceCursor + down, choices.Count - 1);
                break;
            case MenuKeyKind.Home:
                ChoiceCursor = 0;
                break;
            case MenuKeyKind.End:
                ChoiceCursor = choices.Count - 1;
                break;
            case MenuKeyKind.Escape:
                Mode = MenuMode.Browse;
                break;
            case MenuKeyKind.Character when key.Character != ' ':
                break;
            case MenuKeyKind.Enter or MenuKeyKind.Character when choices[ChoiceCursor].Value is { } value:
                Mode = MenuMode.Browse;
                Set(value);
                break;
            case MenuKeyKind.Enter or MenuKeyKind.Character:
                StartEdit();
                break;
            default:
                break;
        }
    }

    private void Edit(MenuKey key)
    {
        switch (key.Kind)
        {
            case MenuKeyKind.Escape:
                Mode = MenuMode.Browse;
                break;
            case MenuKeyKind.Backspace when Text.Length > 0:
                Text = Text[..^(Text.Length > 1 && char.IsLowSurrogate(Text[^1]) ? 2 : 1)];
                break;
            case MenuKeyKind.Home:
                // There is no cursor inside the line: what is there goes as a whole.
                Text = "";
                break;
            case MenuKeyKind.Character when !char.IsControl(key.Character) && Text.Length < MaxText:
                Text += key.Character;
                break;
            case MenuKeyKind.Enter when Set(Text.Trim()):
                Mode = MenuMode.Browse;
                break;
            default:
                break;
        }
    }

    private bool Set(string value)
    {
        Message = Configuration.Set($"{Entry.Name}={value}") ?? "";
        return Message.Length == 0;
    }
}
