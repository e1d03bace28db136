using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;

namespace Bootmem.Lab;

/// <summary>
/// Where one module's assemblies live: it can be unloaded as a whole. Bootmem's own assemblies, and the framework's,
/// are the program's: a module and the program mean the same types. What else a module wants is looked for beside its
/// file.
/// </summary>
[RequiresUnreferencedCode(ModuleLoader.NeedsRuntime)]
internal sealed class ModuleContext(string name, string folder) : AssemblyLoadContext(name, isCollectible: true)
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string wanted = assemblyName.Name ?? "";
        if (wanted == "Bootmem" || wanted.StartsWith("Bootmem.", System.StringComparison.Ordinal))
        {
            return null;
        }

        string beside = Path.Combine(folder, wanted + ".dll");
        return wanted.Length != 0 && !IsFramework(assemblyName) && File.Exists(beside)
            ? LoadFromStream(new MemoryStream(BoundedFile.Read(beside, ModuleImage.MaxFileSize))) : null;
    }

    private static bool IsFramework(AssemblyName name)
    {
        try
        {
            return Default.LoadFromAssemblyName(name) is not null;
        }
        catch (System.Exception e) when (e is IOException or System.BadImageFormatException)
        {
            return false;
        }
    }
}
