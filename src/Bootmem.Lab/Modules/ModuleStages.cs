using System;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>Where in the boot the stages of modules lie.</summary>
public static class ModuleStages
{
    /// <summary>The step of the boot that calls the initcalls of a stage; modules come behind them.</summary>
    /// <param name="stage">A stage.</param>
    public static BootStep StepOf(InitcallStage stage) => stage switch
    {
        InitcallStage.Bootmem => BootStep.BootmemInitcalls,
        InitcallStage.Percpu => BootStep.PercpuInitcalls,
        InitcallStage.Buddy => BootStep.BuddyInitcalls,
        InitcallStage.Login => BootStep.LoginInitcalls,
        _ => BootStep.LateInitcalls,
    };

    /// <summary>A stage's name.</summary>
    /// <param name="stage">A stage.</param>
    public static string NameOf(InitcallStage stage) => Encoding.ASCII.GetString(InitcallStages.Name(stage));

    /// <summary>Whether a machine has come to a stage.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="stage">A stage.</param>
    public static bool IsReached(MachineHost host, InitcallStage stage)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.NextStep > StepOf(stage);
    }

    /// <summary>Whether a stage is over for good: it wants bootmem, and bootmem is gone.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="stage">A stage.</param>
    public static bool IsOver(MachineHost host, InitcallStage stage)
    {
        ArgumentNullException.ThrowIfNull(host);
        return stage < InitcallStage.Buddy && host.HasPages;
    }
}
