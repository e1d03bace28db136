using System;

namespace Bootmem.Kernel;

/// <summary>What a call printed, each line behind <c>| </c>, and then its outcome.</summary>
internal unsafe struct OutcomeText
{
    private const int Capacity = 512;

    private fixed byte _bytes[Capacity];

    /// <summary>How many bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The first byte. The text must not move.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public byte* Bytes => (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _bytes[0]);

    /// <summary>All of it. The text must not move.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<byte> All => new(Bytes, Length);

    /// <summary>Adds to the outcome. The text must not move.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public Log Outcome
    {
        get
        {
            fixed (OutcomeText* self = &this)
            {
                return new Log { Context = self, Write = &Add };
            }
        }
    }

    /// <summary>Begins with the next call.</summary>
    public void Start() => Length = 0;

    /// <summary>Where the allocator's printk goes: the level at a line's start is left out.</summary>
    public static void Print(void* context, byte* text, int length)
    {
        OutcomeText* self = (OutcomeText*)context;
        if (self->Length == 0 || self->_bytes[self->Length - 1] == '\n')
        {
            int level = length >= 3 && text[0] == '<' && text[2] == '>' ? 3 : 0;
            text += level;
            length -= level;
            self->Append((byte)'|');
            self->Append((byte)' ');
        }

        Add(context, text, length);
    }

    private static void Add(void* context, byte* text, int length)
    {
        for (int i = 0; i < length; i++)
        {
            ((OutcomeText*)context)->Append(text[i]);
        }
    }

    private void Append(byte character)
    {
        if (Length < Capacity)
        {
            _bytes[Length++] = character;
        }
    }
}
