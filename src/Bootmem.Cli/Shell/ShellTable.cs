using System.Collections.Generic;
using System.Linq;
using Bootmem.Lab.Scripts;

namespace Bootmem.Cli.Shell;

/// <summary>All commands of the prompt, by group; and <c>help</c>, which shows them.</summary>
internal static class ShellTable
{
    /// <summary>The groups in the order of help.</summary>
    public static IReadOnlyList<ShellGroup> Groups { get; } =
    [
        new ShellGroup("The boot", BootVerbs.All),
        new ShellGroup("What is in use", FileVerbs.All),
        new ShellGroup("Modules", ModuleVerbs.All),
        new ShellGroup("Bootmem, while it lives", BootmemVerbs.All),
        new ShellGroup("The page allocator, after the hand-over", PageVerbs.All),
        new ShellGroup("Memory", MemoryVerbs.All),
        new ShellGroup("The prompt",
        [
            new ShellVerb("help", "[COMMAND]", "show the commands, or one of them", Help)
            {
                Most = 1,
                Complete = (_, _) => Names,
            },
        ]),
    ];

    /// <summary>The names of all commands and of all calls of bootmem.</summary>
    public static IEnumerable<string> Names =>
        Groups.SelectMany(group => group.Verbs).Select(verb => verb.Name).Concat(
            ScriptCalls.All.Select(call => call.Name));

    /// <summary>The command of a name; null if there is none.</summary>
    public static ShellVerb? Find(string name) => Groups.SelectMany(group => group.Verbs)
        .FirstOrDefault(verb => verb.Name == name)
        ?? (ScriptCalls.IsCall(name) ? BootmemVerbs.ForCall(name) : null);

    private static void Help(ShellSession session, ShellLine line)
    {
        if (line.At(0) is { } name)
        {
            ShellVerb verb = Find(name) ?? throw new ShellException(
                $"found {ShellNumbers.Quote(name)}, expected a command");
            session.Output.WriteLine($"{verb.Name} {verb.Arguments}".TrimEnd());
            session.Output.WriteLine($"  {verb.Help}");
            return;
        }

        foreach (ShellGroup group in Groups)
        {
            session.Output.WriteLine($"{group.Title}:");
            foreach (ShellVerb verb in group.Verbs)
            {
                session.Output.WriteLine($"  {verb.Name + " " + verb.Arguments,-36} {verb.Help}");
            }
        }

        session.Output.WriteLine("While bootmem lives, its calls are commands too, in the words of scripts:");
        foreach (string[] row in ScriptCalls.All.Select(call => $"{call.Name} {call.Arguments}".TrimEnd()).Chunk(2))
        {
            session.Output.WriteLine($"  {row[0],-52} {(row.Length > 1 ? row[1] : "")}".TrimEnd());
        }
    }
}
