namespace Bootmem.Boot;

/// <summary>The steps of the boot, in order.</summary>
public enum BootStep : byte
{
    /// <summary>Command line and meminfo: what RAM there is.</summary>
    SetupArch,

    /// <summary>The bitmaps, the free banks, the first reservations.</summary>
    BootmemInit,

    /// <summary>The initcalls of the stage bootmem.</summary>
    BootmemInitcalls,

    /// <summary>Zero page, page tables, zones with their mem_map and wait tables.</summary>
    PagingInit,

    /// <summary>The per-CPU areas.</summary>
    PercpuInit,

    /// <summary>The initcalls of the stage percpu.</summary>
    PercpuInitcalls,

    /// <summary>The zone lists; the command line is printed.</summary>
    Zonelists,

    /// <summary>The PID hash.</summary>
    PidHash,

    /// <summary>The dentry and inode hashes.</summary>
    EarlyHashes,

    /// <summary>Bootmem hands over.</summary>
    MemInit,

    /// <summary>The initcalls of the stage buddy.</summary>
    BuddyInitcalls,

    /// <summary>The per-CPU page lists.</summary>
    PcpInit,

    /// <summary>The initcalls of the stages pcp, slab, vmalloc, module, kmap and fixmap.</summary>
    LateInitcalls,

    /// <summary>Bootmem's own code and data, and all else that is <c>__init</c>, become free memory.</summary>
    FreeInitmem,

    /// <summary>The initcalls of the stage login.</summary>
    LoginInitcalls,

    /// <summary>The boot is over.</summary>
    Done,
}

/// <summary>start_kernel(): the boot, step by step.</summary>
public static unsafe class StartKernel
{
    /// <summary>
    /// Takes the next step. A call of bootmem that faults goes to the machine's fault handler and does not come back.
    /// </summary>
    /// <param name="machine">
    /// The machine: info, configuration, image, log, memory and room are filled by the caller, all else is zero.
    /// </param>
    /// <returns>Whether it could; if not, <see cref="Machine.Error"/> says why.</returns>
    public static bool Step(Machine* machine)
    {
        bool isDone = true;
        switch (machine->NextStep)
        {
            case BootStep.SetupArch:
                isDone = SetUpArch(machine);
                break;
            case BootStep.BootmemInit:
                isDone = InitialiseBootmem(machine);
                break;
            case BootStep.BootmemInitcalls:
                Call(machine, InitcallStage.Bootmem);
                break;
            case BootStep.PagingInit:
                InitialisePaging(machine);
                break;
            case BootStep.PercpuInit:
                PercpuInit.Run(machine);
                break;
            case BootStep.PercpuInitcalls:
                Call(machine, InitcallStage.Percpu);
                break;
            case BootStep.Zonelists:
                BuildZonelists(machine);
                break;
            case BootStep.PidHash:
                BootHashes.AllocatePidHash(machine);
                break;
            case BootStep.EarlyHashes:
                BootHashes.AllocateEarly(machine);
                break;
            case BootStep.MemInit:
                MemInit.Run(machine);
                break;
            case BootStep.BuddyInitcalls:
                Call(machine, InitcallStage.Buddy);
                break;
            case BootStep.PcpInit:
                MemInit.SetUpPerCpuPageSets(machine);
                LateHashes.Run(machine);
                break;
            case BootStep.LateInitcalls:
                for (InitcallStage stage = InitcallStage.Pcp; stage <= InitcallStage.Fixmap; stage++)
                {
                    Call(machine, stage);
                }

                break;
            case BootStep.FreeInitmem:
                MemInit.FreeInitmem(machine);
                break;
            case BootStep.LoginInitcalls:
                Call(machine, InitcallStage.Login);
                break;
            default:
                return true;
        }

        if (isDone)
        {
            machine->NextStep++;
        }

        return isDone;
    }

    /// <summary>Takes steps until the one named is the next.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="stop">The step that is not taken any more.</param>
    /// <returns>Whether it got there; if not, <see cref="Machine.Error"/> says why.</returns>
    public static bool RunUntil(Machine* machine, BootStep stop)
    {
        while (machine->NextStep < stop)
        {
            if (!Step(machine))
            {
                return false;
            }
        }

        return true;
    }

    // What an architecture does in its own way.
    private static bool SetUpArch(Machine* machine)
    {
        if (machine->Config.Architecture == Architecture.Auto)
        {
            machine->Config.Architecture = Architectures.Of(machine->Info, machine->Config.Bits);
        }

        bool isDone = Architectures.IsPc(machine->Config.Architecture)
            ? X86Setup.Run(machine) : SetupArch.Run(machine);
        if (machine->Error.Kind == BootErrorKind.BadOption)
        {
            machine->Error.FindWord(machine->Info);
        }

        return isDone;
    }

    private static bool InitialiseBootmem(Machine* machine) => machine->Config.Architecture switch
    {
        Architecture.I386 => I386Bootmem.Run(machine),
        Architecture.X86_64 => X64Bootmem.Run(machine),
        _ => BootmemInit.Run(machine),
    };

    private static void InitialisePaging(Machine* machine)
    {
        switch (machine->Config.Architecture)
        {
            case Architecture.I386:
                I386Paging.Run(machine);
                break;
            case Architecture.X86_64:
                X64Paging.Run(machine);
                break;
            default:
                PagingInit.Run(machine);
                break;
        }
    }

    private static void Call(Machine* machine, InitcallStage stage)
    {
        Owner owner = machine->Bootmem.Owner;
        machine->Bootmem.Owner = Owner.Test;
        for (int i = 0; i < machine->InitcallCount; i++)
        {
            Initcall initcall = machine->Initcalls[i];
            if (initcall.Stage != stage)
            {
                continue;
            }

            int result = initcall.Function(machine);
            if (result != 0)
            {
                machine->FailedInitcallCount++;
                machine->Log.Text("<3>initcall "u8)
                    .Text(new System.ReadOnlySpan<byte>(initcall.Name, initcall.NameLength))
                    .Text(" failed with "u8).Signed(result).Text("\n"u8);
            }
        }

        machine->Bootmem.Owner = owner;
    }

    private static void BuildZonelists(Machine* machine)
    {
        int count = machine->Pages.BuildZonelists();
        machine->Log.Text("Built "u8).Signed(count).Text(" zonelists"u8);
        if (new FigureRules(machine->Config).SaysTotalPages)
        {
            machine->Log.Text(".  Total pages: "u8).Decimal(machine->AllPages);
        }

        machine->Log.Text("\n"u8);
        machine->Log.Text("<5>Kernel command line: "u8)
            .Text(new System.ReadOnlySpan<byte>(machine->Info.CommandLine, machine->Info.CommandLineLength))
            .Text("\n"u8);
    }
}
