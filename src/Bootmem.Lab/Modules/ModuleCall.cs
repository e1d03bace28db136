using System;
using System.Linq;
using System.Reflection;

namespace Bootmem.Lab;

/// <summary>What is common to every call into code that is anybody's.</summary>
internal static class ModuleCall
{
    private const int LongestText = 300;

    /// <summary>Whether nothing sensible can be done behind an exception.</summary>
    public static bool IsFatal(Exception e) => e is AccessViolationException;

    /// <summary>An exception as one line: its kind and its message. Of a wrapper, what is in it.</summary>
    public static string Describe(Exception e)
    {
        while (e is TargetInvocationException or TypeInitializationException && e.InnerException is not null)
        {
            e = e.InnerException;
        }

        return $"{e.GetType().Name}: {OneLine(e.Message)}";
    }

    /// <summary>A text without control characters, cut to a readable length.</summary>
    public static string OneLine(string text)
    {
        string cut = text.Length > LongestText ? text[..LongestText] + "…" : text;
        return string.Concat(cut.ReplaceLineEndings(" ").Select(c => char.IsControl(c) ? '?' : c));
    }
}
