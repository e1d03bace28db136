using System;
using System.IO;
using Bootmem.Boot;
using Bootmem.Cli;
using Bootmem.Cli.Shell;
using Bootmem.Lab;

namespace Bootmem.Tests.Shell;

/// <summary>A session at the prompt, its lines from a string.</summary>
internal sealed class ShellRun : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public ShellRun(
        BootStep stop = BootStep.PagingInit,
        KernelVersion version = KernelVersion.V2_6_12,
        string machine = "biscuitos.dts",
        bool isLayoutOnly = false,
        params string[] modules) =>
        Session = new ShellSession(
            () => MachineHost.Load(
                RepositoryRoot.Combine("machines", machine),
                new MachineOptions { Config = BootConfig.Default with { Version = version },
                    IsLayoutOnly = isLayoutOnly }),
            stop, modules, _output, _error);

    public ShellSession Session { get; }

    public MachineHost Host => Session.Host;

    public int Code { get; private set; }

    /// <summary>A session that has done some lines.</summary>
    public static ShellRun Of(BootStep stop, params string[] lines)
    {
        ShellRun run = new(stop);
        run.RunAll(lines);
        return run;
    }

    /// <summary>Boots and does lines, as from a pipe.</summary>
    public void RunAll(params string[] lines)
    {
        using StringReader input = new(string.Join('\n', lines));
        Code = ShellCommand.RunAll(Session, input);
    }

    /// <summary>What one line answers; it must not fail.</summary>
    public string Answer(string line)
    {
        (string answer, string error) = Do(line);
        return error.Length == 0 ? answer : throw new InvalidOperationException(error);
    }

    /// <summary>What one line answers, and what it says is wrong.</summary>
    public (string Answer, string Error) Do(string line)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        Session.Execute(line);
        return (_output.ToString().TrimEnd('\n'), _error.ToString().TrimEnd('\n'));
    }

    /// <summary>What one line says is wrong.</summary>
    public string Error(string line) => Do(line).Error;

    public void Dispose()
    {
        Session.Dispose();
        _output.Dispose();
        _error.Dispose();
    }
}
