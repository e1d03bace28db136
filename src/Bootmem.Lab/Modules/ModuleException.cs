using System;

namespace Bootmem.Lab;

/// <summary>A module cannot be loaded or unloaded. The message is one line for the user.</summary>
public sealed class ModuleException : Exception
{
    /// <summary>Without a message.</summary>
    public ModuleException()
    {
    }

    /// <summary>With a message for the user.</summary>
    /// <param name="message">What is wrong.</param>
    public ModuleException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for the user and a cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Why.</param>
    public ModuleException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
