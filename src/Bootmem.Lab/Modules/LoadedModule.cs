using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>How far a module has come.</summary>
public enum ModuleState
{
    /// <summary>It is loaded; the boot has not reached its stage yet.</summary>
    Waiting,

    /// <summary>Its Init is running.</summary>
    Loading,

    /// <summary>Its Init returned 0.</summary>
    Live,
}

/// <summary>A module that is loaded.</summary>
public sealed class LoadedModule
{
    internal LoadedModule(ModuleImage image, string name, InitcallStage stage)
    {
        Image = image;
        Name = name;
        Stage = stage;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>When its Init is called.</summary>
    public InitcallStage Stage { get; }

    /// <summary>The file as the user named it.</summary>
    public string Path => Image.Path;

    /// <summary>Size of the file in bytes.</summary>
    public long FileSize => Image.FileSize;

    /// <summary>How far it has come.</summary>
    public ModuleState State { get; internal set; }

    internal ModuleImage Image { get; }
}
