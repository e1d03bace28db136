using System;

namespace Bootmem.Boot;

/// <summary>Why the firmware's data was refused: what is wrong, where, what was found, what was expected.</summary>
public unsafe partial struct FirmwareError
{
    /// <summary>What is wrong.</summary>
    public FirmwareErrorKind Kind;

    /// <summary>Where in the data, in bytes from its first byte.</summary>
    public ulong Offset;

    /// <summary>The number that was found, where there is one.</summary>
    public ulong Found;

    /// <summary>The number that was expected, or a bound of it, where there is one.</summary>
    public ulong Expected;

    /// <summary>The property at fault, if it is one in particular.</summary>
    public FdtName Name;

    /// <summary>The blob, for the node's path; without bytes where the data is no blob.</summary>
    public FdtBlob Blob;

    /// <summary>Offset of the node at fault in the blob, in bytes; 0 if it is none in particular.</summary>
    public uint Node;

    /// <summary>Whether something is wrong.</summary>
    public readonly bool IsSet => Kind != FirmwareErrorKind.None;

    /// <summary>
    /// Notes an error and returns false, so that a reader can write <c>return error.Set(…)</c>. The first one counts.
    /// </summary>
    internal bool Set(FirmwareErrorKind kind, ulong offset, ulong found = 0, ulong expected = 0)
    {
        if (Kind == FirmwareErrorKind.None)
        {
            Kind = kind;
            Offset = offset;
            Found = found;
            Expected = expected;
        }

        return false;
    }

    /// <summary>Notes where in a blob an error lies, and returns false.</summary>
    internal bool At(in FdtBlob blob, uint node, FdtName name = FdtName.None)
    {
        Blob = blob;
        Node = node;
        Name = name;
        return false;
    }

    /// <summary>
    /// Writes the error as one line without its end:
    /// <c>offset 0x48: /memory@0: reg has 12 bytes, expected a multiple of 8</c>.
    /// </summary>
    /// <param name="log">Where to.</param>
    public readonly void Describe(Log log)
    {
        log.Text("offset 0x"u8).Hex(Offset).Text(": "u8);
        DescribeWhat(log);
    }

    /// <summary>Writes the same without the offset, for those who know a better word for the place.</summary>
    /// <param name="log">Where to.</param>
    public readonly void DescribeWhat(Log log)
    {
        if (Node != 0)
        {
            Blob.DescribePath(Node, log);
            log.Text(": "u8);
        }

        if (Name != FdtName.None)
        {
            log.Text(FdtNames.Text(Name)).Text(" "u8);
        }

        log.Text(Before(Kind));
        if (HasFound(Kind))
        {
            Number(log, Found);
        }

        log.Text(Between(Kind));
        if (HasExpected(Kind))
        {
            Number(log, Expected);
        }

        log.Text(After(Kind));
    }

    private readonly void Number(Log log, ulong number)
    {
        if (IsHex(Kind))
        {
            log.Text("0x"u8).Hex(number);
        }
        else
        {
            log.Decimal(number);
        }
    }
}
