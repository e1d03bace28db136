using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Bootmem.Lab.Scripts;

/// <summary>
/// Scripts in the form in which bare metal runs them: src/Bootmem.Kernel/Scripts reads it. Every number is
/// little-endian, every record begins at a multiple of 8 bytes.
/// </summary>
public static class ScriptBook
{
    /// <summary>"BMSC": the first word.</summary>
    public const uint Magic = 0x4353_4d42;

    /// <summary>Writes scripts one behind the other.</summary>
    /// <param name="scripts">Scripts without bad input.</param>
    public static byte[] Write(IReadOnlyList<ScriptFile> scripts)
    {
        ArgumentNullException.ThrowIfNull(scripts);
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Magic);
        writer.Write(scripts.Count);
        foreach (ScriptFile script in scripts)
        {
            Write(writer, script);
        }

        writer.Flush();
        return stream.ToArray();
    }

    private static void Write(BinaryWriter writer, ScriptFile script)
    {
        byte[] name = Encoding.UTF8.GetBytes(script.Name);
        BootMemoryOptions options = script.Header.ToOptions();
        writer.Write(name.Length);
        writer.Write(script.Steps.Length);
        writer.Write(script.NodeCount);
        writer.Write((byte)options.Version);
        writer.Write((byte)options.Bits);
        writer.Write((byte)options.PageShift);
        writer.Write((byte)options.Search);
        writer.Write(options.CacheLine);
        writer.Write(options.DmaGoal);
        WritePadded(writer, name);
        for (int i = 0; i < script.Steps.Length; i++)
        {
            ScriptStep step = script.Steps[i];
            byte[] expected = Expected(script, i);
            writer.Write((byte)step.Op);
            writer.Write((byte)step.Call);
            writer.Write(checked((ushort)expected.Length));
            writer.Write(step.Line);
            writer.Write(step.Node);
            writer.Write(0);
            writer.Write(step.A);
            writer.Write(step.B);
            writer.Write(step.C);
            writer.Write(step.D);
            WritePadded(writer, expected);
        }
    }

    // The lines that the call prints, then its outcome.
    private static byte[] Expected(ScriptFile script, int index)
    {
        using MemoryStream text = new();
        for (int i = 0; i < script.ExpectedPrintedCount(index); i++)
        {
            text.Write("| "u8);
            text.Write(script.ExpectedPrinted(index, i));
            text.WriteByte((byte)'\n');
        }

        text.Write(script.ExpectedOutcome(index));
        return text.ToArray();
    }

    private static void WritePadded(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes);
        writer.Write(new byte[-bytes.Length & 7]);
    }
}
