// The types that the C# language itself is made of. Their names are fixed; the compilers know what is in them.
namespace System;

/// <summary>Every type's root: its one field is the pointer to the type's method table. Here nobody makes one.</summary>
public class Object
{
#pragma warning disable CS0169, CS0649 // The compiler puts the pointer there.
    private nint _methodTable;
#pragma warning restore CS0169, CS0649
}

/// <summary>What a method returns that returns nothing.</summary>
public struct Void;

/// <summary>Base of all structs.</summary>
public abstract class ValueType;

/// <summary>Base of all enums.</summary>
public abstract class Enum : ValueType;

/// <summary>Base of all attributes: data for the build, nothing at run time.</summary>
public abstract class Attribute;

/// <summary><c>bool</c>.</summary>
public struct Boolean;

/// <summary><c>char</c>: only names of attributes have any.</summary>
public struct Char;

/// <summary><c>sbyte</c>.</summary>
public struct SByte;

/// <summary><c>byte</c>.</summary>
public struct Byte;

/// <summary><c>short</c>.</summary>
public struct Int16;

/// <summary><c>ushort</c>.</summary>
public struct UInt16;

/// <summary><c>int</c>.</summary>
public struct Int32
{
    /// <summary>The greatest one.</summary>
    public const int MaxValue = 0x7fff_ffff;
}

/// <summary><c>uint</c>.</summary>
public struct UInt32
{
    /// <summary>The greatest one.</summary>
    public const uint MaxValue = 0xffff_ffff;
}

/// <summary><c>long</c>.</summary>
public struct Int64;

/// <summary><c>ulong</c>.</summary>
public struct UInt64
{
    /// <summary>The greatest one.</summary>
    public const ulong MaxValue = 0xffff_ffff_ffff_ffff;
}

/// <summary><c>nint</c>.</summary>
public struct IntPtr;

/// <summary><c>nuint</c>.</summary>
public struct UIntPtr;

/// <summary><c>float</c>: the compiler asks for it, nobody computes with it.</summary>
public struct Single;

/// <summary><c>double</c>: the compiler asks for it, nobody computes with it.</summary>
public struct Double;

/// <summary><c>string</c>: the type of attributes' names. There is never one in memory.</summary>
public sealed class String
{
    /// <summary>Its length, where the compiler looks for it.</summary>
    public readonly int Length;
}

/// <summary>Base of all arrays: named by the compiler, never made.</summary>
public abstract class Array;

/// <summary>What the compiler makes of <c>T[]</c>.</summary>
public class Array<T> : Array;

/// <summary>Base of delegates: named by the compiler, never made.</summary>
public abstract class Delegate;

/// <summary>Base of delegates that C# declares.</summary>
public abstract class MulticastDelegate : Delegate;

/// <summary>The root of exceptions: nothing is thrown.</summary>
public class Exception;

/// <summary>A type at run time: the compiler asks for it.</summary>
public struct RuntimeTypeHandle;

/// <summary>A method at run time: the compiler asks for it.</summary>
public struct RuntimeMethodHandle;

/// <summary>A field at run time: the compiler asks for it.</summary>
public struct RuntimeFieldHandle;
