using System;

namespace Bootmem.Lab;

/// <summary>The kernel would have stopped: BUG(), panic(), or what it does not define. No state has changed.</summary>
public sealed class BootmemException : Exception
{
    /// <summary>Without a fault.</summary>
    public BootmemException()
    {
    }

    /// <summary>With a message only.</summary>
    /// <param name="message">What happened.</param>
    public BootmemException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public BootmemException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Of a fault.</summary>
    /// <param name="fault">The fault.</param>
    public BootmemException(in Fault fault)
        : base(LogBuffer.Describe(fault.Describe)) => Fault = fault;

    /// <summary>The fault: call, node, page and reason.</summary>
    public Fault Fault { get; }

    /// <summary>A handler that throws this exception.</summary>
    public static unsafe FaultHandler Handler => new() { Raise = &Throw };

    private static unsafe void Throw(void* context, in Fault fault) => throw new BootmemException(fault);
}
