using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.IO.Hashing;
using System.Linq;

namespace Bootmem.Lab.Recordings;

/// <summary>
/// A recording as a file: a magic word, a version, numbers as varints, text as UTF-8, a checksum. docs/recording.md has
/// the format.
/// </summary>
public static class RecordingFile
{
    /// <summary>What every recording begins with.</summary>
    public const string Magic = "BOOTREC\n";

    /// <summary>The version of the format that is written and read.</summary>
    public const int Version = 1;

    /// <summary>The most bytes a recording can have.</summary>
    public const int MaxBytes = 256 << 20;

    /// <summary>The most changes that all calls of a recording can have. To draw a file takes time by their square, in
    /// the worst case.</summary>
    public const int MostChanges = 1 << 18;

    private const int ChecksumBytes = 4;
    private const int MostBanks = 1 << 12;
    private const int MostZones = 4 * BootMemory.MaxNodes;
    private const int MostOwners = 1 << 16;

    /// <summary>Whether bytes begin as a recording does.</summary>
    /// <param name="bytes">The beginning of a file.</param>
    public static bool IsRecording(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(System.Text.Encoding.ASCII.GetBytes(Magic));

    /// <summary>A recording as bytes.</summary>
    /// <param name="recording">The recording.</param>
    public static byte[] Write(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        RecordingWriter writer = new();
        writer.Bytes(System.Text.Encoding.ASCII.GetBytes(Magic));
        writer.Number(Version);
        writer.Text(recording.Title);
        writer.Text(recording.Kernel);
        writer.Number((ulong)recording.Bits);
        writer.Number((ulong)recording.PageShift);
        writer.Number(recording.IsBoot ? 1UL : 0);
        writer.List(recording.Banks, bank => writer.Numbers(bank.Start, bank.Size, (ulong)bank.Node));
        writer.List(recording.Nodes, node => writer.Numbers((ulong)node.Node, node.StartPfn, node.EndPfn));
        writer.List(recording.Zones, zone =>
        {
            writer.Numbers((ulong)zone.Node, zone.StartPfn, zone.EndPfn);
            writer.Text(zone.Name);
        });
        writer.List(recording.Owners, writer.Text);
        writer.List(recording.Steps, writer.Step);
        byte[] body = writer.ToArray();
        return [.. body, .. Crc32.Hash(body)];
    }

    /// <summary>Reads a recording.</summary>
    /// <param name="name">The file's name, for the error.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="recording">The recording, if it is one.</param>
    /// <param name="error">What is wrong, if it is not.</param>
    public static bool TryRead(
        string name, byte[] bytes, [NotNullWhen(true)] out Recording? recording, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        recording = null;
        error = null;
        try
        {
            recording = Read(bytes);
            return true;
        }
        catch (InvalidDataException e)
        {
            error = $"{name}: {e.Message}";
            return false;
        }
    }

    private static Recording Read(byte[] bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            throw new InvalidDataException($"found {bytes.Length} bytes, expected at most {MaxBytes}");
        }

        if (!IsRecording(bytes))
        {
            throw new InvalidDataException("found other bytes at its beginning, expected a recording");
        }

        if (bytes.Length < Magic.Length + ChecksumBytes)
        {
            throw new InvalidDataException($"found the end of the file at byte {bytes.Length}, expected a checksum");
        }

        byte[] body = bytes[..^ChecksumBytes];
        RecordingReader reader = new(body, Magic.Length);
        ulong version = reader.Number("version", 0, uint.MaxValue);
        if (version != Version)
        {
            throw new InvalidDataException($"found version {version} of the format, expected {Version}");
        }

        if (!Crc32.Hash(body).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - ChecksumBytes)))
        {
            throw new InvalidDataException("found a wrong checksum, expected that of the bytes before it");
        }

        Recording recording = new()
        {
            Title = reader.Text("title"),
            Kernel = reader.Text("kernel"),
            Bits = (int)reader.Number("bits", 32, 64),
            PageShift = (int)reader.Number("page shift", 6, 24),
            IsBoot = reader.Number("kind", 0, 1) == 1,
            Banks = reader.List("banks", 3, _ => ReadBank(reader), MostBanks),
            Nodes = reader.List("nodes", 3, _ => ReadNode(reader), BootMemory.MaxNodes),
            Zones = reader.List("zones", 4, _ => ReadZone(reader), MostZones),
            Owners = reader.List("owners", 1, _ => reader.Text("owner"), MostOwners),
        };
        if (recording.Owners.Count == 0)
        {
            throw new InvalidDataException("found no owner, expected the first one, which is nobody");
        }

        recording = recording with { Steps = reader.List("calls", 11, _ => reader.Step(recording.Owners.Count)) };
        reader.ExpectEnd();
        return recording;
    }

    private static RecordedBank ReadBank(RecordingReader reader)
    {
        ulong start = reader.Number("bank", 0, ulong.MaxValue >> 1);
        return new RecordedBank(start, reader.Number("size", 0, ulong.MaxValue >> 1), reader.NodeNumber());
    }

    private static RecordedNode ReadNode(RecordingReader reader)
    {
        int node = reader.NodeNumber();
        (ulong start, ulong end) = reader.Pages();
        return new RecordedNode(node, start, end);
    }

    private static RecordedZone ReadZone(RecordingReader reader)
    {
        int node = reader.NodeNumber();
        (ulong start, ulong end) = reader.Pages();
        return new RecordedZone(node, reader.Text("zone"), start, end);
    }
}
