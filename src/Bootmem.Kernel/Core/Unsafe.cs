namespace System.Runtime.CompilerServices;

/// <summary>
/// Pointers and references into each other: the compiler puts their instructions in the place of these bodies.
/// </summary>
#pragma warning disable CS8500 // A pointer to any T: there are no objects that could move.
public static unsafe class Unsafe
{
    /// <summary>A pointer to where a reference points.</summary>
    /// <param name="value">A reference to what cannot move.</param>
    [Intrinsic]
    public static void* AsPointer<T>(ref T value) => AsPointer(ref value);

    /// <summary>A reference to where a pointer points.</summary>
    /// <param name="source">A pointer.</param>
    [Intrinsic]
    public static ref T AsRef<T>(void* source) => ref *(T*)source;

    /// <summary>Leaves a value as it is in memory: whoever reads it is told by something else whether he may.</summary>
    /// <param name="value">What is not written.</param>
    [Intrinsic]
    public static void SkipInit<T>(out T value) => SkipInit(out value);

    /// <summary>The reference so many elements on.</summary>
    /// <param name="source">A reference.</param>
    /// <param name="elementOffset">How many.</param>
    [Intrinsic]
    public static ref T Add<T>(ref T source, int elementOffset) => ref Add(ref source, elementOffset);
}
