using System.Globalization;

namespace Bootmem.Lab;

/// <summary>A place in a source; lines and columns begin with 1.</summary>
internal readonly record struct DtsPlace(string File, int Line, int Column)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");

    /// <summary>The error at this place: what it is about, what was found, what was expected.</summary>
    public MachineFileException Error(string what, string found, string expected) =>
        new($"{this}: {what}: found {found}, expected {expected}");
}
