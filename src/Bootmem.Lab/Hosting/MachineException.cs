using System;

namespace Bootmem.Lab;

/// <summary>A machine cannot be booted, or has not what is asked for. The message is for the user.</summary>
public sealed class MachineException : Exception
{
    /// <summary>Without a message.</summary>
    public MachineException()
    {
    }

    /// <summary>With a message for the user.</summary>
    /// <param name="message">What is wrong.</param>
    public MachineException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for the user and a cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Why.</param>
    public MachineException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
