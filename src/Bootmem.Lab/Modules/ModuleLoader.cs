using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Runtime.CompilerServices;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>
/// The modules of one machine: <c>insmod</c>, <c>rmmod</c>, <c>lsmod</c>. What a module throws is caught and told of;
/// what ends the process (a stack that overflows, a wild pointer) is not.
/// </summary>
public sealed class ModuleLoader : IDisposable
{
    /// <summary>Why no module can be loaded where <see cref="IsSupported"/> is false.</summary>
    public const string NotSupported =
        "this program is one native file and loads no assemblies, expected the one that runs on .NET";

    internal const string NeedsRuntime = "A module is code that was not there when the program was made.";

    private const int LongestName = 64;
    private const string Switch = "Bootmem.Lab.ModuleLoader.IsSupported";

    private readonly List<LoadedModule> _modules = [];
    private readonly MachineHost _host;

    /// <summary>No module yet.</summary>
    /// <param name="host">The machine. Its boot calls the modules from here on.</param>
    public ModuleLoader(MachineHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        _host = host;
        host.ObserveSteps(CallWaiting);
    }

    /// <summary>
    /// Whether this program can load modules: one that was compiled ahead of time, to one native file, cannot. It is a
    /// feature switch, so that such a program carries nothing of the loader.
    /// </summary>
    [FeatureSwitchDefinition(Switch)]
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
#pragma warning disable IL4000 // The compiler cannot see that whoever trims this program sets the switch to false.
    public static bool IsSupported =>
        AppContext.TryGetSwitch(Switch, out bool isOn) ? isOn : RuntimeFeature.IsDynamicCodeSupported;
#pragma warning restore IL4000

    /// <summary>What is loaded, in the order of loading.</summary>
    public IReadOnlyList<LoadedModule> Modules => _modules;

    /// <summary>Is told, in one line, why a module that the boot called is gone again.</summary>
    public Action<string>? Refused { get; set; }

    /// <summary>How many modules the boot called and lost.</summary>
    public int RefusedCount { get; private set; }

    /// <summary>
    /// Loads a module. Its Init is called at once if the boot has reached its stage, else when it does.
    /// </summary>
    /// <param name="path">The module's assembly.</param>
    /// <exception cref="ModuleException">It cannot be loaded; nothing of it is left.</exception>
    public LoadedModule Insert(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string shown = ModuleCall.OneLine(path);
        ModuleImage image = Wrap(
            shown, () => IsSupported ? ModuleImage.Load(path) : throw new ModuleException(NotSupported));
        LoadedModule module;
        try
        {
            module = Wrap(shown, () => Check(image));
        }
        catch
        {
            image.Unload();
            throw;
        }

        _modules.Add(module);
        if (ModuleStages.IsReached(_host, module.Stage) && Initialise(module) is { } wrong)
        {
            throw new ModuleException($"insmod: error inserting '{shown}': {wrong}");
        }

        return module;
    }

    /// <summary>Calls a module's Exit and unloads it.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ModuleException">There is none, or its Exit threw; in the second case it is gone all the
    /// same.</exception>
    public void Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        LoadedModule module = Find(name)
            ?? throw new ModuleException($"rmmod: found no module '{ModuleCall.OneLine(name)}', expected {Names()}");
        if (module.State == ModuleState.Loading)
        {
            throw new ModuleException($"rmmod: module {name} is in use: its Init is running");
        }

        string? wrong = module.State == ModuleState.Live ? Exit(module) : null;
        Drop(module);
        if (wrong is not null)
        {
            throw new ModuleException($"rmmod: {wrong}; the module is unloaded all the same");
        }
    }

    /// <summary>The module of a name; null if there is none.</summary>
    /// <param name="name">A name.</param>
    public LoadedModule? Find(string name) => _modules.Find(module => module.Name == name);

    /// <summary>Unloads all modules without calling them: the machine is gone.</summary>
    public void Dispose()
    {
        foreach (LoadedModule module in _modules)
        {
            module.Image.Unload();
        }

        _modules.Clear();
    }

    private static T Wrap<T>(string path, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (ModuleException e)
        {
            throw new ModuleException($"insmod: error inserting '{path}': {e.Message}", e);
        }
    }

    // The module's own words are code too: they may throw, or be nonsense.
    private LoadedModule Check(ModuleImage image)
    {
        string? name;
        InitcallStage stage;
        try
        {
            name = image.Module.Name;
            stage = image.Module.Stage;
        }
        catch (Exception e) when (!ModuleCall.IsFatal(e))
        {
            throw new ModuleException($"its name or stage threw {ModuleCall.Describe(e)}", e);
        }

        if (name is null || name.Length is 0 or > LongestName
            || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            throw new ModuleException(
                $"found the module name '{ModuleCall.OneLine(name ?? "")}', expected 1 to {LongestName} letters, "
                    + $"digits, _ or -");
        }

        if ((uint)stage >= InitcallStages.Count)
        {
            throw new ModuleException($"found the stage {(int)stage}, expected 0 .. {InitcallStages.Count - 1}");
        }

        if (Find(name) is not null)
        {
            throw new ModuleException($"module {name} is loaded already");
        }

        if (ModuleStages.IsOver(_host, stage))
        {
            throw new ModuleException(
                $"the stage of module {name}, {ModuleStages.NameOf(stage)}, is over: bootmem has handed over to the "
                    + $"page allocator");
        }

        return new LoadedModule(image, name, stage);
    }

    private void CallWaiting(BootStep step)
    {
        foreach (LoadedModule module in _modules
            .Where(module => module.State == ModuleState.Waiting && ModuleStages.StepOf(module.Stage) == step)
            .OrderBy(module => module.Stage).ToArray())
        {
            if (Initialise(module) is { } wrong)
            {
                RefusedCount++;
                Refused?.Invoke($"insmod: error inserting '{ModuleCall.OneLine(module.Path)}': {wrong}");
            }
        }
    }

    // What is wrong; null if nothing is. A module that refuses is gone when this returns.
    private string? Initialise(LoadedModule module)
    {
        module.State = ModuleState.Loading;
        ref BootMemory mem = ref _host.Bootmem;
        Owner owner = mem.Owner;
        mem.Owner = Owner.Module;
        string? wrong = null;
        try
        {
            int result = module.Image.Module.Init(_host);
            wrong = result == 0 ? null : $"init of {module.Name} returned {result}";
        }
        catch (BootmemException e)
        {
            wrong = $"init of {module.Name}: {ModuleCall.OneLine(e.Message)}";
        }
        catch (Exception e) when (!ModuleCall.IsFatal(e))
        {
            wrong = $"init of {module.Name} threw {ModuleCall.Describe(e)}";
        }

        mem.Owner = owner;
        module.State = ModuleState.Live;
        if (wrong is not null)
        {
            Drop(module);
        }

        return wrong;
    }

    private string? Exit(LoadedModule module)
    {
        try
        {
            module.Image.Module.Exit(_host);
            return null;
        }
        catch (Exception e) when (!ModuleCall.IsFatal(e))
        {
            return $"exit of {module.Name} threw {ModuleCall.Describe(e)}";
        }
    }

    private void Drop(LoadedModule module)
    {
        _modules.Remove(module);
        module.Image.Unload();
    }

    private string Names() =>
        _modules.Count == 0
            ? "one, but none is loaded" : "one of " + string.Join(", ", _modules.Select(module => module.Name));
}
