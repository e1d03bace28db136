using System;
using System.IO;

namespace Bootmem.Lab;

/// <summary>
/// Compiles device tree source to a blob, so that a <c>.dts</c> goes the same way as a <c>.dtb</c>. It takes the
/// language of <c>dtc</c> but for overlays (<c>/plugin/</c>) and the C preprocessor, which is a program of its own.
/// Unlike <c>dtc</c> it does not judge the tree: a node that stands twice in one body is merged, and there are no
/// warnings.
/// </summary>
public static class DtsCompiler
{
    /// <summary>Compiles a source.</summary>
    /// <param name="text">The source, in UTF-8.</param>
    /// <param name="name">The name that errors show.</param>
    /// <param name="path">Where the source is: includes are looked up in its folder. Null: in the current one.</param>
    /// <returns>A blob of version 17.</returns>
    /// <exception cref="MachineFileException">The source cannot be compiled; the message names the place.</exception>
    public static byte[] Compile(byte[] text, string name, string? path = null) =>
        Compile(text, name, path, out _);

    /// <summary>Compiles a source, and gives the tree too: it knows where each thing stands.</summary>
    internal static byte[] Compile(byte[] text, string name, string? path, out DtsTree tree)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > DtsLimits.SourceBytes)
        {
            throw new MachineFileException(
                $"{name}: found {text.Length} bytes of source, expected at most {DtsLimits.SourceBytes}");
        }

        string fullPath = path is null ? Path.Join(Environment.CurrentDirectory, "source") : Path.GetFullPath(path);
        tree = DtsParser.Parse(new DtsSource(name, fullPath, text));
        DtsResolver.Resolve(tree);
        byte[] blob = DtbWriter.Write(tree);
        return blob.Length <= DtsLimits.OutputBytes
            ? blob
            : throw new MachineFileException(
                $"{name}: found a blob of {blob.Length} bytes, expected at most {DtsLimits.OutputBytes}");
    }
}
