namespace Bootmem;

// In place of src/Bootmem/ForSpeed.cs: maps are plain bits, and the image has no code that is there for speed alone.
internal static class ForSpeed
{
    public static bool IsWanted => false;
}
