namespace Bootmem.Lab.Scripts;

/// <summary>What a line of a script does.</summary>
public enum ScriptOp : byte
{
    /// <summary>bootmem_bootmap_pages(): A is a number of pages.</summary>
    BitmapPages,

    /// <summary>init_bootmem(), init_bootmem_node(): A is the bitmap's pfn, B the first pfn, C the end pfn.</summary>
    Initialise,

    /// <summary>reserve_bootmem(), reserve_bootmem_node(): A is an address, B a size in bytes.</summary>
    Reserve,

    /// <summary>free_bootmem(), free_bootmem_node(): A is an address, B a size in bytes.</summary>
    Free,

    /// <summary>A call that allocates from any node: A is the size, B the alignment, C the goal, D the limit.</summary>
    Allocate,

    /// <summary>A call that allocates from one node first: A to D as in <see cref="Allocate"/>.</summary>
    AllocateOnNode,

    /// <summary>free_all_bootmem(), free_all_bootmem_node().</summary>
    HandOver,

    /// <summary><c>state</c>: shows a node's numbers and bitmap. No call of the kernel.</summary>
    State,

    /// <summary><c>handed</c>: shows what a node gave to the page allocator. No call of the kernel.</summary>
    Handed,
}

/// <summary>
/// One call of a script, ready to run: every number is cut to the machine's width, and what a call's name implies
/// (alignment, goal, node 0) is filled in.
/// </summary>
public struct ScriptStep
{
    /// <summary>What the line does.</summary>
    public ScriptOp Op;

    /// <summary>The kernel's call; without meaning where <see cref="Op"/> is none of the kernel's.</summary>
    public Call Call;

    /// <summary>The node's number, 0 .. 1023; -1 where a call concerns no node.</summary>
    public int Node;

    /// <summary>The line in the file, from 1.</summary>
    public int Line;

    /// <summary>The first number; see <see cref="Op"/>.</summary>
    public ulong A;

    /// <summary>The second number.</summary>
    public ulong B;

    /// <summary>The third number.</summary>
    public ulong C;

    /// <summary>The fourth number.</summary>
    public ulong D;

    /// <summary>Whether this is a call that allocates.</summary>
    public readonly bool IsAllocation => Op is ScriptOp.Allocate or ScriptOp.AllocateOnNode;
}
