using System;
using System.IO;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Tests.Modules;

/// <summary>A folder for modules that goes with the test, and where the project's own modules are.</summary>
internal sealed class ModuleFiles : IDisposable
{
    public ModuleFiles() => Folder = Directory.CreateTempSubdirectory("bootmem-modules-").FullName;

    public string Folder { get; }

    public static string BootmemTests => Built("BootmemTests");

    public static string BuddyTests => Built("BuddyTests");

    public string Make(string fileName, params MadeModule[] modules)
    {
        string path = Path.Combine(Folder, fileName);
        MadeModule.Write(path, modules);
        return path;
    }

    public static MachineHost NewHost(KernelVersion version = KernelVersion.V2_6_12,
        string machine = "biscuitos.dts") =>
        MachineHost.Load(
            RepositoryRoot.Combine("machines", machine),
            new MachineOptions { Config = BootConfig.Default with { Version = version } });

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    // Tests and modules are built with the same configuration, into folders of the same shape.
    private static string Built(string name)
    {
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return RepositoryRoot.Combine("modules", name, "bin", framework.Parent!.Name, framework.Name, name + ".dll");
    }
}
