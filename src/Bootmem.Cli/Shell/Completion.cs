using System;
using System.Collections.Generic;
using System.Linq;

namespace Bootmem.Cli.Shell;

/// <summary>What Tab offers.</summary>
/// <param name="Start">Where the word begins that is completed.</param>
/// <param name="Words">What it can become, sorted; each begins with what stands there.</param>
internal sealed record Completion(int Start, IReadOnlyList<string> Words)
{
    /// <summary>What the word can become as far as it is certain.</summary>
    public string Common
    {
        get
        {
            string first = Words.Count == 0 ? "" : Words[0];
            int length = first.Length;
            foreach (string word in Words)
            {
                int same = 0;
                while (same < length && same < word.Length && word[same] == first[same])
                {
                    same++;
                }

                length = same;
            }

            return first[..length];
        }
    }

    /// <summary>What can stand at a place of a line.</summary>
    /// <param name="session">The session.</param>
    /// <param name="line">The line.</param>
    /// <param name="at">The cursor.</param>
    public static Completion Find(ShellSession session, string line, int at)
    {
        int start = at;
        while (start > 0 && line[start - 1] is not (' ' or '\t'))
        {
            start--;
        }

        string word = line[start..at];
        string before = line[..start].Trim();
        IEnumerable<string> words = before.Length == 0 ? ShellTable.Names
            : ShellTable.Find(before.Split(' ', '\t')[0])?.Complete?.Invoke(session, word) ?? [];
        return new Completion(start, [.. words
            .Where(known =>
                known.StartsWith(word, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)]);
    }
}
