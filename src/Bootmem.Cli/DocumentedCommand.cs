using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Bootmem.Cli;

/// <summary>A command whose help ends with more than its options: exit codes and examples.</summary>
internal sealed class DocumentedCommand(string name, string description, string more) : Command(name, description)
{
    /// <summary>What stands at the end of the help.</summary>
    public string More { get; } = more;
}

/// <summary>Shows the program's name and version, whatever else is on the line.</summary>
internal sealed class ShowVersion : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Version? version = typeof(ShowVersion).Assembly.GetName().Version;
        parseResult.InvocationConfiguration.Output.WriteLine($"bootmem {version?.ToString(3)}");
        return CommandLine.Success;
    }
}

/// <summary>The usual help, and behind it what a command has to add.</summary>
internal sealed class ExamplesHelp : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new();

    /// <summary>Help is wanted most where the rest of the line is wrong.</summary>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = _help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is DocumentedCommand command)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(command.More);
        }

        return code;
    }
}
