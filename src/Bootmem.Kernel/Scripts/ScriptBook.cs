using System;

namespace Bootmem.Kernel;

/// <summary>
/// Scripts as <c>ScriptBook</c> of src/Bootmem.Lab writes them: every number little-endian, every record at a multiple
/// of 8 bytes.
/// </summary>
internal unsafe struct ScriptBook(byte* next)
{
    /// <summary>"BMSC".</summary>
    public const uint Magic = 0x4353_4d42;

    private byte* _next = next;

    /// <summary>Runs all, each with and without an index, and says how it went.</summary>
    /// <param name="room">Memory for nodes and bitmaps; each script has all of it.</param>
    public void Run(Room room)
    {
        uint count = ((uint*)_next)[1];
        _next += 8;
        ulong calls = 0;
        ulong differ = 0;
        for (uint i = 0; i < count; i++)
        {
            byte* record = _next;
            differ += RunOne((ScriptRecord*)record, room, hasIndex: false, ref calls);
            _next = record;
            differ += RunOne((ScriptRecord*)record, room, hasIndex: true, ref calls);
        }

        Printer.Plain.Decimal(count).Text(" scripts, "u8).Decimal(calls).Text(" calls, "u8).Decimal(differ)
            .Text(" differ\n"u8);
    }

    // How many outcomes differ. Of a script that ends early, one difference says it for all calls behind.
    private ulong RunOne(ScriptRecord* script, Room room, bool hasIndex, ref ulong calls)
    {
        _next += sizeof(ScriptRecord);
        ReadOnlySpan<byte> name = TakeText(script->NameLength);
        ScriptMachine machine = new(script, room, hasIndex);
        machine.Connect(&machine);
        ulong differ = 0;
        bool isOver = false;
        bool wasCut = false;
        for (uint i = 0; i < script->StepCount; i++)
        {
            StepRecord* step = (StepRecord*)_next;
            _next += sizeof(StepRecord);
            ReadOnlySpan<byte> expected = TakeText(step->ExpectedLength);
            if (isOver)
            {
                wasCut |= expected.Length != 0;
                continue;
            }

            calls++;
            isOver = !machine.Run(step);
            if (expected.Length != 0 && !Ascii.Equal(machine.Text.All, expected))
            {
                differ++;
                Printer.Plain.Text(name).Text(hasIndex ? ", with an index"u8 : default).Text(", line "u8)
                    .Decimal(step->Line).Text(": got '"u8).Text(machine.Text.All).Text("', expected '"u8)
                    .Text(expected).Text("'\n"u8);
            }
        }

        if (wasCut)
        {
            differ++;
            Printer.Plain.Text(name).Text(": ended early: what is expected behind was not run\n"u8);
        }

        return differ;
    }

    private ReadOnlySpan<byte> TakeText(uint length)
    {
        ReadOnlySpan<byte> text = new(_next, (int)length);
        _next += (length + 7) & ~7u;
        return text;
    }
}

/// <summary>A script: its machine. Its name and its steps come behind.</summary>
internal struct ScriptRecord
{
    /// <summary>The name's length in bytes.</summary>
    public uint NameLength;

    /// <summary>How many steps.</summary>
    public uint StepCount;

    /// <summary>How many nodes: 1 .. <see cref="BootMemory.MaxNodes"/>.</summary>
    public int NodeCount;

    /// <summary>A <see cref="KernelVersion"/>.</summary>
    public byte Version;

    /// <summary>32 or 64.</summary>
    public byte Bits;

    /// <summary>log2 of the page size.</summary>
    public byte PageShift;

    /// <summary>A <see cref="SearchKind"/>.</summary>
    public byte Search;

    /// <summary>SMP_CACHE_BYTES.</summary>
    public ulong CacheLine;

    /// <summary>__pa(MAX_DMA_ADDRESS).</summary>
    public ulong DmaGoal;
}

/// <summary>A call. What is expected of it comes behind: the lines that it prints, then its outcome.</summary>
internal struct StepRecord
{
    /// <summary>What it does.</summary>
    public StepKind Kind;

    /// <summary>Which <see cref="Bootmem.Call"/> it is.</summary>
    public byte Call;

    /// <summary>Bytes of the expected text; 0: nothing is expected.</summary>
    public ushort ExpectedLength;

    /// <summary>Its line in the script.</summary>
    public uint Line;

    /// <summary>Its node, -1 if it has none.</summary>
    public int Node;

    private readonly uint _unused;

    /// <summary>The first number.</summary>
    public ulong A;

    /// <summary>The second number.</summary>
    public ulong B;

    /// <summary>The third number.</summary>
    public ulong C;

    /// <summary>The fourth number.</summary>
    public ulong D;
}

/// <summary>What a line of a script does: <c>ScriptOp</c> of src/Bootmem.Lab, in its order.</summary>
internal enum StepKind : byte
{
    /// <summary>bootmem_bootmap_pages().</summary>
    BitmapPages,

    /// <summary>init_bootmem(), init_bootmem_node().</summary>
    Initialise,

    /// <summary>reserve_bootmem(), reserve_bootmem_node().</summary>
    Reserve,

    /// <summary>free_bootmem(), free_bootmem_node().</summary>
    Free,

    /// <summary>A call that allocates from any node.</summary>
    Allocate,

    /// <summary>A call that allocates from one node first.</summary>
    AllocateOnNode,

    /// <summary>free_all_bootmem(), free_all_bootmem_node().</summary>
    HandOver,

    /// <summary><c>state</c>.</summary>
    State,

    /// <summary><c>handed</c>.</summary>
    Handed,
}
