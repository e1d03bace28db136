using System;

namespace Bootmem.Boot;

/// <summary>setup_arch(), its first part: which kernel, which machine, which RAM.</summary>
internal static unsafe class SetupArch
{
    private const ulong ImageOffset = 0x8000;
    private const ulong ImageSize = 0x300000;

    public static bool Run(Machine* machine)
    {
        ref BootInfo info = ref machine->Info;
        ref BootError error = ref machine->Error;
        machine->Config.Complete(info);
        ref BootConfig config = ref machine->Config;
        KernelWord word = new(config.Bits, config.PageShift);

        if (config.PageOffset > word.Max)
        {
            return error.Set(BootErrorKind.PageOffsetBeyondAddresses, 0, config.PageOffset, word.Max);
        }

        if (config.CpuCount is < 1 or > Zone.MaxCpus)
        {
            return error.Set(BootErrorKind.BadCpuCount, config.CpuCount, 0, Zone.MaxCpus);
        }

        SayWhoWeAre(machine);
        ulong physOffset = PhysOffset(info, word, info.Private.Start);
        if (!ReadOptions(machine, ref error))
        {
            return false;
        }

        ulong toldEndPfn = EndOfMemory(info, word);
        bool isReady = info.Private.IsPresent
            ? PrivateBanks.Make(ref info, word, ref error)
            : BankTable.ApplyMemOptions(ref info, physOffset, ref error);
        int nodeCapacity = config.NodesShift >= 0 && 1 << config.NodesShift < machine->Room.NodeCapacity
            ? 1 << config.NodesShift : machine->Room.NodeCapacity;
        if (!isReady || !BankTable.SortAndCheck(ref info, word, nodeCapacity, ref error))
        {
            return false;
        }

        physOffset = PhysOffset(info, word, physOffset);
        machine->Space = new AddressSpace(word, physOffset, config.PageOffset, physOffset);
        if (info.IsInitrdVirtual)
        {
            info.InitrdStart = machine->Space.virt_to_phys(info.InitrdStart);
            info.IsInitrdVirtual = false;
        }

        PlaceImage(machine);
        MakeBootmem(machine, word);
        if (!NodeLayout.Find(machine, word))
        {
            return false;
        }

        ulong lowEnd = NodeLayout.LowMemoryEnd(machine) << word.PageShift;
        machine->Space = new AddressSpace(word, physOffset, config.PageOffset, lowEnd);
        if (config.HasCrashDump && machine->Bootmem.Behaviour.KeepsSavedMaxPfn)
        {
            machine->Bootmem.SavedMaxPfn = toldEndPfn > machine->Bootmem.MaxPfn ? toldEndPfn : machine->Bootmem.MaxPfn;
        }

        machine->Log.Text("Memory policy: ECC disabled, Data cache writeback\n"u8);
        return true;
    }

    private static void SayWhoWeAre(Machine* machine)
    {
        ref BootInfo info = ref machine->Info;
        machine->Log.Text("<5>Linux version "u8).Text(KernelVersions.Name(machine->Config.Version))
            .Text(" (bootmem)\n"u8);
        if (info.ModelLength != 0)
        {
            machine->Log.Text("Machine: "u8).Text(new ReadOnlySpan<byte>(info.Model, info.ModelLength)).Text("\n"u8);
        }

        if (info.IsInitrdVirtual)
        {
            machine->Log.Text("<4>ATAG_INITRD is deprecated; please update your bootloader.\n"u8);
        }

        for (int i = 0; i < info.UnknownTagCount; i++)
        {
            machine->Log.Text("<4>Ignoring unrecognised tag 0x"u8).Hex(info.UnknownTags[i], 8).Text("\n"u8);
        }
    }

