namespace Bootmem.Lab;

/// <summary>Which bytes names and labels are made of.</summary>
internal static class DtsNames
{
    /// <summary>Whether a byte can be part of a node's or a property's name.</summary>
    public static bool IsPart(int c) =>
        IsLabelPart(c) || c is ',' or '.' or '+' or '*' or '#' or '?' or '@' or '-';

    /// <summary>Whether a byte can be part of a label.</summary>
    public static bool IsLabelPart(int c) =>
        c is (>= '0' and <= '9') or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_';

    /// <summary>Whether a byte can be part of a path to a node.</summary>
    public static bool IsPathPart(int c) => IsPart(c) || c == '/';

    /// <summary>Whether a text is a label.</summary>
    public static bool IsLabel(string text)
    {
        foreach (char c in text)
        {
            if (!IsLabelPart(c))
            {
                return false;
            }
        }

        return text.Length != 0 && text[0] is not (>= '0' and <= '9');
    }

    /// <summary>Whether a byte is a hex digit.</summary>
    public static bool IsHex(int c) => c is (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F');

    /// <summary>The value of a hex digit.</summary>
    public static int HexValue(int c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
