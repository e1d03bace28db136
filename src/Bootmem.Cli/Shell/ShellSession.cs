using System;
using System.IO;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Cli.Shell;

/// <summary>One session at the prompt: a machine, its modules, and what becomes of each line.</summary>
internal sealed class ShellSession : IDisposable
{
    private const int LevelOfAll = 8;

    private readonly Func<MachineHost> _switchOn;
    private readonly BootStep _stop;
    private readonly string[] _moduleFiles;
    private readonly TextWriter _error;
    private MachineHost? _host;
    private ModuleLoader? _modules;

    /// <summary>A session whose machine is off.</summary>
    /// <param name="switchOn">Gives a machine that has been switched on.</param>
    /// <param name="stop">The step before which its boot stops.</param>
    /// <param name="moduleFiles">Modules that are loaded at every boot.</param>
    /// <param name="output">Where answers and the kernel's log go.</param>
    /// <param name="error">Where errors go; may be the same.</param>
    public ShellSession(
        Func<MachineHost> switchOn, BootStep stop, string[] moduleFiles, TextWriter output, TextWriter error)
    {
        _switchOn = switchOn;
        _stop = stop;
        _moduleFiles = moduleFiles;
        Output = output;
        _error = error;
    }

    /// <summary>Where answers go.</summary>
    public TextWriter Output { get; }

    /// <summary>The machine.</summary>
    public MachineHost Host => _host ?? throw new InvalidOperationException("the machine is off");

    /// <summary>Its modules.</summary>
    public ModuleLoader Modules => _modules ?? throw new InvalidOperationException("the machine is off");

    /// <summary>Lines of the log below this level are shown as they come: 1 .. 8.</summary>
    public int ConsoleLevel { get; set; } = LevelOfAll;

    /// <summary>How many lines could not be done.</summary>
    public int FailedCount { get; private set; }

    /// <summary>Whether the session is over.</summary>
    public bool IsOver { get; set; }

    /// <summary>Why the machine has stopped for good; null if it has not.</summary>
    public string? HaltReason { get; private set; }

    /// <summary>Switches a machine on, in the place of the one before, and boots it.</summary>
    public void PowerOn()
    {
        MachineHost host = _switchOn();
        _modules?.Dispose();
        _host?.Dispose();
        HaltReason = null;
        ConsoleLevel = LevelOfAll;
        _host = host;
        host.Log.LineWritten = line =>
        {
            if (line.Level < ConsoleLevel)
            {
                Output.WriteLine(Terminal.Clean(line.Text));
            }
        };
        _modules = new ModuleLoader(host) { Refused = Fail };
        foreach (string file in _moduleFiles)
        {
            Try("insmod", () => Modules.Insert(file));
        }

        Try("boot", () => RunUntil(_stop));
    }

    /// <summary>Boots on.</summary>
    /// <exception cref="ShellException">The machine has stopped for good, or does so now.</exception>
    public void RunUntil(BootStep stop)
    {
        if (HaltReason is not null)
        {
            throw new ShellException($"the machine has stopped ({HaltReason}): reboot or poweroff");
        }

        try
        {
            Host.RunUntil(stop);
        }
        catch (Exception e) when (e is BootmemException or MachineException or HostMemoryException)
        {
            HaltReason = e.Message;
            throw new ShellException($"{e.Message}; the machine has stopped: reboot or poweroff", e);
        }
    }

    /// <summary>Does one line. Whatever it is, the session goes on.</summary>
    public void Execute(string text)
    {
        ShellLine line;
        try
        {
            line = ShellLine.Parse(text);
        }
        catch (ShellException e)
        {
            Fail($"bootmem: {e.Message}");
            return;
        }

        if (line.IsEmpty)
        {
            return;
        }

        if (ShellTable.Find(line.Name) is not { } verb)
        {
            string name = ShellNumbers.Quote(line.Name)[1..^1];
            Fail($"bootmem: {name}: not found; help shows the commands");
            return;
        }

        Try(verb.Name, () =>
        {
            if (line.Count < verb.Least || line.Count > verb.Most)
            {
                string expected = verb.Arguments.Length == 0 ? "none" : verb.Arguments;
                throw new ShellException(
                    $"found {line.Count} {(line.Count == 1 ? "value" : "values")}, expected {expected}");
            }

            verb.Run(this, line);
        });
    }

    /// <summary>Says, as an answer, what went wrong, and counts it.</summary>
    public void FailAsAnswer(string answer)
    {
        FailedCount++;
        Output.WriteLine(Terminal.Clean(answer));
    }

    /// <summary>Lets go of the machine.</summary>
    public void Dispose()
    {
        _modules?.Dispose();
        _host?.Dispose();
    }

    private void Fail(string message)
    {
        FailedCount++;
        Output.Flush();
        _error.WriteLine(Terminal.Clean(message));
        _error.Flush();
    }

    private void Try(string name, Action run)
    {
        try
        {
            run();
        }
        catch (ModuleException e)
        {
            // It names the command itself.
            Fail(e.Message);
        }
        catch (Exception e) when (e is ShellException or MachineException or MachineFileException
            or HostMemoryException or BootmemException)
        {
            Fail($"{name}: {e.Message}");
        }
    }
}
