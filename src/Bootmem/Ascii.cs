using System;

namespace Bootmem;

/// <summary>The few questions about text that code without a runtime needs answered.</summary>
public static class Ascii
{
    /// <summary>Whether two texts are the same, byte for byte.</summary>
    /// <param name="left">One text.</param>
    /// <param name="right">The other.</param>
    public static bool Equal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.Length == right.Length && StartsWith(left, right);

    /// <summary>Whether a text begins with another.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">What it may begin with.</param>
    public static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start)
    {
        if (text.Length < start.Length)
        {
            return false;
        }

        for (int i = 0; i < start.Length; i++)
        {
            if (text[i] != start[i])
            {
                return false;
            }
        }

        return true;
    }
}
