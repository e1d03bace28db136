using System;

namespace Bootmem.Boot;

/// <summary>The stages at which registered functions are called, in the order of the boot.</summary>
public enum InitcallStage : byte
{
    /// <summary>Bootmem is initialised: RAM is free, the image, the bitmap and the INITRD are reserved.</summary>
    Bootmem,

    /// <summary>The per-CPU areas are set up.</summary>
    Percpu,

    /// <summary>The buddy allocator has taken over.</summary>
    Buddy,

    /// <summary>The per-CPU page lists are set up.</summary>
    Pcp,

    /// <summary>Where the slab allocator is initialised.</summary>
    Slab,

    /// <summary>Where vmalloc is initialised.</summary>
    Vmalloc,

    /// <summary>Where modules can be loaded.</summary>
    Module,

    /// <summary>Where the kmap window is initialised.</summary>
    Kmap,

    /// <summary>Where the fixed mappings are initialised.</summary>
    Fixmap,

    /// <summary>The boot is over: the prompt comes next.</summary>
    Login,
}

/// <summary>The stages by name.</summary>
public static class InitcallStages
{
    /// <summary>The number of stages: the values of <see cref="InitcallStage"/> are 0 .. Count-1.</summary>
    public const int Count = 10;

    /// <summary>The stage's name, as in <c>bootmem_initcall_bs()</c>.</summary>
    /// <param name="stage">A stage.</param>
    public static ReadOnlySpan<byte> Name(InitcallStage stage) => stage switch
    {
        InitcallStage.Bootmem => "bootmem"u8,
        InitcallStage.Percpu => "percpu"u8,
        InitcallStage.Buddy => "buddy"u8,
        InitcallStage.Pcp => "pcp"u8,
        InitcallStage.Slab => "slab"u8,
        InitcallStage.Vmalloc => "vmalloc"u8,
        InitcallStage.Module => "module"u8,
        InitcallStage.Kmap => "kmap"u8,
        InitcallStage.Fixmap => "fixmap"u8,
        _ => "login"u8,
    };
}

/// <summary>A function that the boot calls at a stage.</summary>
public unsafe struct Initcall
{
    /// <summary>When.</summary>
    public InitcallStage Stage;

    /// <summary>Takes the machine; 0 is success, all else is a failure that the log tells of.</summary>
    public delegate*<Machine*, int> Function;

    /// <summary>Its name, ASCII.</summary>
    public byte* Name;

    /// <summary>The name's length in bytes.</summary>
    public int NameLength;
}

/// <summary>
/// Marks a function <c>static int F(Machine*)</c> as an initcall: the kernel's <c>bootmem_initcall_bs()</c> and its
/// kin. Which of them are called is chosen by configuration.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InitcallAttribute : Attribute
{
    /// <summary>Registers the function at a stage.</summary>
    /// <param name="stage">When it is called.</param>
    /// <param name="name">The name under which it is switched on and off.</param>
    public InitcallAttribute(InitcallStage stage, string name)
    {
        Stage = stage;
        Name = name;
    }

    /// <summary>When it is called.</summary>
    public InitcallStage Stage { get; }

    /// <summary>The name under which it is switched on and off.</summary>
    public string Name { get; }
}
