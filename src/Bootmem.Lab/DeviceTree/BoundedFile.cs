using System;
using System.IO;

namespace Bootmem.Lab;

/// <summary>Reads files whole that may be anything: too long, a directory, a device that never ends.</summary>
internal static class BoundedFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="most">The greatest size in bytes.</param>
    /// <exception cref="MachineFileException">It cannot be read; the message is without the path.</exception>
    public static byte[] Read(string path, int most)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new MachineFileException("found a directory, expected a file");
            }

            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            return Read(stream, most);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MachineFileException("found no such file, expected one", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException)
        {
            throw new MachineFileException("found a file that may not be read, expected a readable one", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            string reason = e.Message.ReplaceLineEndings(" ");
            throw new MachineFileException($"found a file that cannot be read ({reason}), expected a readable one", e);
        }
    }

    /// <summary>Says of a packed file what it is, before its bytes are taken for something else.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">The name that errors show.</param>
    /// <exception cref="MachineFileException">It is packed.</exception>
    public static void RefusePacked(ReadOnlySpan<byte> bytes, string name)
    {
        string? packer = bytes.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) ? "gzip"
            : bytes.StartsWith("BZh"u8) ? "bzip2"
            : bytes.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) ? "xz" : null;
        if (packer is not null)
        {
            throw new MachineFileException($"{name}: found a file packed with {packer}, expected it unpacked");
        }
    }

    // The length that a file says it has can be wrong (/dev, /proc), so it is only a hint.
    private static byte[] Read(FileStream stream, int most)
    {
        long hint = stream.CanSeek ? stream.Length : 0;
        using MemoryStream bytes = new((int)Math.Min(hint, most));
        byte[] part = new byte[1 << 16];
        for (int count = stream.Read(part); count > 0; count = stream.Read(part))
        {
            if (bytes.Length + count > most)
            {
                throw new MachineFileException($"found more than {most} bytes, expected at most that");
            }

            bytes.Write(part, 0, count);
        }

        return bytes.ToArray();
    }
}
