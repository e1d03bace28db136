using System;

namespace Bootmem.Lab;

/// <summary>
/// A machine file cannot be used. The message is one line: <c>FILE: offset 0x..: …</c> for binary files,
/// <c>FILE:LINE:COLUMN: …</c> for sources; it says what was found and what was expected.
/// </summary>
public sealed class MachineFileException : Exception
{
    /// <summary>An exception without a message.</summary>
    public MachineFileException()
    {
    }

    /// <summary>An exception with its line.</summary>
    /// <param name="message">The line.</param>
    public MachineFileException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with its line and what caused it.</summary>
    /// <param name="message">The line.</param>
    /// <param name="innerException">What caused it.</param>
    public MachineFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
