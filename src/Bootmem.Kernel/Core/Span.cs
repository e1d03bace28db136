using System.Runtime.CompilerServices;

namespace System;

/// <summary>A range of memory that can be read: what text is, and what <c>u8</c> literals are.</summary>
public readonly ref struct ReadOnlySpan<T>
{
    private readonly ref T _first;
    private readonly int _length;

    /// <summary>A range of memory.</summary>
    /// <param name="pointer">Its first element.</param>
    /// <param name="length">How many.</param>
    public unsafe ReadOnlySpan(void* pointer, int length)
    {
        _first = ref Unsafe.AsRef<T>(pointer);
        _length = length;
    }

    /// <summary>For the C# compiler, which looks for it before it makes a literal a pointer and a length.</summary>
    /// <param name="array">There are no arrays.</param>
    /// <param name="start">Its first index.</param>
    /// <param name="length">How many elements.</param>
    public unsafe ReadOnlySpan(T[] array, int start, int length)
    {
        _first = ref Unsafe.AsRef<T>(null);
        _length = 0;
    }

    private ReadOnlySpan(ref T first, int length)
    {
        _first = ref first;
        _length = length;
    }

    /// <summary>How many elements.</summary>
    public int Length => _length;

    /// <summary>An element; an index that is none halts the machine.</summary>
    /// <param name="index">Its index.</param>
    public ref readonly T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_length)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
            }

            return ref Unsafe.Add(ref _first, index);
        }
    }

    /// <summary>A part: <c>span[start..end]</c>.</summary>
    /// <param name="start">Its first index.</param>
    /// <param name="length">How many elements.</param>
    public ReadOnlySpan<T> Slice(int start, int length)
    {
        if ((uint)start > (uint)_length || (uint)length > (uint)(_length - start))
        {
            Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
        }

        return new ReadOnlySpan<T>(ref Unsafe.Add(ref _first, start), length);
    }

    /// <summary>What <c>fixed</c> asks for.</summary>
    public ref readonly T GetPinnableReference() => ref _first;
}

/// <summary>A range of memory that can be written.</summary>
public readonly ref struct Span<T>
{
    private readonly ref T _first;
    private readonly int _length;

    /// <summary>A range of memory.</summary>
    /// <param name="pointer">Its first element.</param>
    /// <param name="length">How many.</param>
    public unsafe Span(void* pointer, int length)
    {
        _first = ref Unsafe.AsRef<T>(pointer);
        _length = length;
    }

    /// <summary>Makes every element a value. Bytes go eight at a time: bitmaps and pages are cleared by this.</summary>
    /// <param name="value">The value.</param>
#pragma warning disable CS8500 // A pointer to any T: there are no objects that could move.
    public unsafe void Fill(T value)
    {
        int done = 0;
        if (sizeof(T) == 1)
        {
            done = FillWords((byte*)Unsafe.AsPointer(ref _first), *(byte*)&value, _length);
        }

        for (; done < _length; done++)
        {
            Unsafe.Add(ref _first, done) = value;
        }
    }

#pragma warning restore CS8500

    // Whole words where the start is aligned; how many bytes that were.
    private static unsafe int FillWords(byte* bytes, byte value, int length)
    {
        if (((uint)bytes & 7) != 0)
        {
            return 0;
        }

        uint half = value * 0x0101_0101u;
        ulong word = half | ((ulong)half << 32);
        ulong* words = (ulong*)bytes;
        int count = length >> 3;
        for (int i = 0; i < count; i++)
        {
            words[i] = word;
        }

        return count << 3;
    }
}

/// <summary>An index, to the C# compiler: it turns <c>span[start..end]</c> into a Slice and makes none.</summary>
public readonly struct Index
{
    private readonly int _value;

    private Index(int value) => _value = value;

    /// <summary>An index.</summary>
    /// <param name="value">Its number.</param>
    public static implicit operator Index(int value) => new(value);

    /// <summary>The number from the start.</summary>
    /// <param name="length">Of what; there are no indexes from the end here.</param>
    public int GetOffset(int length) => _value;
}

/// <summary>A range, to the C# compiler.</summary>
public readonly struct Range
{
    /// <summary>Its first index.</summary>
    public Index Start { get; }

    /// <summary>The first index beyond.</summary>
    public Index End { get; }

    /// <summary>A range.</summary>
    /// <param name="start">Its first index.</param>
    /// <param name="end">The first index beyond.</param>
    public Range(Index start, Index end)
    {
        Start = start;
        End = end;
    }
}
