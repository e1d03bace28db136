using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>An initcall that is built in, and can be switched on.</summary>
public sealed unsafe class BuiltInInitcall
{
    internal BuiltInInitcall(InitcallStage stage, string name, delegate*<Machine*, int> function)
    {
        Stage = stage;
        Name = name;
        Function = function;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>When it is called.</summary>
    public InitcallStage Stage { get; }

    /// <summary>The function.</summary>
    public delegate*<Machine*, int> Function { get; }
}

/// <summary>
/// The initcalls that are built in: the functions of the boot path that bear <see cref="InitcallAttribute"/>. They are
/// listed, not looked for, as a program that is compiled ahead of time keeps no attributes; a test compares the two.
/// </summary>
public static unsafe class BuiltInInitcalls
{
    /// <summary>All of them, by stage, then in the order of the sources.</summary>
    public static IReadOnlyList<BuiltInInitcall> All { get; } =
    [
        new(InitcallStage.Bootmem, "bootmem_alloc", &BootmemTests.Alloc),
        new(InitcallStage.Bootmem, "bootmem_alloc_pages", &BootmemTests.AllocPages),
        new(InitcallStage.Bootmem, "bootmem_alloc_low", &BootmemTests.AllocLow),
        new(InitcallStage.Bootmem, "bootmem_alloc_low_pages", &BootmemTests.AllocLowPages),
        new(InitcallStage.Bootmem, "bootmem_reserve", &BootmemTests.Reserve),
        new(InitcallStage.Buddy, "buddy_alloc_pages", &BuddyTests.AllocPages),
        new(InitcallStage.Buddy, "buddy_get_free_page", &BuddyTests.GetFreePage),
    ];

    /// <summary>Hands a machine the initcalls that are switched on.</summary>
    internal static void Register(Machine* machine, NativeArena arena, ISet<string> names)
    {
        BuiltInInitcall[] chosen = [.. names.Count == 0 ? [] : All.Where(initcall => names.Contains(initcall.Name))];
        machine->Initcalls = arena.Take<Initcall>(Math.Max(chosen.Length, 1));
        machine->InitcallCount = chosen.Length;
        for (int i = 0; i < chosen.Length; i++)
        {
            byte[] name = Encoding.ASCII.GetBytes(chosen[i].Name);
            machine->Initcalls[i] = new Initcall
            {
                Stage = chosen[i].Stage,
                Function = chosen[i].Function,
                Name = arena.Copy(name),
                NameLength = name.Length,
            };
        }
    }
}
