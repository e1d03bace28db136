using System;

namespace Bootmem.Boot;

/// <summary>setup_arch() of i386 and x86-64, its first part: which kernel, which RAM, which nodes.</summary>
internal static unsafe class X86Setup
{
    /// <summary>HIGH_MEMORY: where kernels of PCs lie, and where memory begins that old devices do not know.</summary>
    public const ulong HighMemory = 0x100000;

    // A kernel of the time: 2 MiB of code, 640 KiB of data, 192 KiB of init.
    private const ulong TextSize = 0x200000;
    private const ulong DataSize = 0xa0000;
    private const ulong InitSize = 0x30000;
    private const ulong ImageSize = 0x340000;

    public static bool Run(Machine* machine)
    {
        ref BootInfo info = ref machine->Info;
        ref BootError error = ref machine->Error;
        ref BootConfig config = ref machine->Config;
        config.Complete(info);
        KernelWord word = new(config.Bits, config.PageShift);
        if (!CheckConfig(machine, word))
        {
            return false;
        }

        machine->Log.Text("<5>Linux version "u8).Text(KernelVersions.Name(config.Version)).Text(" (bootmem)\n"u8);
        if (info.MapRangeCount == 0)
        {
            BanksToMap(ref info, ref error);
        }

        machine->Log.Text("<6>BIOS-provided physical RAM map:\n"u8);
        if (error.Kind != BootErrorKind.None || !MemoryMap.Sanitize(ref info, ref error))
        {
            return false;
        }

        MemoryMap.Say(machine->Log, info, SourceOf(info.Pc.Source));
        if (!X86Options.Read(machine))
        {
            return false;
        }

        machine->X86.EndPfn = MemoryMap.EndPfn(info);
        if (machine->X86.EndPfn == 0)
        {
            return error.Set(BootErrorKind.NoMemory, 0);
        }

        machine->Space = new AddressSpace(word, 0, config.PageOffset, 0);
        PlaceImage(machine);
        X86Parts.MakeBootmem(machine, word);
        bool isI386 = config.Architecture == Architecture.I386;
        if (!(isI386 ? I386Memory.Find(machine) : X64Nodes.Find(machine)) || !AreNodesSmallEnough(machine))
        {
            return false;
        }

        ulong lowEnd = machine->Bootmem.MaxLowPfn << MemoryMap.PageShift;
        machine->Space = new AddressSpace(word, 0, config.PageOffset, lowEnd);
        if (config.HasCrashDump && machine->Bootmem.Behaviour.KeepsSavedMaxPfn)
        {
            machine->Bootmem.SavedMaxPfn = machine->X86.EndPfn;
        }

        return MemoryMap.MakeBanks(machine, machine->Bootmem.MaxPfn);
    }

    private static bool CheckConfig(Machine* machine, KernelWord word)
    {
        ref BootConfig config = ref machine->Config;
        ref KernelImage image = ref machine->Image;
        if (config.PageOffset > word.Max)
        {
            return machine->Error.Set(BootErrorKind.PageOffsetBeyondAddresses, 0, config.PageOffset, word.Max);
        }

        ulong init = word.Subtract(image.Init.Start, image.All.Start);
        if (image.Init.Size != 0 && (init >= image.All.Size || image.Init.Size > image.All.Size - init))
        {
            return machine->Error.Set(BootErrorKind.InitOutsideImage, 0, image.Init.Start, image.All.Start);
        }

        return config.CpuCount is >= 1 and <= Zone.MaxCpus
            || machine->Error.Set(BootErrorKind.BadCpuCount, config.CpuCount, 0, Zone.MaxCpus);
    }

    private static bool AreNodesSmallEnough(Machine* machine)
    {
        for (int node = 0; node < machine->NodeCount; node++)
        {
            ulong spanned = machine->Extents[node].EndPfn - machine->Extents[node].StartPfn;
            if (spanned > NodeLayout.MostPages)
            {
                return machine->Error.Set(BootErrorKind.NodeTooLarge, node, spanned, NodeLayout.MostPages);
            }
        }

        return true;
    }

    private static void BanksToMap(ref BootInfo info, ref BootError error)
    {
        if (!MemoryMap.TakeBanks(ref info, ref error) || info.NodeRangeCount != 0)
        {
            return;
        }

        for (int i = 0; info.NodeCount > 1 && i < info.BankCount && info.NodeRangeCount < info.NodeRangeCapacity; i++)
        {
            Bank bank = info.Banks[i];
            info.NodeRanges[info.NodeRangeCount++] =
                new NodeRange { Start = bank.Start, End = bank.Start + bank.Size, Node = bank.Node };
        }
    }

    private static ReadOnlySpan<byte> SourceOf(MapSource source) => source switch
    {
        MapSource.E801 => "BIOS-e801"u8,
        MapSource.E88 => "BIOS-88"u8,
        _ => "BIOS-e820"u8,
    };

    // Code, data, init, then what has no bytes in the file; at 1 MiB.
    private static void PlaceImage(Machine* machine)
    {
        ref KernelImage image = ref machine->Image;
        if (image.All.Size != 0)
        {
            return;
        }

        ulong start = machine->Space.phys_to_virt(HighMemory);
        image.All = new ImageRange { Start = start, Size = ImageSize };
        image.Text = new ImageRange { Start = start, Size = TextSize };
        image.Data = new ImageRange { Start = start + TextSize, Size = DataSize };
        image.Init = new ImageRange { Start = start + TextSize + DataSize, Size = InitSize };
    }
}
