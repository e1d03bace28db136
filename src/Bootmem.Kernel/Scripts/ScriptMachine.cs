using System;

namespace Bootmem.Kernel;

/// <summary>The machine that runs a script: an allocator with bitmaps, and nothing behind its addresses.</summary>
internal unsafe struct ScriptMachine
{
    private readonly HandedNode* _handed;
    private readonly bool _hasIndex;
    private BootMemory _memory;
    private Room _room;
    private Crc32 _crc;

    /// <summary>What the last call printed and gave, as a script shows it.</summary>
    public OutcomeText Text;

    /// <summary>A machine without a node.</summary>
    /// <param name="script">What machine.</param>
    /// <param name="room">Memory for its nodes and bitmaps.</param>
    /// <param name="hasIndex">Whether bitmaps are kept with an index.</param>
    public ScriptMachine(ScriptRecord* script, Room room, bool hasIndex)
    {
        this = default;
        BootMemoryOptions options = new()
        {
            Version = (KernelVersion)script->Version,
            Bits = script->Bits,
            PageShift = script->PageShift,
            CacheLine = script->CacheLine,
            DmaGoal = script->DmaGoal,
            Search = (SearchKind)script->Search,
        };
        _handed = room.TakeClear<HandedNode>(script->NodeCount);
        _memory = new BootMemory(options, room.TakeClear<BootmemNode>(script->NodeCount), script->NodeCount);
        _room = room;
        _hasIndex = hasIndex;
        _crc.Prepare();
    }

    /// <summary>Says where this machine lies, once it does not move any more.</summary>
    public void Connect(ScriptMachine* self)
    {
        _memory.Memory = new Memory { Context = self, Resolve = &ResolveMap };
        _memory.Memory.ResolveIndex = _hasIndex ? &ResolveMap : null;
        _memory.Log = new Log { Context = &self->Text, Write = &OutcomeText.Print };
    }

    /// <summary>Makes a call.</summary>
    /// <returns>Whether one may follow.</returns>
    public bool Run(StepRecord* step)
    {
        Text.Start();
        switch (step->Kind)
        {
            case StepKind.State:
                ShowState(step->Node);
                return true;
            case StepKind.Handed:
                ShowHanded(_handed + step->Node);
                return true;
            case StepKind.BitmapPages:
                Text.Outcome.Decimal(_memory.BitmapPages(step->A));
                return true;
        }

        bool isDone = TryCall(step, out ulong value, out Fault fault);
        if (!isDone && fault.Reason == FaultReason.MapNotBacked)
        {
            Text.Outcome.Text("no memory for the bitmap: the board has too little"u8);
        }
        else if (!isDone)
        {
            _memory.SayBefore(fault);
            Text.Outcome.Text(fault.Kind switch
            {
                FaultKind.Bug => "bug"u8,
                FaultKind.Panic => "panic"u8,
                _ => "undefined"u8,
            });
        }
        else if (step->Kind is StepKind.Reserve or StepKind.Free)
        {
            Text.Outcome.Text("ok"u8);
        }
        else if (step->Kind is StepKind.Allocate or StepKind.AllocateOnNode)
        {
            Text.Outcome.Text("0x"u8).Hex(value);
        }
        else
        {
            Text.Outcome.Decimal(value);
        }

        return isDone;
    }

    private bool TryCall(StepRecord* step, out ulong value, out Fault fault)
    {
        Call call = (Call)step->Call;
        value = 0;
        AllocationRequest request = new(call, step->A, step->B, step->C, step->D);
        return step->Kind switch
        {
            StepKind.Initialise =>
                _memory.TryInitialise(call, step->Node, step->A, step->B, step->C, out value, out fault),
            StepKind.Reserve => _memory.TryReserve(call, step->Node, step->A, step->B, out fault),
            StepKind.Free => _memory.TryFree(call, step->Node, step->A, step->B, out fault),
            StepKind.Allocate => _memory.TryAllocate(request, out value, out fault),
            StepKind.AllocateOnNode => _memory.TryAllocateOnNode(step->Node, request, out value, out fault),
            _ => TryHandOver(call, step->Node, out value, out fault),
        };
    }

    private bool TryHandOver(Call call, int node, out ulong pages, out Fault fault)
    {
        fixed (ScriptMachine* self = &this)
        {
            HandedNode* handed = _handed + node;
            *handed = default;
            handed->Crc = Crc32.Start;
            handed->Machine = self;
            return _memory.TryHandOver(
                call, node, new PageSink { Context = handed, Take = &TakePages }, out pages, out fault);
        }
    }

    private static byte* ResolveMap(void* context, ulong address, ulong size)
    {
        ScriptMachine* self = (ScriptMachine*)context;
        return size <= (ulong)self->_room.Left ? self->_room.TakeClear<byte>((int)size) : null;
    }

    private static void TakePages(void* context, ulong firstPfn, int order, ulong blockCount)
    {
        HandedNode* handed = (HandedNode*)context;
        if (order == 0)
        {
            handed->SinglePages += blockCount;
        }
        else
        {
            handed->Words += blockCount;
            handed->WordOrder = order;
        }

        OutcomeText line = default;
        for (ulong i = 0; i < blockCount; i++)
        {
            line.Start();
            line.Outcome.Text("0x"u8).Hex(firstPfn + (i << order)).Text(" "u8).Decimal((ulong)order).Text("\n"u8);
            handed->Crc = handed->Machine->_crc.Continue(handed->Crc, line.Bytes, line.Length);
        }
    }

    private void ShowState(int number)
    {
        ref readonly BootmemNode node = ref _memory.Node(number);
        Log text = Text.Outcome;
        text.Text("boot_start=0x"u8).Hex(node.BootStart).Text(" low_pfn=0x"u8).Hex(node.LowPfn)
            .Text(" last_pos="u8).Decimal(node.LastPos).Text(" last_offset="u8).Decimal(node.LastOffset)
            .Text(" last_success=0x"u8).Hex(node.LastSuccess).Text(" reserved="u8);
        if (!node.HasMap)
        {
            text.Text("0 map=none"u8);
            return;
        }

        ulong pages = node.PageCount(_memory.Word);
        pages = pages < node.Map.BitCount ? pages : node.Map.BitCount;
        text.Decimal(node.Map.CountSet(pages)).Text(" map="u8)
            .Hex(_crc.Of(node.Map.Bytes, (uint)(node.Map.BitCount >> 3)), 8);
    }

    private void ShowHanded(HandedNode* handed)
    {
        Log text = Text.Outcome;
        text.Text("calls="u8).Decimal(handed->SinglePages + handed->Words).Text(" pages="u8)
            .Decimal(handed->SinglePages + (handed->Words << handed->WordOrder)).Text(" orders="u8);
        if (handed->SinglePages != 0)
        {
            text.Text("0:"u8).Decimal(handed->SinglePages);
        }

        if (handed->Words != 0)
        {
            text.Text(handed->SinglePages != 0 ? ","u8 : default).Decimal((ulong)handed->WordOrder).Text(":"u8)
                .Decimal(handed->Words);
        }

        // Before a hand-over the checksum is that of no text: 0.
        text.Text(" crc="u8).Hex(handed->Machine == null ? 0 : ~handed->Crc, 8);
    }

    private struct HandedNode
    {
        public ScriptMachine* Machine;
        public ulong SinglePages;
        public ulong Words;
        public int WordOrder;

        // Not turned over yet: more may follow.
        public uint Crc;
    }
}
