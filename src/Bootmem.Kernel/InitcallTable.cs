using System;
using Bootmem.Boot;

namespace Bootmem.Kernel;

/// <content>The other part is made by the build, from the attributes.</content>
internal static unsafe partial class InitcallTable
{
    private static void Set(Initcall* initcall, InitcallStage stage, delegate*<Machine*, int> function, ReadOnlySpan<byte> name)
    {
        initcall->Stage = stage;
        initcall->Function = function;

        // Literals do not move.
        fixed (byte* text = name)
        {
            initcall->Name = text;
        }

        initcall->NameLength = name.Length;
    }
}
