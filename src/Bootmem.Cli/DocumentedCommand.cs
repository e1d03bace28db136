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
