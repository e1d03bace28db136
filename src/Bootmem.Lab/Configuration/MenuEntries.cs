using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>The entries of the menu: kernel, machine, each macro, each built-in initcall by its stage.</summary>
public static class MenuEntries
{
    private const string KernelHelp = """
        Which kernel's bootmem, boot sizes and page allocator are used.
        2.6.13 added alloc_remap() and saved_max_pfn, 2.6.14 the _limit calls;
        2.6.15 ends a search at a node that has no free page.
        2.6.12.1 to 2.6.12.6 and 2.6.13.1 do what 2.6.12 and 2.6.13 do.
        """;

    private const string MachineHelp = """
        Which machine boots: a device tree (.dts, .dtb) or an ATAG list.
        The article's machine is a vexpress-a9 board with 100 MiB at 0x70000000
        for the private memory manager. In the file a relative path is relative
        to that file's directory.
        """;

    /// <summary>All entries, in the order in which they are shown.</summary>
    /// <param name="machines">Machine files to choose from; any other can be typed.</param>
    public static IReadOnlyList<MenuEntry> Of(IEnumerable<string> machines)
    {
        List<MenuEntry> entries =
        [
            new()
            {
                Kind = MenuEntryKind.Choice, Name = "KERNEL", Label = "Kernel", Help = KernelHelp,
                Expected = $"one of {string.Join(", ", Configuration.KernelNames)}",
                Choices = [.. Configuration.KernelNames.Select(name => new MenuChoice(name, name))],
            },
            new()
            {
                Kind = MenuEntryKind.Choice, Name = "MACHINE", Label = "Machine", Help = MachineHelp,
                Expected = "a machine's file, or nothing for the article's machine",
                Choices =
                [
                    new MenuChoice("", "the article's machine"),
                    .. machines.Select(path => new MenuChoice(path, Path.GetFileName(path))),
                    new MenuChoice(null, "another file..."),
                ],
            },
            Heading("Macros of the kernel's configuration"),
            .. ConfigMacro.All.Select(Macro),
        ];
        foreach (IGrouping<InitcallStage, BuiltInInitcall> stage in BuiltInInitcalls.All.GroupBy(call => call.Stage))
        {
            string name = Encoding.ASCII.GetString(InitcallStages.Name(stage.Key));
            entries.Add(Heading($"Built-in initcalls of the stage {name}"));
            entries.AddRange(stage.Select(call => Initcall(call, name)));
        }

        return entries;
    }

    private static MenuEntry Heading(string label) => new() { Kind = MenuEntryKind.Heading, Label = label };

    private static MenuEntry Macro(ConfigMacro macro) => new()
    {
        Kind = macro.IsSwitch ? MenuEntryKind.Switch : MenuEntryKind.Text,
        Name = macro.Name,
        Label = macro.Name,
        Meaning = macro.Meaning,
        Expected = macro.Expected,
        Help = macro.Help,
    };

    private static MenuEntry Initcall(BuiltInInitcall call, string stage) => new()
    {
        Kind = MenuEntryKind.Switch,
        Name = Configuration.InitcallPrefix + call.Name,
        Label = call.Name,
        Meaning = "a built-in test",
        Expected = "y or n",
        Help = $"""
            A test that is built in with the memory manager. It is called at the stage
            {stage} of the boot. The kernel's log tells what it did, and whether
            it failed; 'bootmem boot' then ends with exit code 1.
            """,
    };
}
