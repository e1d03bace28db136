using System;
using Bootmem.Boot;

namespace Bootmem.Kernel;

/// <summary>The built-in tests as modules that can be loaded when the boot is over.</summary>
internal static unsafe class Modules
{
    /// <summary>Prints their names.</summary>
    public static void List()
    {
        for (int i = 0; i < InitcallTable.Count; i++)
        {
            Initcall* module = Metal.Machine->Initcalls + i;
            Printer.Plain.Text(NameOf(module)).Text(" ("u8).Text(InitcallStages.Name(module->Stage)).Text(")\n"u8);
        }
    }

    /// <summary>Runs one. What needs bootmem cannot run any more: it is gone.</summary>
    /// <returns>Whether it ran and passed.</returns>
    public static bool Insert(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < InitcallTable.Count; i++)
        {
            Initcall* module = Metal.Machine->Initcalls + i;
            if (Ascii.Equal(NameOf(module), name))
            {
                return Run(module);
            }
        }

        Printer.Plain.Text("insmod: found no module '"u8).Text(name).Text("'; lsmod lists them\n"u8);
        return false;
    }

    /// <summary>Runs all that can run.</summary>
    /// <returns>How many failed.</returns>
    public static int InsertAll()
    {
        int failed = 0;
        for (int i = 0; i < InitcallTable.Count; i++)
        {
            Initcall* module = Metal.Machine->Initcalls + i;
            failed += module->Stage < InitcallStage.Buddy || Run(module) ? 0 : 1;
        }

        return failed;
    }

    private static bool Run(Initcall* module)
    {
        Log log = Printer.Plain;
        if (module->Stage < InitcallStage.Buddy)
        {
            log.Text("insmod: "u8).Text(NameOf(module))
                .Text(" needs bootmem, which is gone: boot with the built-in tests switched on\n"u8);
            return false;
        }

        int result = module->Function(Metal.Machine);
        log.Text("insmod: "u8).Text(NameOf(module));
        if (result == 0)
        {
            log.Text(" passed\n"u8);
        }
        else
        {
            log.Text(" failed with "u8).Signed(result).Text("\n"u8);
        }

        return result == 0;
    }

    private static ReadOnlySpan<byte> NameOf(Initcall* module) => new(module->Name, module->NameLength);
}
