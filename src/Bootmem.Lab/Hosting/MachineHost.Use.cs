using System;
using System.Collections.Generic;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <content>What modules and people at the prompt use of a machine.</content>
public sealed unsafe partial class MachineHost
{
    private readonly List<Action<BootStep>> _stepObservers = [];

    /// <summary>The boot-memory allocator, for <see cref="KernelApi"/>; only while <see cref="HasBootmem"/>.</summary>
    public ref BootMemory Bootmem => ref Machine->Bootmem;

    /// <summary>The page allocator, for <see cref="PageApi"/>; only while <see cref="HasPages"/>.</summary>
    public ref PageAllocator Pages => ref Machine->Pages;

    /// <summary>Physical and virtual addresses.</summary>
    public ref readonly AddressSpace Space => ref Machine->Space;

    /// <summary>The size of a page in bytes.</summary>
    public int PageSize => 1 << Machine->Bootmem.Word.PageShift;

    /// <summary>Whether bootmem lives: it is initialised and has not handed over.</summary>
    public bool HasBootmem => NextStep is > BootStep.BootmemInit and <= BootStep.MemInit;

    /// <summary>Whether the page allocator has taken over from bootmem.</summary>
    public bool HasPages => NextStep > BootStep.MemInit;

    /// <summary>Whether there is no memory behind the map: nothing can be read, written or allocated page by
    /// page.</summary>
    public bool IsLayoutOnly => Machine->IsLayoutOnly;

    /// <summary>Has every later step of the boot shown to somebody, when it has been taken.</summary>
    /// <param name="observer">Gets the step.</param>
    public void ObserveSteps(Action<BootStep> observer) => _stepObservers.Add(observer);

    /// <summary>The bytes of a piece of RAM, to be read and written.</summary>
    /// <param name="physical">Physical address.</param>
    /// <param name="size">Bytes.</param>
    /// <exception cref="MachineException">There is no RAM there, or none that is mapped.</exception>
    public Span<byte> Bytes(ulong physical, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        byte* bytes = IsLayoutOnly ? null : _memory.Resolve(physical, (ulong)size);
        return bytes != null ? new Span<byte>(bytes, size)
            : throw new MachineException(IsLayoutOnly
                ? "there is no memory behind the map: the machine was booted with --layout-only"
                : $"no RAM is at 0x{physical:x} .. 0x{physical + (ulong)size:x}");
    }

    /// <summary>Prints a line to the kernel's log: printk().</summary>
    /// <param name="text">The line, without its end; a level such as <c>&lt;3&gt;</c> may stand before it.</param>
    public void Print(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Machine->Log.Text(Encoding.UTF8.GetBytes(text)).Text("\n"u8);
    }
}
