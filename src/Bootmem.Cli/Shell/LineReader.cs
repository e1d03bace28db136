using System.IO;
using System.Text;

namespace Bootmem.Cli.Shell;

/// <summary>
/// Reads lines of an input that may be anything. Of a line that is too long one character more than is allowed is kept,
/// so that whoever gets it sees that it is.
/// </summary>
internal sealed class LineReader(TextReader input, int mostLength)
{
    /// <summary>The next line without its end; null at the end of the input.</summary>
    public string? Read()
    {
        StringBuilder line = new();
        bool hasRead = false;
        for (int c = input.Read(); c >= 0; c = input.Read())
        {
            hasRead = true;
            if (c == '\n')
            {
                return line.ToString();
            }

            if (line.Length <= mostLength)
            {
                line.Append((char)c);
            }
        }

        return hasRead ? line.ToString() : null;
    }
}
