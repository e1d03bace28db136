using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Bootmem.Lab;

/// <summary>A module's file, loaded: the one class in it that is a module, and the context that it lives in.</summary>
internal sealed class ModuleImage
{
    /// <summary>The most bytes a module's file can have.</summary>
    public const int MaxFileSize = 64 << 20;

    private readonly ModuleContext _context;

    private ModuleImage(string path, long fileSize, ModuleContext context, BootmemModule module)
    {
        Path = path;
        FileSize = fileSize;
        _context = context;
        Module = module;
    }

    public string Path { get; }

    public long FileSize { get; }

    public BootmemModule Module { get; }

    /// <summary>Loads a file. Its bytes are read first, so that it can be built again while the module is
    /// loaded.</summary>
    /// <exception cref="ModuleException">It is no module; the message is without the path.</exception>
    [RequiresUnreferencedCode(ModuleLoader.NeedsRuntime)]
    public static ModuleImage Load(string path)
    {
        byte[] bytes = Read(path);
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) ?? ".";
        ModuleContext context = new(System.IO.Path.GetFileNameWithoutExtension(path), folder);
        try
        {
            return new ModuleImage(path, bytes.Length, context, Make(context, bytes));
        }
        catch
        {
            context.Unload();
            throw;
        }
    }

    /// <summary>Lets go of the assembly; its memory goes when nothing uses it any more.</summary>
    public void Unload() => _context.Unload();

    private static byte[] Read(string path)
    {
        try
        {
            return BoundedFile.Read(path, MaxFileSize);
        }
        catch (MachineFileException e)
        {
            throw new ModuleException(e.Message, e);
        }
    }

    [RequiresUnreferencedCode(ModuleLoader.NeedsRuntime)]
    private static BootmemModule Make(ModuleContext context, byte[] bytes)
    {
        Type type = FindType(LoadAssembly(context, bytes));
        if (type.GetConstructor(Type.EmptyTypes) is null)
        {
            throw new ModuleException(
                $"found the class {type.FullName} without a public constructor that takes no arguments, expected one");
        }

        try
        {
            return (BootmemModule)Activator.CreateInstance(type)!;
        }
        catch (Exception e) when (!ModuleCall.IsFatal(e))
        {
            throw new ModuleException($"the constructor of {type.FullName} threw {ModuleCall.Describe(e)}", e);
        }
    }

    [RequiresUnreferencedCode(ModuleLoader.NeedsRuntime)]
    private static Assembly LoadAssembly(ModuleContext context, byte[] bytes)
    {
        try
        {
            return context.LoadFromStream(new MemoryStream(bytes));
        }
        catch (BadImageFormatException e)
        {
            throw new ModuleException(
                $"found {bytes.Length} bytes that are no .NET assembly, expected a module's .dll", e);
        }
        catch (Exception e) when (e is FileLoadException or FileNotFoundException)
        {
            throw new ModuleException($"the assembly cannot be loaded: {ModuleCall.OneLine(e.Message)}", e);
        }
    }

    [RequiresUnreferencedCode(ModuleLoader.NeedsRuntime)]
    private static Type FindType(Assembly assembly)
    {
        Type[] types;
        try
        {
            types = assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            string why = e.LoaderExceptions.FirstOrDefault(cause => cause is not null)?.Message ?? e.Message;
            throw new ModuleException($"the assembly does not fit this program: {ModuleCall.OneLine(why)}", e);
        }
        catch (Exception e) when (!ModuleCall.IsFatal(e))
        {
            throw new ModuleException($"the assembly does not fit this program: {ModuleCall.OneLine(e.Message)}", e);
        }

        Type[] modules = [.. types.Where(type =>
            type is { IsAbstract: false, IsVisible: true, IsGenericTypeDefinition: false }
            && typeof(BootmemModule).IsAssignableFrom(type))];
        return modules.Length switch
        {
            0 => throw new ModuleException(
                $"no module is in it: expected one public class that derives from {nameof(BootmemModule)}"),
            1 => modules[0],
            _ => throw new ModuleException(
                $"found {modules.Length} modules ({NamesOf(modules)}), expected one in an assembly"),
        };
    }

    private static string NamesOf(Type[] types) =>
        ModuleCall.OneLine(string.Join(", ", types.Select(type => type.FullName)));
}
