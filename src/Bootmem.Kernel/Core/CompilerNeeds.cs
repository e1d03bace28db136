// What the native compiler wants to find by name, whether it comes to be called or not.
using Bootmem.Kernel;
using System.Runtime.CompilerServices;

namespace System
{
    /// <summary>Copies of structs that hold objects: there are none.</summary>
    public static class Buffer
    {
        /// <summary>Never called.</summary>
        public static void BulkMoveWithWriteBarrier() => Panic.Halt("an object was copied"u8);
    }

    /// <summary>What larger structs are copied and cleared by.</summary>
    public static unsafe class SpanHelpers
    {
        /// <summary>Copies bytes; the ranges may overlap.</summary>
        /// <param name="destination">Where to.</param>
        /// <param name="source">Where from.</param>
        /// <param name="byteCount">How many.</param>
        public static void Memmove(ref byte destination, ref byte source, nuint byteCount)
        {
            byte* to = (byte*)Unsafe.AsPointer(ref destination);
            byte* from = (byte*)Unsafe.AsPointer(ref source);
            bool isBackward = (nuint)to - (nuint)from < byteCount;
            for (nuint i = 0; i < byteCount; i++)
            {
                nuint at = isBackward ? byteCount - 1 - i : i;
                to[at] = from[at];
            }
        }

        /// <summary>Makes bytes a value.</summary>
        /// <param name="destination">The first one.</param>
        /// <param name="value">The value.</param>
        /// <param name="byteCount">How many.</param>
        public static void Fill(ref byte destination, byte value, nuint byteCount) =>
            Bootmem.Memory.Fill((byte*)Unsafe.AsPointer(ref destination), value, (uint)byteCount);

        /// <summary>Makes bytes 0.</summary>
        /// <param name="destination">The first one.</param>
        /// <param name="byteCount">How many.</param>
        public static void ClearWithoutReferences(ref byte destination, nuint byteCount) =>
            Fill(ref destination, 0, byteCount);
    }
}

namespace System.Runtime
{
    /// <summary>Casts of objects: there are none to cast.</summary>
    public static class TypeCast
    {
#pragma warning disable CS1591 // The compiler wants the names; nothing calls them.
        public static void CheckCastAny() => Panic.Halt("a cast"u8);

        public static void CheckCastInterface() => Panic.Halt("a cast"u8);

        public static void CheckCastClass() => Panic.Halt("a cast"u8);

        public static void CheckCastClassSpecial() => Panic.Halt("a cast"u8);

        public static void IsInstanceOfAny() => Panic.Halt("a cast"u8);

        public static void IsInstanceOfInterface() => Panic.Halt("a cast"u8);

        public static void IsInstanceOfClass() => Panic.Halt("a cast"u8);

        public static void IsInstanceOfException() => Panic.Halt("a cast"u8);
#pragma warning restore CS1591
    }
}

namespace System.Runtime.InteropServices
{
    /// <summary>Casts of objects to interfaces that they do not have.</summary>
    public static class IDynamicInterfaceCastable
    {
        /// <summary>Never called.</summary>
        public static void GetDynamicInterfaceImplementation() => Panic.Halt("a cast"u8);
    }
}

namespace Internal.Runtime.CompilerHelpers
{
    /// <summary>Where compiled code goes that cannot go on. There are no exceptions: the machine halts.</summary>
    public static class ThrowHelpers
    {
        /// <summary>An index of a span that is none.</summary>
        public static void ThrowIndexOutOfRangeException() => Panic.Halt("an index is out of range"u8);

        /// <summary>Code that the compiler left out since nothing can reach it.</summary>
        public static void ThrowFeatureBodyRemoved() => Panic.Halt("code that was left out"u8);
    }
}