    private static bool ReadOptions(Machine* machine, ref BootError error)
    {
        ref BootInfo info = ref machine->Info;
        CommandLine line = CommandLine.Of(info);
        while (line.Next(ref error))
        {
            switch (line.Option)
            {
                case BootOption.HighMem:
                    machine->Options.HasHighMem = true;
                    machine->Options.HighMemSize = line.First;
                    break;
                case BootOption.Initrd:
                    info.InitrdStart = line.First;
                    info.InitrdSize = line.Second;
                    info.IsInitrdVirtual = false;
                    break;
                case BootOption.HashDist:
                case BootOption.PrivateHashDist:
                    // Only kernels with CONFIG_NUMA know it.
                    machine->Options.IsHashDist = machine->Config.IsNuma && line.First != 0;
                    break;
                case BootOption.DentryHash:
                    machine->Options.DentryEntries = line.First;
                    break;
                case BootOption.InodeHash:
                    machine->Options.InodeEntries = line.First;
                    break;
                default:
                    break;
            }
        }

        return error.Kind == BootErrorKind.None;
    }

    private static void MakeBootmem(Machine* machine, KernelWord word)
    {
        ref BootConfig config = ref machine->Config;
        BootMemoryOptions options = new()
        {
            Version = config.Version,
            Bits = config.Bits,
            PageShift = config.PageShift,
            CacheLine = config.CacheLine,

            // ARM: MAX_DMA_ADDRESS is the top of the address space, so its physical address lies beyond all RAM.
            DmaGoal = machine->Space.virt_to_phys(word.Max),
            Search = SearchKind.Generic,
            SaysReservedTwice = config.HasDebugBootmem,
        };
        machine->Bootmem = new BootMemory(options, machine->Room.BootmemNodes, machine->Room.NodeCapacity)
        {
            Memory = machine->Memory,
            Log = machine->Log,
            Observer = machine->Observer,
            FaultHandler = machine->FaultHandler,
        };
    }

    // The article's machine says where its image lies. Elsewhere the caller may; else an image of 3 MiB is taken, 32
    // KiB into the first bank that holds it, as ARM kernels lie.
    private static void PlaceImage(Machine* machine)
    {
        ref KernelImage image = ref machine->Image;
        ref PrivateMemory own = ref machine->Info.Private;
        if (image.All.Size != 0)
        {
            return;
        }

        if (own.IsPresent && own.Image.Size != 0)
        {
            image = new KernelImage { All = own.Image, Init = own.Init, Text = own.Text, Data = own.Data };
            return;
        }

        ulong start = machine->Space.phys_to_virt(FirstBankOf(machine->Info, ImageOffset + ImageSize) + ImageOffset);
        image.All = new ImageRange { Start = start, Size = ImageSize };
        image.Init = new ImageRange { Start = start, Size = 0x18000 };
        image.Text = new ImageRange { Start = start + 0x18000, Size = 0x210000 };
        image.Data = new ImageRange { Start = start + 0x228000, Size = ImageSize - 0x228000 };
    }

    private static ulong FirstBankOf(in BootInfo info, ulong size)
    {
        for (int i = 0; i < info.BankCount; i++)
        {
            if (info.Banks[i].Node == 0 && info.Banks[i].Size >= size)
            {
                return info.Banks[i].Start;
            }
        }

        return LowestBank(info);
    }

    // PHYS_OFFSET: where a bank begins inside a page, the page's start, so that pages are pages in virtual memory too.
    private static ulong PhysOffset(in BootInfo info, KernelWord word, ulong privateStart) =>
        info.Private.IsPresent ? privateStart : LowestBank(info) & ~(word.PageSize - 1);

    private static ulong LowestBank(in BootInfo info)
    {
        ulong lowest = ulong.MaxValue;
        for (int i = 0; i < info.BankCount; i++)
        {
            if (info.Banks[i].Size != 0 && info.Banks[i].Start < lowest)
            {
                lowest = info.Banks[i].Start;
            }
        }

        return lowest == ulong.MaxValue ? 0 : lowest;
    }

    private static ulong EndOfMemory(in BootInfo info, KernelWord word)
    {
        ulong end = 0;
        for (int i = 0; i < info.BankCount; i++)
        {
            ulong bankEnd = BankTable.EndPfn(info.Banks[i], word);
            end = bankEnd > end ? bankEnd : end;
        }

        return end;
    }
}
