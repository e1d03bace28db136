namespace Bootmem.Lab;

/// <summary>What a key does in the menu.</summary>
public enum MenuKeyKind
{
    /// <summary>A character: see <see cref="MenuKey.Character"/>.</summary>
    Character,

    /// <summary>One entry up.</summary>
    Up,

    /// <summary>One entry down.</summary>
    Down,

    /// <summary>One button to the left.</summary>
    Left,

    /// <summary>One button to the right.</summary>
    Right,

    /// <summary>Ten entries up.</summary>
    PageUp,

    /// <summary>Ten entries down.</summary>
    PageDown,

    /// <summary>The first entry.</summary>
    Home,

    /// <summary>The last entry.</summary>
    End,

    /// <summary>Presses the button.</summary>
    Enter,

    /// <summary>Goes back; from the list, exits.</summary>
    Escape,

    /// <summary>Takes the last character away.</summary>
    Backspace,

    /// <summary>Leaves at once, without saving.</summary>
    Quit,
}

/// <summary>A key.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Character">The character; '\0' if it is none.</param>
public readonly record struct MenuKey(MenuKeyKind Kind, char Character = '\0')
{
    /// <summary>The key of a character.</summary>
    /// <param name="character">The character.</param>
    public static MenuKey Of(char character) => new(MenuKeyKind.Character, character);
}

/// <summary>What the menu shows.</summary>
public enum MenuMode
{
    /// <summary>The list of entries.</summary>
    Browse,

    /// <summary>The values of one entry.</summary>
    Choose,

    /// <summary>A line that is typed.</summary>
    Edit,

    /// <summary>The help of an entry.</summary>
    Help,

    /// <summary>The question whether to save.</summary>
    AskSave,

    /// <summary>It is over.</summary>
    Done,
}

/// <summary>The buttons below the list.</summary>
public enum MenuButton
{
    /// <summary>Changes the entry.</summary>
    Change,

    /// <summary>Saves.</summary>
    Save,

    /// <summary>Exits.</summary>
    Exit,

    /// <summary>Shows the entry's help.</summary>
    Help,
}
