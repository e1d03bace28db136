using System;

namespace Bootmem.Boot;

/// <summary>Why a machine cannot be booted.</summary>
public enum BootErrorKind : byte
{
    /// <summary>It can.</summary>
    None,

    /// <summary>An option of the command line has no number where it must have one.</summary>
    BadOption,

    /// <summary>There is no RAM of at least one page.</summary>
    NoMemory,

    /// <summary>There are more banks than there is room for.</summary>
    TooManyBanks,

    /// <summary>A bank reaches beyond what the machine's addresses can say.</summary>
    BankBeyondAddresses,

    /// <summary>Two banks share bytes.</summary>
    BanksOverlap,

    /// <summary>The pages of two nodes interleave.</summary>
    NodesInterleave,

    /// <summary>A bank belongs to a node that the kernel has no room for.</summary>
    TooManyNodes,

    /// <summary>A node spans more pages than a memory map can have entries.</summary>
    NodeTooLarge,

    /// <summary>The first node has no RAM: the kernel image and the bitmap have no place.</summary>
    FirstNodeEmpty,

    /// <summary>The kernel image does not lie in the first node's RAM.</summary>
    ImageOutsideMemory,

    /// <summary>The init section, which is freed at the end of the boot, does not lie in the kernel image.</summary>
    InitOutsideImage,

    /// <summary>No bank of the first node has room for the bitmap behind the kernel image: the kernel's
    /// BUG().</summary>
    NoRoomForBitmap,

    /// <summary>The zones of the private memory manager are not what its range holds.</summary>
    ZonesDoNotFit,

    /// <summary>PAGE_OFFSET lies beyond what the machine's addresses can say.</summary>
    PageOffsetBeyondAddresses,

    /// <summary>NR_CPUS is not a number of CPUs that the page allocator has lists for.</summary>
    BadCpuCount,
}

/// <summary>Why a machine cannot be booted, with the numbers that say where.</summary>
public unsafe struct BootError
{
    /// <summary>Why.</summary>
    public BootErrorKind Kind;

    /// <summary>Where: a position in the command line, a bank's number, or a node's.</summary>
    public int Index;

    /// <summary>What was found: an address, or a count.</summary>
    public ulong Found;

    /// <summary>What was expected, or the other of two.</summary>
    public ulong Expected;

    // Of a bad option: the word of the command line that it stands in, cut to what fits into a line.
    private byte* _word;
    private int _wordLength;

    /// <summary>Notes an error.</summary>
    /// <returns>false, so that a step can end with it.</returns>
    internal bool Set(BootErrorKind kind, int index, ulong found = 0, ulong expected = 0)
    {
        Kind = kind;
        Index = index;
        Found = found;
        Expected = expected;
        return false;
    }

    /// <summary>Finds the word that a bad option stands in. The command line must stay as long as this error.</summary>
    /// <param name="info">What the firmware told.</param>
    internal void FindWord(in BootInfo info)
    {
        const int MostShown = 60;
        int start = Index < info.CommandLineLength ? Index : info.CommandLineLength;
        int end = start;
        while (start > 0 && info.CommandLine[start - 1] != ' ')
        {
            start--;
        }

        while (end < info.CommandLineLength && info.CommandLine[end] != ' ')
        {
            end++;
        }

        _word = info.CommandLine + start;
        _wordLength = end - start < MostShown ? end - start : MostShown;
    }

    /// <summary>Writes the error as one line without its end.</summary>
    /// <param name="log">Where to.</param>
    public readonly void Describe(Log log)
    {
        ulong index = (ulong)Index;
        switch (Kind)
        {
            case BootErrorKind.BadOption:
                log.Text("command line, character "u8).Decimal(index + 1)
                    .Text(": expected a number such as 64M or 0x70000000 behind the option, found '"u8)
                    .Text(new ReadOnlySpan<byte>(_word, _wordLength)).Text("'"u8);
                break;
            case BootErrorKind.NoMemory:
                log.Text("no RAM: expected at least one bank with a whole page"u8);
                break;
            case BootErrorKind.TooManyBanks:
                log.Text("too many banks: expected at most "u8).Decimal(Expected);
                break;
            case BootErrorKind.BankBeyondAddresses:
                log.Text("bank "u8).Decimal(index).Text(" begins at 0x"u8).Hex(Found)
                    .Text(" and reaches beyond the machine's addresses: expected an end of at most 0x"u8).Hex(Expected);
                break;
            case BootErrorKind.BanksOverlap:
                log.Text("bank "u8).Decimal(index).Text(" at 0x"u8).Hex(Found)
                    .Text(" overlaps the bank before it: expected a start of at least 0x"u8).Hex(Expected);
                break;
            case BootErrorKind.NodesInterleave:
                log.Text("node "u8).Decimal(index).Text(" begins at page 0x"u8).Hex(Found)
                    .Text(", inside another node that ends at page 0x"u8).Hex(Expected)
                    .Text(": expected nodes whose pages do not interleave"u8);
                break;
            case BootErrorKind.TooManyNodes:
                log.Text("bank of node "u8).Decimal(Found).Text(": expected a node below "u8).Decimal(Expected);
                break;
            case BootErrorKind.NodeTooLarge:
                log.Text("node "u8).Decimal(index).Text(" spans 0x"u8).Hex(Found)
                    .Text(" pages, holes included: expected at most 0x"u8).Hex(Expected);
                break;
            case BootErrorKind.FirstNodeEmpty:
                log.Text("node 0 has no RAM: expected RAM there for the kernel image and the bitmap"u8);
                break;
            case BootErrorKind.ImageOutsideMemory:
                log.Text("the kernel image begins at 0x"u8).Hex(Found)
                    .Text(" and ends at 0x"u8).Hex(Expected).Text(": expected it in the RAM of node 0"u8);
                break;
            case BootErrorKind.InitOutsideImage:
                log.Text("the kernel's init section begins at 0x"u8).Hex(Found)
                    .Text(": expected it inside the image, which begins at 0x"u8).Hex(Expected);
                break;
            case BootErrorKind.NoRoomForBitmap:
                log.Text("no bank of node 0 has room for a bitmap of "u8).Decimal(Found)
                    .Text(" pages behind the kernel image, from page 0x"u8).Hex(Expected).Text(" on"u8);
                break;
            case BootErrorKind.ZonesDoNotFit:
                log.Text("the private memory manager's zones take 0x"u8).Hex(Found)
                    .Text(" bytes: expected whole pages, at least one, inside the 0x"u8).Hex(Expected)
                    .Text(" bytes of its range"u8);
                break;
            case BootErrorKind.PageOffsetBeyondAddresses:
                log.Text("PAGE_OFFSET: found 0x"u8).Hex(Found)
                    .Text(", expected an address of at most 0x"u8).Hex(Expected);
                break;
            case BootErrorKind.BadCpuCount:
                log.Text("NR_CPUS: found "u8).Signed(Index).Text(", expected 1 .. "u8).Decimal(Expected);
                break;
            default:
                log.Text("no error"u8);
                break;
        }
    }
}
