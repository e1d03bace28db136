using System;

namespace Bootmem.Boot;

/// <content>The words of each error: before what was found, between that and what was expected, and after it.</content>
public unsafe partial struct FirmwareError
{
    private static bool IsHex(FirmwareErrorKind kind) => kind
        is FirmwareErrorKind.BadMagic
        or FirmwareErrorKind.BlockOutside
        or FirmwareErrorKind.BadToken
        or FirmwareErrorKind.UnexpectedToken
        or FirmwareErrorKind.NameOutside
        or FirmwareErrorKind.RangeWraps
        or FirmwareErrorKind.InitrdBackwards
        or FirmwareErrorKind.NoSuchPhandle
        or FirmwareErrorKind.BadZones
        or FirmwareErrorKind.NoCoreTag;

    private static bool HasFound(FirmwareErrorKind kind) => kind
        is not FirmwareErrorKind.ReserveMapOpen
        and not FirmwareErrorKind.PropertyAfterChild
        and not FirmwareErrorKind.EmptyName
        and not FirmwareErrorKind.MissingProperty
        and not FirmwareErrorKind.TooManyBanks
        and not FirmwareErrorKind.TooManyReservations
        and not FirmwareErrorKind.TooManyTags
        and not FirmwareErrorKind.SecondPrivate;

    private static bool HasExpected(FirmwareErrorKind kind) => kind
        is not FirmwareErrorKind.ReserveMapOpen
        and not FirmwareErrorKind.StructureEndsEarly
        and not FirmwareErrorKind.BadToken
        and not FirmwareErrorKind.PropertyAfterChild
        and not FirmwareErrorKind.EmptyName
        and not FirmwareErrorKind.BadCellCount
        and not FirmwareErrorKind.BadNumberLength
        and not FirmwareErrorKind.BadPairLength
        and not FirmwareErrorKind.MissingProperty
        and not FirmwareErrorKind.NoSuchPhandle
        and not FirmwareErrorKind.SecondPrivate
        and not FirmwareErrorKind.TagListOpen;

    private static ReadOnlySpan<byte> Before(FirmwareErrorKind kind) => kind switch
    {
        FirmwareErrorKind.None => "nothing is wrong: "u8,
        FirmwareErrorKind.DataTooShort => "the data has "u8,
        FirmwareErrorKind.BadMagic => "the magic number is "u8,
        FirmwareErrorKind.VersionTooOld => "the blob's version is "u8,
        FirmwareErrorKind.VersionTooNew => "the blob needs a reader of version "u8,
        FirmwareErrorKind.VersionsCross => "the last compatible version is "u8,
        FirmwareErrorKind.SizeBeyondData or FirmwareErrorKind.BlobTooLarge => "the blob's size is "u8,
        FirmwareErrorKind.BlockOutside => "a block reaches to "u8,
        FirmwareErrorKind.BlockMisaligned => "a block begins at byte "u8,
        FirmwareErrorKind.ReserveMapOpen => "the reserve map does not end, expected an entry of zeros"u8,
        FirmwareErrorKind.StructureEndsEarly => "the structure block ends here with "u8,
        FirmwareErrorKind.BadToken or FirmwareErrorKind.UnexpectedToken => "the token is "u8,
        FirmwareErrorKind.NameTooLong => "a name does not end within "u8,
        FirmwareErrorKind.NameOutside => "a property's name stands in the strings at "u8,
        FirmwareErrorKind.PropertyOutside => "a property has "u8,
        FirmwareErrorKind.PropertyAfterChild => "a property stands after a child, expected all properties first"u8,
        FirmwareErrorKind.EmptyName => "a child has no name, expected one"u8,
        FirmwareErrorKind.TooDeep => "the depth of a node is "u8,
        FirmwareErrorKind.BadCellCount or FirmwareErrorKind.NodeIdTooGreat => "is "u8,
        FirmwareErrorKind.BadCellLength or FirmwareErrorKind.BadNumberLength => "has "u8,
        FirmwareErrorKind.BadPairLength or FirmwareErrorKind.BadRangeLength => "has "u8,
        FirmwareErrorKind.MissingProperty => "is missing, expected it here"u8,
        FirmwareErrorKind.RangeWraps => "has a range at "u8,
        FirmwareErrorKind.InitrdBackwards => "is "u8,
        FirmwareErrorKind.TooManyBanks => "there are too many banks, expected at most "u8,
        FirmwareErrorKind.TooManyReservations => "there are too many reservations, expected at most "u8,
        FirmwareErrorKind.NoSuchPhandle => "is "u8,
        FirmwareErrorKind.SecondPrivate => "there is a second BiscuitOS,Memory-Manager, expected one"u8,
        FirmwareErrorKind.BadZones => "the zones take "u8,
        FirmwareErrorKind.NoCoreTag => "the first tag is "u8,
        FirmwareErrorKind.TagTooShort or FirmwareErrorKind.TagOutside => "a tag has "u8,
        FirmwareErrorKind.TagListOpen => "the list of tags ends here with "u8,
        _ => "there are too many unknown tags, expected at most "u8,
    };

