namespace Bootmem.Boot;

/// <summary>What is wrong with the firmware's data.</summary>
public enum FirmwareErrorKind : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The data is shorter than its header.</summary>
    DataTooShort,

    /// <summary>It is no device tree blob.</summary>
    BadMagic,

    /// <summary>The blob is older than version 16.</summary>
    VersionTooOld,

    /// <summary>The blob can only be read by readers of a version after 17.</summary>
    VersionTooNew,

    /// <summary>The last compatible version is after the version.</summary>
    VersionsCross,

    /// <summary>The blob says that it is longer than the data.</summary>
    SizeBeyondData,

    /// <summary>The blob is longer than a reader takes.</summary>
    BlobTooLarge,

    /// <summary>A block of the blob reaches beyond the blob.</summary>
    BlockOutside,

    /// <summary>A block of the blob begins at a place that is not aligned.</summary>
    BlockMisaligned,

    /// <summary>The reserve map has no closing entry.</summary>
    ReserveMapOpen,

    /// <summary>The structure block ends before FDT_END.</summary>
    StructureEndsEarly,

    /// <summary>A token that no version has.</summary>
    BadToken,

    /// <summary>A token in a place where it cannot be.</summary>
    UnexpectedToken,

    /// <summary>A name without an end, or too long a one.</summary>
    NameTooLong,

    /// <summary>A property's name lies outside the strings block.</summary>
    NameOutside,

    /// <summary>A property's value reaches beyond the structure block.</summary>
    PropertyOutside,

    /// <summary>A property stands after a child node.</summary>
    PropertyAfterChild,

    /// <summary>A node other than the root has no name.</summary>
    EmptyName,

    /// <summary>Nodes are nested too deeply.</summary>
    TooDeep,

    /// <summary><c>#address-cells</c> or <c>#size-cells</c> is neither 1 nor 2.</summary>
    BadCellCount,

    /// <summary>A property that holds one cell has another length.</summary>
    BadCellLength,

    /// <summary>A property that holds one number has neither one nor two cells.</summary>
    BadNumberLength,

    /// <summary>A property that holds a start and a size has neither two nor four cells.</summary>
    BadPairLength,

    /// <summary>A list of ranges ends within a range.</summary>
    BadRangeLength,

    /// <summary>A property is missing.</summary>
    MissingProperty,

    /// <summary>A range reaches beyond the last address.</summary>
    RangeWraps,

    /// <summary>The INITRD ends before it starts.</summary>
    InitrdBackwards,

    /// <summary>A NUMA node's number is too great.</summary>
    NodeIdTooGreat,

    /// <summary>There are more banks than there is room for.</summary>
    TooManyBanks,

    /// <summary>There are more reservations than there is room for.</summary>
    TooManyReservations,

    /// <summary>A phandle that no node has.</summary>
    NoSuchPhandle,

    /// <summary>There is a second node of the private memory manager.</summary>
    SecondPrivate,

    /// <summary>The private memory manager's zones do not fit its range, or there are none.</summary>
    BadZones,

    /// <summary>The first tag of a list is not ATAG_CORE.</summary>
    NoCoreTag,

    /// <summary>A tag is shorter than its kind.</summary>
    TagTooShort,

    /// <summary>A tag reaches beyond the data.</summary>
    TagOutside,

    /// <summary>The list of tags has no end.</summary>
    TagListOpen,

    /// <summary>There are more unknown tags than there is room for.</summary>
    TooManyTags,
}
