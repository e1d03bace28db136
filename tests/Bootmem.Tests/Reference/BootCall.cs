using System.Text;

namespace Bootmem.Tests.Reference;

/// <summary>One call of the kernel's API with its numbers; those that a call does not have are 0.</summary>
/// <param name="Call">Which call.</param>
/// <param name="Node">The node's number, for calls that name one.</param>
/// <param name="First">init: page of the bitmap; bootmap_pages: pages; ranges: the address; allocations: the
/// size.</param>
/// <param name="Second">init: first page (init_bootmem: the end); ranges: the size; allocations: the alignment.</param>
/// <param name="Third">init_bootmem_node: the end; allocations: the goal.</param>
/// <param name="Limit">Allocations: the limit.</param>
internal readonly record struct BootCall(
    Call Call, int Node, ulong First, ulong Second = 0, ulong Third = 0, ulong Limit = 0)
{
    public override string ToString() =>
        $"{Encoding.ASCII.GetString(Calls.Name(Call))} node={Node} "
        + $"0x{First:x} 0x{Second:x} 0x{Third:x} limit=0x{Limit:x}";
}

/// <summary>What came of a call: a value, or the kind of fault.</summary>
/// <param name="Kind">None if the call came back.</param>
/// <param name="Value">What it returned; 0 for calls that return nothing, and for faults.</param>
internal readonly record struct Outcome(FaultKind Kind, ulong Value)
{
    public static readonly Outcome Ok = new(FaultKind.None, 0);
    public static readonly Outcome Bug = new(FaultKind.Bug, 0);
    public static readonly Outcome Panic = new(FaultKind.Panic, 0);
    public static readonly Outcome Undefined = new(FaultKind.Undefined, 0);

    public static Outcome Of(ulong value) => new(FaultKind.None, value);

    public override string ToString() => Kind == FaultKind.None ? $"0x{Value:x}" : Kind.ToString();
}

/// <summary>A block that went to the page allocator.</summary>
internal readonly record struct Block(ulong Pfn, int Order);
