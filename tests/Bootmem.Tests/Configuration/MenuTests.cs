using System;
using System.IO;
using System.Linq;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Configuring;

/// <summary>The menu as a machine over keys.</summary>
public sealed class MenuTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SpaceTurnsASwitchOverAndBack()
    {
        Menu menu = NewMenu();
        GoTo(menu, "HIGHMEM");
        Press(menu, " ");
        Assert.False(menu.Configuration.Config.HasHighMem);
        Assert.True(menu.IsChanged);
        Press(menu, " ");
        Assert.True(menu.Configuration.Config.HasHighMem);
        Assert.False(menu.IsChanged);
        Press(menu, "nn");
        Assert.False(menu.Configuration.Config.HasHighMem);
        Press(menu, "Y");
        Assert.True(menu.Configuration.Config.HasHighMem);
    }

    [Fact]
    public void TheCursorPassesHeadingsAndStaysInside()
    {
        Menu menu = NewMenu();
        string[] seen = [.. Enumerable.Range(0, menu.Entries.Count * 2).Select(_ =>
        {
            string name = menu.Entry.Name;
            Press(menu, MenuKeyKind.Down);
            return name;
        }).Distinct()];
        Assert.Equal(Configuration.Names, seen);
        Assert.Equal(menu.Entries.Count - 1, menu.Cursor);
        Press(menu, MenuKeyKind.Home);
        Assert.Equal(0, menu.Cursor);
        Press(menu, MenuKeyKind.Up);
        Assert.Equal(0, menu.Cursor);
        Press(menu, MenuKeyKind.PageDown);
        Assert.InRange(menu.Cursor, 9, 10);
        Press(menu, MenuKeyKind.End);
        Assert.Equal(menu.Entries.Count - 1, menu.Cursor);
        Press(menu, MenuKeyKind.PageUp);
        Assert.NotEqual(MenuEntryKind.Heading, menu.Entry.Kind);
    }

    [Fact]
    public void AKernelIsChosenFromTheList()
    {
        Menu menu = NewMenu();
        Press(menu, MenuKeyKind.Enter);
        Assert.Equal(MenuMode.Choose, menu.Mode);
        Press(menu, MenuKeyKind.End, MenuKeyKind.Up, MenuKeyKind.Enter);
        Assert.Equal(MenuMode.Browse, menu.Mode);
        Assert.Equal("2.6.14", menu.Configuration.Get("KERNEL"));
        Press(menu, MenuKeyKind.Enter, MenuKeyKind.Down, MenuKeyKind.Escape);
        Assert.Equal("2.6.14", menu.Configuration.Get("KERNEL"));
    }

    [Fact]
    public void AMachineIsChosenOrTyped()
    {
        Menu menu = NewMenu();
        Press(menu, MenuKeyKind.Down, MenuKeyKind.Enter, MenuKeyKind.Down, MenuKeyKind.Enter);
        Assert.Equal("/boards/one.dts", menu.Configuration.MachinePath);
        Press(menu, MenuKeyKind.Enter, MenuKeyKind.End, MenuKeyKind.Enter, MenuKeyKind.Home);
        Assert.Equal(MenuMode.Edit, menu.Mode);
        Press(menu, "/my board.dtb");
        Press(menu, MenuKeyKind.Enter);
        Assert.Equal("/my board.dtb", menu.Configuration.MachinePath);
        Press(menu, MenuKeyKind.Enter, MenuKeyKind.Home, MenuKeyKind.Enter);
        Assert.Null(menu.Configuration.MachinePath);
    }

    [Fact]
    public void ABadValueStaysInTheLineWithItsReason()
    {
        Menu menu = NewMenu();
        GoTo(menu, "PAGE_SHIFT");
        Press(menu, MenuKeyKind.Enter, MenuKeyKind.Home);
        Press(menu, "40");
        Press(menu, MenuKeyKind.Enter);
        Assert.Equal(MenuMode.Edit, menu.Mode);
        Assert.Equal("PAGE_SHIFT: found '40', expected 6 .. 24, or auto", menu.Message);
        Assert.False(menu.IsChanged);
        Press(menu, MenuKeyKind.Backspace, MenuKeyKind.Backspace, MenuKeyKind.Backspace);
        Press(menu, "14");
        Press(menu, MenuKeyKind.Enter);
        Assert.Equal(14, menu.Configuration.Config.PageShift);
    }

    [Fact]
    public void HelpIsShownAndLeft()
    {
        Menu menu = NewMenu();
        GoTo(menu, "NUMA");
        Press(menu, "?");
        Assert.Equal(MenuMode.Help, menu.Mode);
        Assert.Contains(
            MenuScreen.Draw(menu, 80, 24), line => line.Text.Contains("hashdist=1", StringComparison.Ordinal));
        Press(menu, "q");
        Assert.Equal(MenuMode.Browse, menu.Mode);
    }

    [Fact]
    public void ExitAsksOnlyWhenSomethingIsNotSaved()
    {
        Menu unchanged = NewMenu();
        Press(unchanged, MenuKeyKind.Escape);
        Assert.True(unchanged.IsDone);

        Menu menu = NewMenu();
        GoTo(menu, "HIGHMEM");
        Press(menu, "n");
        Press(menu, MenuKeyKind.Escape);
        Assert.Equal(MenuMode.AskSave, menu.Mode);
        Press(menu, "c");
        Assert.Equal(MenuMode.Browse, menu.Mode);
        Press(menu, MenuKeyKind.Escape);
        Press(menu, "n");
        Assert.True(menu.IsDone);
        Assert.False(File.Exists(menu.Path));
    }

    [Fact]
    public void SavingWritesTheFile()
    {
        Menu menu = NewMenu();
        GoTo(menu, "HIGHMEM");
        Press(menu, "ns");
        Assert.False(menu.IsChanged);
        Assert.True(menu.IsSaved);
        Assert.False(Configuration.Load(menu.Path).Config.HasHighMem);
        Press(menu, "y");
        Press(menu, MenuKeyKind.Right, MenuKeyKind.Right, MenuKeyKind.Enter);
        Press(menu, "y");
        Assert.True(menu.IsDone);
        Assert.True(Configuration.Load(menu.Path).Config.HasHighMem);
    }

    [Fact]
    public void WhatCannotBeSavedIsSaidAndNotLost()
    {
        Menu menu = new(new Configuration(), MenuEntries.Of([]), "/nonexistent/x.config");
        GoTo(menu, "NUMA");
        Press(menu, "y");
        Press(menu, MenuKeyKind.Escape);
        Press(menu, "y");
        Assert.Equal(MenuMode.Browse, menu.Mode);
        Assert.StartsWith("/nonexistent/x.config: cannot be written", menu.Message, StringComparison.Ordinal);
        Press(menu, MenuKeyKind.Quit);
        Assert.True(menu.IsDone);
    }

    [Fact]
    public void EveryScreenFitsWhateverTheKeys()
    {
        Random random = new(2612);
        MenuKeyKind[] kinds = [.. Enum.GetValues<MenuKeyKind>().Where(kind => kind != MenuKeyKind.Quit)];
        const string Characters = " ?ynscehjk09axé\u001b";
        for (int round = 0; round < 40; round++)
        {
            Menu menu = NewMenu();
            for (int i = 0; i < 120 && !menu.IsDone; i++)
            {
                MenuKeyKind kind = kinds[random.Next(kinds.Length)];
                char character = Characters[random.Next(Characters.Length)];
                menu.Press(kind == MenuKeyKind.Character ? MenuKey.Of(character) : new MenuKey(kind));
                int width = i % 2 == 0 ? 80 : random.Next(MenuScreen.MinWidth, 200);
                int height = i % 2 == 0 ? 24 : random.Next(MenuScreen.MinHeight, 60);
                var lines = MenuScreen.Draw(menu, width, height);
                Assert.Equal(height, lines.Count);
                Assert.All(lines, line => Assert.True(line.Text.Length <= width && !line.Text.Any(char.IsControl)));
                Assert.All(lines, line => Assert.True(
                    line.MarkLength <= 0 || line.MarkStart + line.MarkLength <= line.Text.Length, line.Text));
            }
        }
    }

    [Fact]
    public void TheListLooksLikeTheKernels()
    {
        Menu menu = NewMenu();
        string[] lines = [.. MenuScreen.Draw(menu, 80, 24).Select(line => line.Text)];
        Assert.Equal("│ (2.6.12) Kernel".PadRight(79) + "│", lines[4]);
        Assert.Contains(lines, line => line.StartsWith("│ [*] HIGHMEM ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("│ [ ] NUMA ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("│ (auto) PAGE_SHIFT ", StringComparison.Ordinal));
        Assert.Contains("< Change >   < Save >   < Exit >   < Help >", lines[23], StringComparison.Ordinal);
    }

    private static void Press(Menu menu, string keys)
    {
        foreach (char key in keys)
        {
            menu.Press(MenuKey.Of(key));
        }
    }

    private static void Press(Menu menu, params MenuKeyKind[] keys)
    {
        foreach (MenuKeyKind key in keys)
        {
            menu.Press(new MenuKey(key));
        }
    }

    private static void GoTo(Menu menu, string name)
    {
        menu.Press(new MenuKey(MenuKeyKind.Home));
        for (int i = 0; i < menu.Entries.Count && menu.Entry.Name != name; i++)
        {
            menu.Press(new MenuKey(MenuKeyKind.Down));
        }

        Assert.Equal(name, menu.Entry.Name);
    }

    private Menu NewMenu() => new(
        new Configuration(), MenuEntries.Of(["/boards/one.dts", "/boards/two.dts"]), _folder.Combine("x.config"));
}
