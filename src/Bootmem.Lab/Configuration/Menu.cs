using System;
using System.Collections.Generic;

namespace Bootmem.Lab;

/// <summary>
/// The menu of <c>bootmem menuconfig</c> as a machine over keys, in the manner of the kernel's: it knows of no
/// terminal, and <see cref="MenuScreen"/> draws it.
/// </summary>
public sealed partial class Menu
{
    private const int PageLength = 10;
    private const int MaxText = 4096;

    private string _savedText;

    /// <summary>A menu over choices.</summary>
    /// <param name="configuration">The choices; keys change them.</param>
    /// <param name="entries">The entries; the first is not a heading.</param>
    /// <param name="path">The file that the choices are kept in.</param>
    public Menu(Configuration configuration, IReadOnlyList<MenuEntry> entries, string path)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(entries);
        Configuration = configuration;
        Entries = entries;
        Path = path;
        _savedText = configuration.ToText(path);
    }

    /// <summary>The choices.</summary>
    public Configuration Configuration { get; }

    /// <summary>The entries.</summary>
    public IReadOnlyList<MenuEntry> Entries { get; }

    /// <summary>The file that the choices are kept in.</summary>
    public string Path { get; }

    /// <summary>What is shown.</summary>
    public MenuMode Mode { get; private set; }

    /// <summary>The index of the entry that the cursor is on; never a heading's.</summary>
    public int Cursor { get; private set; }

    /// <summary>The button that Enter presses.</summary>
    public MenuButton Button { get; private set; }

    /// <summary>The entry that the cursor is on.</summary>
    public MenuEntry Entry => Entries[Cursor];

    /// <summary>The index of the value that the cursor is on, while one is chosen.</summary>
    public int ChoiceCursor { get; private set; }

    /// <summary>What has been typed, while a value is typed.</summary>
    public string Text { get; private set; } = "";

    /// <summary>What went wrong or was done last; empty if nothing is to be said.</summary>
    public string Message { get; private set; } = "";

    /// <summary>Whether the choices differ from what was read or saved last.</summary>
    public bool IsChanged => Configuration.ToText(Path) != _savedText;

    /// <summary>Whether the choices have been saved at least once.</summary>
    public bool IsSaved { get; private set; }

    /// <summary>Whether it is over.</summary>
    public bool IsDone => Mode == MenuMode.Done;

    /// <summary>Saves the choices; <see cref="Message"/> says so.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public string? Save()
    {
        try
        {
            Configuration.Save(Path);
        }
        catch (MachineException e)
        {
            Message = e.Message;
            return e.Message;
        }

        _savedText = Configuration.ToText(Path);
        IsSaved = true;
        Message = $"Saved in {Path}.";
        return null;
    }

    /// <summary>Presses a key.</summary>
    /// <param name="key">The key. One that means nothing here does nothing.</param>
    public void Press(MenuKey key)
    {
        Message = "";
        if (key.Kind == MenuKeyKind.Quit)
        {
            Mode = MenuMode.Done;
            return;
        }

        switch (Mode)
        {
            case MenuMode.Browse:
                Browse(key);
                break;
            case MenuMode.Choose:
                Choose(key);
                break;
            case MenuMode.Edit:
                Edit(key);
                break;
            case MenuMode.Help:
                // Any key goes back.
                Mode = MenuMode.Browse;
                break;
            case MenuMode.AskSave:
                AskSave(key);
                break;
            default:
                break;
        }
    }

    private void Browse(MenuKey key)
    {
        switch (key.Kind)
        {
            case MenuKeyKind.Up:
                Move(-1);
                break;
            case MenuKeyKind.Down:
                Move(1);
                break;
            case MenuKeyKind.PageUp:
                Move(-PageLength);
                break;
            case MenuKeyKind.PageDown:
                Move(PageLength);
                break;
            case MenuKeyKind.Home:
                Move(-Entries.Count);
                break;
            case MenuKeyKind.End:
                Move(Entries.Count);
                break;
            case MenuKeyKind.Left:
                Button = Button == MenuButton.Change ? MenuButton.Help : Button - 1;
                break;
            case MenuKeyKind.Right:
                Button = Button == MenuButton.Help ? MenuButton.Change : Button + 1;
                break;
            case MenuKeyKind.Enter:
                Push(Button);
                break;
            case MenuKeyKind.Escape:
                Push(MenuButton.Exit);
                break;
            case MenuKeyKind.Character:
                Type(key.Character);
                break;
            default:
                break;
        }
    }

    private void Type(char character)
    {
        switch (char.ToLowerInvariant(character))
        {
            case ' ':
                Push(MenuButton.Change);
                break;
            case '?' or 'h':
                Push(MenuButton.Help);
                break;
            case 's':
                Push(MenuButton.Save);
                break;
            case 'e' or 'q' or 'x':
                Push(MenuButton.Exit);
                break;
            case 'k':
                Move(-1);
                break;
            case 'j':
                Move(1);
                break;
            case 'y' or 'n' when Entry.Kind == MenuEntryKind.Switch:
                Set(char.ToLowerInvariant(character).ToString());
                break;
            default:
                break;
        }
    }

    // Headings are passed over; at an end the cursor stays on the last entry that is none.
    private void Move(int distance)
    {
        int step = Math.Sign(distance);
        int wanted = Math.Clamp(Cursor + distance, 0, Entries.Count - 1);
        int next = Cursor;
        for (int i = Cursor + step; i >= 0 && i < Entries.Count; i += step)
        {
            bool isFar = step * (i - wanted) > 0;
            if (Entries[i].Kind == MenuEntryKind.Heading)
            {
                continue;
            }

            if (isFar && next != Cursor)
            {
                break;
            }

            next = i;
        }

        Cursor = next;
    }

    private void Push(MenuButton button)
    {
        switch (button)
        {
            case MenuButton.Change:
                Change();
                break;
            case MenuButton.Save:
                Save();
                break;
            case MenuButton.Help:
                Mode = MenuMode.Help;
                break;
            default:
                Mode = IsChanged ? MenuMode.AskSave : MenuMode.Done;
                break;
        }
    }

    private void AskSave(MenuKey key)
    {
        switch (key.Kind == MenuKeyKind.Character ? char.ToLowerInvariant(key.Character) : '\0')
        {
            case 'y':
                Save();
                Mode = IsChanged ? MenuMode.Browse : MenuMode.Done;
                break;
            case 'n':
                Mode = MenuMode.Done;
                break;
            case 'c':
                Mode = MenuMode.Browse;
                break;
            default:
                Mode = key.Kind == MenuKeyKind.Escape ? MenuMode.Browse : MenuMode.AskSave;
                break;
        }
    }
}
