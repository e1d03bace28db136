using System;

namespace Bootmem.Cli.Shell;

/// <summary>A line at the prompt cannot be done. The message is one line, without the command's name.</summary>
internal sealed class ShellException : Exception
{
    public ShellException()
    {
    }

    public ShellException(string message)
        : base(message)
    {
    }

    public ShellException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
