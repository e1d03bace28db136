using System;
using System.Collections.Generic;
using System.Linq;

namespace Bootmem.Lab.Pictures;

/// <summary>A letter for each owner, so that a picture can be read without its colours.</summary>
public static class OwnerMarks
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>The letters of owners, in their order: the first letter of a name if it is free, else the next one that
    /// is. Those that come when all letters are given have a star.</summary>
    /// <param name="owners">The owners' names.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> owners)
    {
        ArgumentNullException.ThrowIfNull(owners);
        HashSet<char> taken = [];
        List<string> marks = [];
        foreach (string owner in owners)
        {
            char wanted = owner.Select(char.ToUpperInvariant)
                .FirstOrDefault(c => Letters.Contains(c, StringComparison.Ordinal), 'A');
            int at = Letters.IndexOf(wanted, StringComparison.Ordinal);
            char mark = Enumerable.Range(0, Letters.Length).Select(i => Letters[(at + i) % Letters.Length])
                .FirstOrDefault(c => !taken.Contains(c), '*');
            taken.Add(mark);
            marks.Add($"{mark}");
        }

        return marks;
    }
}
