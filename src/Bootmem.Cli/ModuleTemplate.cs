using System.IO;
using System.Security;

namespace Bootmem.Cli;

/// <summary>The files of a new module's project.</summary>
internal static class ModuleTemplate
{
    /// <summary>The project.</summary>
    /// <param name="assemblies">Where Bootmem's assemblies are.</param>
    public static string Project(string assemblies) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
            <!-- Makes a .dll that a running program can load. -->
            <EnableDynamicLoading>true</EnableDynamicLoading>
            <!-- Where the bootmem program is that made this project. If it moves, change this line, or build with
                 dotnet build -p:BootmemPath=FOLDER -->
            <BootmemPath Condition="'$(BootmemPath)' == ''">{SecurityElement.Escape(Path.GetFullPath(assemblies))}</BootmemPath>
          </PropertyGroup>
          <ItemGroup>
            <!-- Private=false: not copied. The module uses the assemblies of the program that loads it. -->
            <Reference Include="Bootmem" HintPath="$(BootmemPath)/Bootmem.dll" Private="false" />
            <Reference Include="Bootmem.Boot" HintPath="$(BootmemPath)/Bootmem.Boot.dll" Private="false" />
            <Reference Include="Bootmem.Lab" HintPath="$(BootmemPath)/Bootmem.Lab.dll" Private="false" />
          </ItemGroup>
        </Project>

        """;

    /// <summary>The source.</summary>
    /// <param name="name">The module's name.</param>
    public static string Source(string name) => $$"""
        using System;
        using System.Text;
        using Bootmem;
        using Bootmem.Boot;
        using Bootmem.Lab;

        namespace BootmemModules;

        /// <summary>A module. An assembly holds exactly one public class that derives from BootmemModule.</summary>
        public sealed class {{name}}Module : BootmemModule
        {
            private ulong _address;

            /// <summary>What lsmod shows and rmmod takes.</summary>
            public override string Name => "{{name}}";

            /// <summary>
            /// When Init is called. Bootmem: while bootmem lives. Buddy: when the page allocator has taken over.
            /// Login, which is also what holds without this line: when the boot is over.
            /// </summary>
            public override InitcallStage Stage => InitcallStage.Bootmem;

            /// <summary>Called once when the module is loaded. 0 is success; all else unloads it again.</summary>
            public override int Init(MachineHost host)
            {
                ArgumentNullException.ThrowIfNull(host);

                // The kernel's calls are in KernelApi, for host.Bootmem; from the stage Buddy on in PageApi, for
                // host.Pages. Addresses of bootmem are physical.
                _address = KernelApi.alloc_bootmem_pages(ref host.Bootmem, (ulong)host.PageSize);

                // The machine's memory can be touched. With --layout-only there is none.
                if (!host.IsLayoutOnly)
                {
                    Encoding.ASCII.GetBytes("Hello from {{name}}", host.Bytes(_address, host.PageSize));
                }

                // To the kernel's log.
                host.Print($"{{name}}: a page at 0x{host.Space.phys_to_virt(_address):x}");
                return 0;
            }

            /// <summary>Called once before the module is unloaded: gives back what Init took.</summary>
            public override void Exit(MachineHost host)
            {
                ArgumentNullException.ThrowIfNull(host);
                if (host.HasBootmem)
                {
                    KernelApi.free_bootmem(ref host.Bootmem, _address, (ulong)host.PageSize);
                }

                host.Print("{{name}}: gone");
            }
        }

        """;

    /// <summary>The page that explains it.</summary>
    /// <param name="name">The module's name.</param>
    public static string Readme(string name) => $"""
        # {name}

        A module for Bootmem.

            dotnet build
            bootmem boot --insmod bin/Debug/net10.0/{name}.dll

        loads it while the machine boots. At the prompt:

            bootmem shell --stop-at bootmem
            bootmem# insmod bin/Debug/net10.0/{name}.dll
            bootmem# lsmod
            bootmem# rmmod {name}

        `{name}.cs` says when it is called and what it does. `{name}.csproj` says where the program's assemblies are
        (`BootmemPath`). A module runs in the program's process with all its rights.

        """;
}