    private static ReadOnlySpan<byte> Between(FirmwareErrorKind kind) => kind switch
    {
        FirmwareErrorKind.DataTooShort => " bytes, expected at least "u8,
        FirmwareErrorKind.BadMagic or FirmwareErrorKind.UnexpectedToken => ", expected "u8,
        FirmwareErrorKind.VersionTooOld => ", expected "u8,
        FirmwareErrorKind.VersionTooNew or FirmwareErrorKind.BlockOutside => ", expected at most "u8,
        FirmwareErrorKind.VersionsCross => ", expected at most the version, "u8,
        FirmwareErrorKind.SizeBeyondData => " bytes, expected at most the data's "u8,
        FirmwareErrorKind.BlobTooLarge => " bytes, expected at most "u8,
        FirmwareErrorKind.BlockMisaligned => ", expected a multiple of "u8,
        FirmwareErrorKind.StructureEndsEarly => " bytes left, expected a whole token and FDT_END last"u8,
        FirmwareErrorKind.BadToken => ", expected 1, 2, 3, 4 or 9"u8,
        FirmwareErrorKind.NameTooLong => " bytes, expected at most "u8,
        FirmwareErrorKind.NameOutside => ", expected less than "u8,
        FirmwareErrorKind.PropertyOutside => " bytes, expected at most the "u8,
        FirmwareErrorKind.TooDeep => ", expected at most "u8,
        FirmwareErrorKind.BadCellCount => ", expected 1 or 2"u8,
        FirmwareErrorKind.BadCellLength => " bytes, expected "u8,
        FirmwareErrorKind.BadNumberLength => " bytes, expected 4 or 8"u8,
        FirmwareErrorKind.BadPairLength => " bytes, expected 8 or 16"u8,
        FirmwareErrorKind.BadRangeLength => " bytes, expected a multiple of "u8,
        FirmwareErrorKind.RangeWraps => " with size "u8,
        FirmwareErrorKind.InitrdBackwards => ", expected at least the start, "u8,
        FirmwareErrorKind.NodeIdTooGreat => ", expected less than "u8,
        FirmwareErrorKind.NoSuchPhandle => ", expected the phandle of a node with reg"u8,
        FirmwareErrorKind.BadZones => " bytes, expected at least a byte and at most the range's "u8,
        FirmwareErrorKind.NoCoreTag => ", expected ATAG_CORE, "u8,
        FirmwareErrorKind.TagTooShort => " words, expected at least "u8,
        FirmwareErrorKind.TagOutside => " words, expected at most the "u8,
        FirmwareErrorKind.TagListOpen => " bytes left, expected ATAG_NONE last"u8,
        _ => ""u8,
    };

    private static ReadOnlySpan<byte> After(FirmwareErrorKind kind) => kind switch
    {
        FirmwareErrorKind.DataTooShort => " of them"u8,
        FirmwareErrorKind.VersionTooOld => " or later"u8,
        FirmwareErrorKind.PropertyOutside or FirmwareErrorKind.TagOutside => " that are left"u8,
        FirmwareErrorKind.RangeWraps => ", expected an end that is an address"u8,
        _ => ""u8,
    };
}
