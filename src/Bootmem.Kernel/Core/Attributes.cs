// Attributes that the C# compiler writes into an assembly or reads out of one. They are data for the build.
namespace System
{
    /// <summary>What an attribute may stand on.</summary>
    public enum AttributeTargets
    {
        /// <summary>Methods.</summary>
        Method = 0x40,

        /// <summary>Everything.</summary>
        All = 0x7fff,
    }

    /// <summary>Stands on every attribute.</summary>
    [AttributeUsage(AttributeTargets.All)]
    public sealed class AttributeUsageAttribute : Attribute
    {
        /// <summary>Says what an attribute may stand on.</summary>
        /// <param name="validOn">What it may stand on.</param>
        public AttributeUsageAttribute(AttributeTargets validOn) => ValidOn = validOn;

        /// <summary>What it may stand on.</summary>
        public AttributeTargets ValidOn { get; }

        /// <summary>Whether it may stand there more than once.</summary>
        public bool AllowMultiple { get; set; }

        /// <summary>Whether what is derived has it too.</summary>
        public bool Inherited { get; set; }
    }

    /// <summary>Marks enums that are sets of bits.</summary>
    public sealed class FlagsAttribute : Attribute;

    /// <summary>Marks <c>params</c>.</summary>
    public sealed class ParamArrayAttribute : Attribute;
}

namespace System.Diagnostics.CodeAnalysis
{
    /// <summary>Lets a struct give out a reference to itself (the digits of <c>Log</c>).</summary>
    public sealed class UnscopedRefAttribute : Attribute;
}

namespace System.Reflection
{
    /// <summary>Names the indexer, <c>this[…]</c>.</summary>
    public sealed class DefaultMemberAttribute : Attribute
    {
        /// <summary>Names it.</summary>
        /// <param name="memberName">Its name.</param>
        public DefaultMemberAttribute(string memberName)
        {
        }
    }
}

namespace System.Runtime.InteropServices
{
    /// <summary>Part of the signature of what takes or returns <c>in</c>, <c>ref readonly</c>.</summary>
    public sealed class InAttribute : Attribute;

    /// <summary>Part of the signature of what is generic over unmanaged types.</summary>
    public enum UnmanagedType
    {
        /// <summary>A byte.</summary>
        U1 = 4,
    }

    /// <summary>How a struct lies in memory.</summary>
    public enum LayoutKind
    {
        /// <summary>Fields in their order.</summary>
        Sequential = 0,

        /// <summary>Fields where they say.</summary>
        Explicit = 2,
    }

    /// <summary>Says how a struct lies in memory.</summary>
    public sealed class StructLayoutAttribute : Attribute
    {
        /// <summary>The size in bytes.</summary>
        public int Size;

        /// <summary>Says it.</summary>
        /// <param name="kind">How.</param>
        public StructLayoutAttribute(LayoutKind kind)
        {
        }
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>On what the compiler made: auto-properties, fixed buffers.</summary>
    public sealed class CompilerGeneratedAttribute : Attribute;

    /// <summary>On fixed buffers.</summary>
    public sealed class UnsafeValueTypeAttribute : Attribute;

    /// <summary>On fields that are fixed buffers.</summary>
    public sealed class FixedBufferAttribute : Attribute
    {
        /// <summary>Says what the buffer holds.</summary>
        /// <param name="elementType">The type of an element.</param>
        /// <param name="length">How many.</param>
        public FixedBufferAttribute(Type elementType, int length)
        {
        }
    }


    /// <summary>Part of the type of <c>volatile</c> fields: device registers.</summary>
    public static class IsVolatile;

    /// <summary>What this runtime can do, to the C# compiler.</summary>
    public static class RuntimeFeature
    {
        /// <summary>Fields can be references: spans have one.</summary>
        public const string ByRefFields = nameof(ByRefFields);

        /// <summary>Ref structs can be type arguments.</summary>
        public const string ByRefLikeGenerics = nameof(ByRefLikeGenerics);

        /// <summary>Function pointers have the usual calling conventions.</summary>
        public const string UnmanagedSignatureCallingConvention = nameof(UnmanagedSignatureCallingConvention);
    }

    /// <summary>How a method is compiled.</summary>
    public enum MethodImplOptions
    {
        /// <summary>Kept whole: not put into its callers.</summary>
        NoInlining = 8,

        /// <summary>Put into its callers.</summary>
        AggressiveInlining = 0x100,

        /// <summary>Its body is elsewhere.</summary>
        InternalCall = 0x1000,
    }

    /// <summary>Says how a method is compiled.</summary>
    public sealed class MethodImplAttribute : Attribute
    {
        /// <summary>Says it.</summary>
        /// <param name="options">How.</param>
        public MethodImplAttribute(MethodImplOptions options)
        {
        }
    }

    /// <summary>The compiler knows this member and puts instructions in its place.</summary>
    public sealed class IntrinsicAttribute : Attribute;
}

namespace System
{
    /// <summary><c>typeof</c> in attributes.</summary>
    public abstract class Type;
}

namespace System.Runtime
{
    /// <summary>A method under a symbol's name, for assembly.</summary>
    public sealed class RuntimeExportAttribute : Attribute
    {
        /// <summary>Names the symbol.</summary>
        /// <param name="entry">Its name.</param>
        public RuntimeExportAttribute(string entry)
        {
        }
    }

    /// <summary>A method whose body is the assembly behind a symbol: called directly, with no transition.</summary>
    public sealed class RuntimeImportAttribute : Attribute
    {
        /// <summary>Names the symbol.</summary>
        /// <param name="entry">Its name.</param>
        public RuntimeImportAttribute(string entry)
        {
        }
    }
}
