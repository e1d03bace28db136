using System;
using System.Numerics;

namespace Bootmem.Tests.Freestanding;

// Each does one thing that code without a runtime must not do. None of it ever runs.
#pragma warning disable CA1810, CA1823, CA1822, CA1852, CA1812, CA2201, IDE0044, IDE0051, CS0414, CS0169, CS0649
internal static class BadSamples
{
    internal static class NewObject
    {
        internal static bool Do() => new object() is null;
    }

    internal static class NewArray
    {
        internal static int Do(int count) => new byte[count].Length;
    }

    internal static class Box
    {
        internal static bool Do(int number) => ((object)number).Equals(number);
    }

    internal static class Text
    {
        internal static int Do() => "text".Length;
    }

    internal static class Throw
    {
        internal static void Do() => throw new InvalidOperationException();
    }

    internal static class Catch
    {
        internal static int Do()
        {
            try
            {
                return Divide.Do(1, 0);
            }
            catch (DivideByZeroException)
            {
                return 0;
            }
        }
    }

    internal static class Finally
    {
        internal static int Do(ref int number)
        {
            try
            {
                return Divide.Do(1, number);
            }
            finally
            {
                number++;
            }
        }
    }

    internal static class Divide
    {
        internal static int Do(int a, int b) => a / b;
    }

    internal static class DivideUnsigned
    {
        internal static ulong Do(ulong a, ulong b) => a / b;
    }

    internal static class Remainder
    {
        internal static int Do(int a, int b) => a % b;
    }

    internal static class RemainderUnsigned
    {
        internal static uint Do(uint a, uint b) => a % b;
    }

    internal static class Lambda
    {
        internal static int Do(int a, int b) => Call(x => x + a, b);

        private static int Call(Func<int, int> function, int x) => function(x);
    }

    internal delegate void Delegate();

    internal static class Initialiser
    {
        internal static int Number = Environment.ProcessorCount;
    }

    internal static unsafe class StackAllocation
    {
        internal static byte Do(int count)
        {
            byte* bytes = stackalloc byte[count];
            return bytes[0];
        }
    }

    internal static class ClassLibrary
    {
        internal static int Do(int a, int b) => Math.Max(a, b);
    }

    internal static class Virtual
    {
        internal static int Do(Random random) => random.Next();
    }

    internal static class Cast
    {
        internal static bool Do(object thing) => thing is Random;
    }

    internal sealed class Instance;

    internal struct Field
    {
        internal string Name;
    }

    internal static class Parameter
    {
        internal static void Do(string text)
        {
        }
    }

    internal static class InGeneric<T>
        where T : unmanaged
    {
        internal static int Do() => new T[4].Length;
    }
}

/// <summary>All that freestanding code does: it must pass.</summary>
internal unsafe struct GoodSample
{
    private fixed byte _bytes[4];
    private delegate*<void*, int, void> _write;

    internal int Do(ReadOnlySpan<byte> text, ref GoodSample other)
    {
        _write = &Nothing;
        fixed (byte* bytes = text)
        {
            other = new GoodSample { _write = _write };
            _write(bytes, text.Length);
        }

        ReadOnlySpan<byte> name = "name"u8;
        return BitOperations.PopCount(name[0]) + new Span<byte>(null, 0).Length + (_bytes[0] << 2);
    }

    private static void Nothing(void* context, int length)
    {
    }
}
