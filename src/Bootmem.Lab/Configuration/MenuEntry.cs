using System.Collections.Generic;

namespace Bootmem.Lab;

/// <summary>How an entry of the menu is changed.</summary>
public enum MenuEntryKind
{
    /// <summary>It is not: it only says what the entries below it are.</summary>
    Heading,

    /// <summary>On or off: <c>y</c> or <c>n</c>.</summary>
    Switch,

    /// <summary>One of a few values.</summary>
    Choice,

    /// <summary>A value that is typed.</summary>
    Text,
}

/// <summary>A value that can be chosen, and how it is shown.</summary>
/// <param name="Value">The value as it is kept; null: the user types it.</param>
/// <param name="Label">How it is shown.</param>
public readonly record struct MenuChoice(string? Value, string Label);

/// <summary>An entry of the menu: one choice, or a heading.</summary>
public sealed class MenuEntry
{
    /// <summary>How it is changed.</summary>
    public required MenuEntryKind Kind { get; init; }

    /// <summary>The name that it has in the file; empty for a heading.</summary>
    public string Name { get; init; } = "";

    /// <summary>How it is called in the menu.</summary>
    public required string Label { get; init; }

    /// <summary>What it means, in a few words.</summary>
    public string Meaning { get; init; } = "";

    /// <summary>What values it takes.</summary>
    public string Expected { get; init; } = "";

    /// <summary>What it means, in a few sentences.</summary>
    public string Help { get; init; } = "";

    /// <summary>The values of a <see cref="MenuEntryKind.Choice"/>.</summary>
    public IReadOnlyList<MenuChoice> Choices { get; init; } = [];

    /// <summary>The entry's value as it is shown: of a choice its label.</summary>
    /// <param name="configuration">The choices made.</param>
    public string Show(Configuration configuration)
    {
        System.ArgumentNullException.ThrowIfNull(configuration);
        if (Kind == MenuEntryKind.Heading)
        {
            return "";
        }

        string value = configuration.Get(Name);
        foreach (MenuChoice choice in Choices)
        {
            if (choice.Value == value)
            {
                return choice.Label;
            }
        }

        return value;
    }
}
