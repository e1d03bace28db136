using System;
using System.Collections.Generic;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Cli.Shell;

/// <summary>Commands that move the boot, or end it.</summary>
internal static class BootVerbs
{
    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new ShellVerb("boot", "[STAGE]", "boot on, to its end or to a stage", Boot)
        {
            Most = 1,
            Complete = (_, _) => BootCommand.StopNames,
        },
        new ShellVerb("step", "[STAGE]", "take the next step of the boot, or all to a stage", Step)
        {
            Most = 1,
            Complete = (_, _) => BootCommand.StopNames,
        },
        new ShellVerb("reboot", "", "switch the machine off and on", (session, _) => session.PowerOn()),
        new ShellVerb("poweroff", "", "switch the machine off and leave", Leave),
        new ShellVerb("exit", "", "the same", Leave),
        new ShellVerb("quit", "", "the same", Leave),
    ];

    private static void Leave(ShellSession session, ShellLine line) => session.IsOver = true;

    private static void Boot(ShellSession session, ShellLine line)
    {
        BootStep before = session.Host.NextStep;
        session.RunUntil(StageOf(session, line.At(0) ?? "done"));
        Tell(session, before);
    }

    private static void Step(ShellSession session, ShellLine line)
    {
        if (line.At(0) is not null)
        {
            Boot(session, line);
            return;
        }

        BootStep before = session.Host.NextStep;
        if (before == BootStep.Done)
        {
            throw new ShellException("the boot is over: reboot begins another");
        }

        session.RunUntil(before + 1);
        Tell(session, before);
    }

    private static BootStep StageOf(ShellSession session, string name)
    {
        if (!BootCommand.TryStop(name, out BootStep stop))
        {
            throw new ShellException(
                $"found {ShellNumbers.Quote(name)}, expected one of {string.Join(", ", BootCommand.StopNames)}");
        }

        BootStep next = session.Host.NextStep;
        return next == BootStep.Done ? throw new ShellException("the boot is over: reboot begins another")
            : stop >= next ? stop
            : throw new ShellException($"the boot is beyond {name}: {NameOf(next)} comes next");
    }

    private static void Tell(ShellSession session, BootStep before)
    {
        BootStep next = session.Host.NextStep;
        string done = next == before ? "nothing"
            : next == before + 1 ? NameOf(before)
            : $"{NameOf(before)} .. {NameOf(next - 1)}";
        session.Output.WriteLine(next == BootStep.Done
            ? $"=> {done} done; the boot is over" : $"=> {done} done; {NameOf(next)} comes next");
    }

    // BootStep.SetupArch is setup_arch.
    private static string NameOf(BootStep step)
    {
        StringBuilder name = new();
        foreach (char c in Enum.GetName(step) ?? "")
        {
            name.Append(char.IsAsciiLetterUpper(c) && name.Length != 0 ? "_" : "").Append(char.ToLowerInvariant(c));
        }

        return name.ToString();
    }
}
