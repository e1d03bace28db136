using System;
using System.Globalization;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Recordings;

/// <summary>Records a script: runs it, and keeps what each call did.</summary>
public static class ScriptRecorder
{
    /// <summary>Runs a script and records it.</summary>
    /// <param name="script">The script.</param>
    /// <param name="version">The kernel that runs it in place of its own; null for its own.</param>
    /// <param name="progress">Is told how many of how many calls were made; null: nobody.</param>
    /// <exception cref="MachineException">The kernel has not every call of the script, or a bitmap is too large.</exception>
    public static Recording Record(
        ScriptFile script, KernelVersion? version = null, IProgress<(int Done, int Count)>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(script);
        ScriptHeader header = script.Header with { Version = version ?? script.Header.Version };
        if (script.CheckKernel(header.Version) is ScriptError error)
        {
            throw new MachineException(error.ToString());
        }

        using StepRecorder recorder = new(script, header, new PageMap(), isBoot: false, placeOf: null);
        for (int i = 0; i < script.Steps.Length; i++)
        {
            progress?.Report((i, script.Steps.Length));
            if (!recorder.Next(string.Create(CultureInfo.InvariantCulture, $"line {script.Steps[i].Line}"), owner: null))
            {
                break;
            }
        }

        if (recorder.Refusal is string refusal)
        {
            throw new MachineException(refusal);
        }

        return new Recording
        {
            Title = System.IO.Path.GetFileName(script.Name),
            Kernel = header.KernelName,
            Bits = header.Bits,
            PageShift = header.PageShift,
            Nodes = recorder.Nodes,
            Owners = recorder.Owners.Names,
            Steps = recorder.Steps,
        };
    }
}
