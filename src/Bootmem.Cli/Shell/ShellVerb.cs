using System;
using System.Collections.Generic;

namespace Bootmem.Cli.Shell;

/// <summary>A command of the prompt.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">What stands behind it, as help shows it; empty if nothing does.</param>
/// <param name="Help">What it does, in a few words.</param>
/// <param name="Run">Does it.</param>
internal sealed record ShellVerb(string Name, string Arguments, string Help, Action<ShellSession, ShellLine> Run)
{
    /// <summary>The fewest words behind the name.</summary>
    public int Least { get; init; }

    /// <summary>The most words behind the name.</summary>
    public int Most { get; init; }

    /// <summary>What Tab offers for the words behind the name; null: nothing.</summary>
    public Func<ShellSession, string, IEnumerable<string>>? Complete { get; init; }
}

/// <summary>Commands that belong together.</summary>
/// <param name="Title">What help calls them.</param>
/// <param name="Verbs">The commands.</param>
internal sealed record ShellGroup(string Title, IReadOnlyList<ShellVerb> Verbs);
