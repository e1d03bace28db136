using System;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>
/// A module: code in an assembly of its own that is loaded into a machine. The assembly holds exactly one public class
/// that derives from this one and can be made without arguments. It runs in this process, with all rights: load only
/// modules that you trust.
/// </summary>
public abstract class BootmemModule
{
    /// <summary>The name that <c>lsmod</c> shows and <c>rmmod</c> takes: 1 to 64 letters, digits, <c>_</c> or
    /// <c>-</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the module does, in a few words.</summary>
    public virtual string Description => "";

    /// <summary>
    /// When the boot calls <see cref="Init"/>: behind the built-in initcalls of this stage. Without a word, behind the
    /// boot. Modules of the stages bootmem and percpu run while bootmem lives.
    /// </summary>
    public virtual InitcallStage Stage => InitcallStage.Login;

    /// <summary>
    /// Called once when the module is loaded: module_init(). What it takes from bootmem belongs to
    /// <see cref="Owner.Module"/>.
    /// </summary>
    /// <param name="host">The machine.</param>
    /// <returns>0; any other number, or an exception, refuses: the module is unloaded again.</returns>
    public abstract int Init(MachineHost host);

    /// <summary>Called once before the module is unloaded: module_exit(). It gives back what the module took.</summary>
    /// <param name="host">The machine.</param>
    public virtual void Exit(MachineHost host) => ArgumentNullException.ThrowIfNull(host);
}
