namespace Bootmem;

/// <summary>
/// Whether code that is there for speed alone is wanted: indexes of bitmaps, and short ways. Bare metal has its own
/// file in place of this one and says no: its maps are plain bits, and its image is to be small.
/// </summary>
internal static class ForSpeed
{
    /// <summary>Whether it is.</summary>
    public static bool IsWanted => true;
}
