using Bootmem.Boot;

namespace Bootmem.Kernel;

/// <summary>
/// The machine on bare metal, as a host sets one up: room, memory, log, faults, and who looks on. Nothing of the boot
/// path knows where it runs.
/// </summary>
internal static unsafe class Metal
{
    private const int LogCapacity = 16 << 10;

    private static Machine* s_machine;
    private static ImageHeader* s_header;

    // What the boot path took from bootmem for the exception vectors: their page, then the table that maps it.
    private static uint s_vectorPage;
    private static uint s_vectorTable;

    // In the article's set-up: the table of the kmap window.
    private static uint s_kmapTable;

    /// <summary>The machine.</summary>
    public static Machine* Machine => s_machine;

    /// <summary>The image's words.</summary>
    public static ImageHeader* Header => s_header;

    /// <summary>Makes the machine of what the boot loader left.</summary>
    public static void SetUp(uint tags, ImageHeader* header)
    {
        s_header = header;
        Room room = new(header->Room, header->RoomEnd);
        Room initRoom = new(header->InitRoom, header->InitRoomEnd);
        Printer.Keep(room.Take<byte>(LogCapacity), LogCapacity);
        Machine* machine = room.Take<Machine>(1);
        s_machine = machine;
        BootTags.Read(tags, header, ref room, ref machine->Info);
        MapMemory(machine);
        machine->Config = BootConfig.Default;
        machine->Config.Version = (KernelVersion)header->Version;
        if (!machine->Info.Private.IsPresent)
        {
            machine->Image = ImageOf(header);
        }

        machine->Log = Printer.Kernel;
        machine->Memory = new Memory { Resolve = &Resolve, Clear = &Clear };
        machine->FaultHandler = Panic.Handler;
        machine->Observer = new Observer { Notify = &Notify };
        TakeRoom(machine, ref room, ref initRoom);
        machine->Initcalls = room.Take<Initcall>(InitcallTable.Count);
        machine->InitcallCount = (header->Flags & ImageFlags.Initcalls) != 0 ? InitcallTable.Count : 0;
        InitcallTable.Fill(machine->Initcalls);
        for (int i = 0; i < InitcallTable.Count; i++)
        {
            // The texts go with the init section; these names are asked for later.
            Initcall* initcall = machine->Initcalls + i;
            initcall->Name = room.Copy(initcall->Name, initcall->NameLength);
        }
    }

    /// <summary>Boots.</summary>
    public static void Boot()
    {
        while (s_machine->NextStep != BootStep.Done)
        {
            BootStep step = s_machine->NextStep;
            if (!StartKernel.Step(s_machine))
            {
                Log log = Printer.Kernel;
                log.Text("bootmem: "u8);
                s_machine->Error.Describe(log);
                log.Text("\n"u8);
                Panic.Stop();
            }

            if ((s_header->Flags & ImageFlags.Checksums) != 0 && step < BootStep.FreeInitmem)
            {
                BitmapChecksums.AfterStep(s_machine, step);
            }

            if (step == BootStep.BootmemInit)
            {
                Provoke();
                if (s_machine->Info.Private.IsPresent)
                {
                    MoveDirectory();
                }
            }

            if (step == BootStep.FreeInitmem)
            {
                ForgetInit();
            }

            if (step == BootStep.PagingInit)
            {
                UseTables();
            }
        }
    }

    // A test wants to see what the kernel says of its own mistakes.
    private static void Provoke()
    {
        ref BootMemory mem = ref s_machine->Bootmem;
        if ((s_header->Flags & ImageFlags.Bug) != 0)
        {
            ulong page = KernelApi.alloc_bootmem_pages(ref mem, 4096);
            KernelApi.free_bootmem_node(ref mem, 0, page, 4096);
            KernelApi.free_bootmem_node(ref mem, 0, page, 4096);
        }

        if ((s_header->Flags & ImageFlags.Panic) != 0)
        {
            KernelApi.__alloc_bootmem(ref mem, 1U << 31, 32, 0);
        }
    }

    // What still calls bootmem from here on runs into an undefined instruction. In the article's set-up another image
    // is pretended: the real one stays.
    private static void ForgetInit()
    {
        const byte Undefined = 0xde;
        s_machine->Bootmem = default;
        s_machine->Observer = default;
        s_machine->FaultHandler = default;
        if (!s_machine->Info.Private.IsPresent)
        {
            Memory.Fill((byte*)s_header->InitBegin, Undefined, s_header->InitEnd - s_header->InitBegin);
        }
    }

    /// <summary>Where RAM can be touched: at its address in the machine's own linear map, where it has one.</summary>
    public static byte* Resolve(void* context, ulong physical, ulong size)
    {
        AddressSpace space = s_machine->Space;
        return space.IsLowmem(physical) && size <= space.LowmemEnd - physical
            ? (byte*)(uint)space.phys_to_virt(physical)
            : Mmu.Reach((uint)physical, (uint)size);
    }

