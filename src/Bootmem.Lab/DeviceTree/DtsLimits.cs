namespace Bootmem.Lab;

/// <summary>What a device tree source may ask for at most, so that none takes long or eats the memory.</summary>
internal static class DtsLimits
{
    /// <summary>Bytes of a source and all that it includes; the greatest boards have a tenth of it.</summary>
    public const int SourceBytes = 16 << 20;

    /// <summary>Bytes of all included binaries, of all values, and of the blob.</summary>
    public const int OutputBytes = 64 << 20;

    /// <summary>Bytes of a word; a path can have 64 names of 255 bytes.</summary>
    public const int WordBytes = 16 << 10;

    /// <summary>The greatest number that a line marker gives a line.</summary>
    public const int Lines = 1_000_000_000;

    /// <summary>Sources that are open at the same time.</summary>
    public const int IncludeDepth = 32;

    /// <summary>Included files, each time counted.</summary>
    public const int Includes = 4096;

    /// <summary>Nodes, deleted ones too.</summary>
    public const int Nodes = 1 << 18;

    /// <summary>Properties, deleted ones too.</summary>
    public const int Properties = 1 << 20;

    /// <summary>References to nodes, and labels.</summary>
    public const int References = 1 << 20;

    /// <summary>Operators and parentheses that are open at the same time.</summary>
    public const int ExpressionDepth = 128;
}