    private static void Clear(void* context, ulong physical, ulong size) =>
        Memory.Fill(Resolve(null, physical, size), 0, size);

    private static void Notify(void* context, in BootEvent change)
    {
        if ((s_header->Flags & ImageFlags.Checksums) != 0)
        {
            BitmapChecksums.Observe(s_machine, in change);
        }

        if (change.Owner == Owner.Kmap && change.Kind == BootEventKind.Allocated)
        {
            s_kmapTable = (uint)change.Address;
        }

        if (change.Owner == Owner.PageTables && change.Kind == BootEventKind.Allocated)
        {
            if (s_vectorPage == 0)
            {
                s_vectorPage = (uint)change.Address;
            }
            else
            {
                s_vectorTable = (uint)change.Address;
            }
        }
    }

    // All of RAM is mapped; what mem= hides is not used. The article's private memory is mapped where its tree says,
    // too.
    private static void MapMemory(Machine* machine)
    {
        ref BootInfo info = ref machine->Info;
        ulong end = Board.RamStart;
        for (int i = 0; i < info.BankCount; i++)
        {
            ulong bankEnd = info.Banks[i].Start + info.Banks[i].Size;
            end = bankEnd > end ? bankEnd : end;
        }

        Mmu.MapLinear((uint)end);
        ref PrivateMemory own = ref info.Private;
        if (own.IsPresent)
        {
            Mmu.Map((uint)own.PageOffset, (uint)own.Start, (uint)(own.DmaSize + own.NormalSize));
        }
    }

    private static KernelImage ImageOf(ImageHeader* header)
    {
        KernelImage image = default;
        image.All.Start = header->Start;
        image.All.Size = header->End - header->Start;
        image.Init.Start = header->InitBegin;
        image.Init.Size = header->InitEnd - header->InitBegin;
        image.Text.Start = header->TextStart;
        image.Text.Size = header->TextEnd - header->TextStart;
        image.Data.Start = header->DataStart;
        image.Data.Size = header->End - header->DataStart;
        return image;
    }

    // As many nodes as the banks name. What bootmem alone needs lies in the init section and goes with it.
    private static void TakeRoom(Machine* machine, ref Room room, ref Room initRoom)
    {
        int nodes = 1;
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            int count = machine->Info.Banks[i].Node + 1;
            nodes = count > nodes ? count : nodes;
        }

        machine->Room.NodeCapacity = nodes;
        machine->Room.BootmemNodes = initRoom.Take<BootmemNode>(nodes);
        machine->Room.Extents = initRoom.Take<NodeExtent>(nodes);
        machine->Room.RemapAreas = initRoom.Take<RemapArea>(nodes);
        machine->Room.NodePages = room.Take<NodePages>(nodes);
        machine->Room.ZoneCapacity = nodes * Zones.MaxCount;
        machine->Room.Zones = room.Take<Zone>(machine->Room.ZoneCapacity);
    }

    // In the article's set-up bootmem reserved 16 KiB for the page directory, below the image that is pretended.
    private static void MoveDirectory()
    {
        const uint DirectorySize = 0x4000;
        Mmu.MoveDirectory((uint)s_machine->Space.virt_to_phys(s_machine->Image.All.Start) - DirectorySize);
    }

    // A page has room for four tables of 1 KiB: that of the vectors has the kmap window's beside it.
    private static void UseTables()
    {
        const uint TableSize = 1024;
        if (s_vectorTable != 0)
        {
            MoveVectors();
            Mmu.MapKmap(s_vectorTable + TableSize);
        }
        else
        {
            // What was asked for is 4 KiB at any cache line: a table's worth of it is aligned.
            s_kmapTable = (s_kmapTable + TableSize - 1) & ~(TableSize - 1);
            Mmu.MapKmap(s_kmapTable);
        }
    }

    /// <summary>Whether a page is a page table or holds the exception vectors.</summary>
    public static bool IsPageTable(ulong pfn)
    {
        uint page = (uint)pfn;
        bool isDirectory = pfn - (Mmu.Directory >> 12) < 4;
        return isDirectory || page == s_vectorPage >> 12 || page == s_vectorTable >> 12 || page == s_kmapTable >> 12;
    }

    private static void MoveVectors()
    {
        byte* page = Resolve(null, s_vectorPage, 4096);
        int size = (int)((uint)s_header->VectorsEnd - (uint)s_header->Vectors);
        for (int i = 0; i < size; i++)
        {
            page[i] = s_header->Vectors[i];
        }

        Mmu.MapVectors(s_vectorTable, s_vectorPage);
        Cpu.UseHighVectors();
    }
}
