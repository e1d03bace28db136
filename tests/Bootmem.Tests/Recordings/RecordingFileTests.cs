using System;
using System.IO;
using System.IO.Hashing;
using System.Linq;
using Bootmem.Cli;
using Bootmem.Lab.Recordings;
using Xunit;

namespace Bootmem.Tests.Recordings;

public sealed class RecordingFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bootmem-rec-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        Recording recording = Sample();
        byte[] bytes = RecordingFile.Write(recording);
        Assert.True(RecordingFile.TryRead("x", bytes, out Recording? read, out string? error), error);
        Assert.Equal(bytes, RecordingFile.Write(read));
        Assert.Equal(recording.FinalMap().Runs, read.FinalMap().Runs);
        Assert.Equal(recording.Steps.Select(step => step.Why), read.Steps.Select(step => step.Why));
    }

    [Fact]
    public void ACutFileIsAnError()
    {
        byte[] bytes = RecordingFile.Write(Sample());
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(RecordingFile.TryRead("cut.rec", bytes[..length], out _, out string? error));
            Assert.StartsWith("cut.rec: ", error, StringComparison.Ordinal);
            Assert.Equal(length == bytes.Length - 4,
                RecordingFile.TryRead("cut.rec", WithChecksum(bytes[..length]), out _, out _));
        }
    }

    [Fact]
    public void AChangedByteIsAnErrorAndWithAGoodChecksumNeverMore()
    {
        byte[] bytes = RecordingFile.Write(Sample());
        Random random = new(1);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= (byte)(1 << random.Next(8));
            Assert.False(RecordingFile.TryRead("x", changed, out _, out _));
            changed[i] = (byte)random.Next(256);

            // Whoever writes a hostile file writes its checksum too. Read or refused: nothing else.
            if (RecordingFile.TryRead("x", WithChecksum(changed[..^4]), out Recording? read, out string? error))
            {
                _ = Lab.Pictures.MapModel.Of(read).Legend.Count;
            }
            else
            {
                Assert.Contains("expected", error, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void ACountThatTheFileCannotHoldTakesNoMemory()
    {
        byte[] start = [.. System.Text.Encoding.ASCII.GetBytes(RecordingFile.Magic), 1, 0, 0, 32, 12, 0, 0xff, 0xff,
            0xff, 0xff, 7];
        Assert.False(RecordingFile.TryRead("x", WithChecksum(start), out _, out string? error));
        Assert.Equal("x: at byte 14: found 2147483647 banks, expected at most what 0 bytes can hold", error);
        byte[] later = [.. System.Text.Encoding.ASCII.GetBytes(RecordingFile.Magic), 2, 0];
        Assert.False(RecordingFile.TryRead("x", WithChecksum(later), out _, out error));
        Assert.Equal("x: found version 2 of the format, expected 1", error);
    }

    [Fact]
    public void BootAndRunWriteRecordingsThatMapReads()
    {
        string boot = Path.Combine(_directory, "boot.rec");
        string script = Path.Combine(_directory, "script.rec");
        string merge = RepositoryRoot.Combine("scripts", "merge.bm");
        Assert.Equal(
            0, Run("boot", RepositoryRoot.Combine("machines", "biscuitos.dts"), "--quiet", "--record", boot).Code);
        Assert.Equal(0, Run("run", merge, "--record", script).Code);
        Assert.Equal(Run("map", merge), Run("map", script));
        Assert.Contains("initrd", Run("map", boot).Output, StringComparison.Ordinal);
        Assert.Equal(2, Run("run", merge, merge, "--record", script).Code);
        Assert.Equal(2, Run("run", merge, "--record", _directory).Code);
        File.WriteAllBytes(boot, [.. File.ReadAllBytes(boot)[..^1], 0xff, 0xff]);
        (int code, string output, string error) = Run("map", boot);
        Assert.Equal((2, ""), (code, output));
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    internal static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Invoke(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static Recording Sample() => ScriptRecorder.Record(RecordingTests.LoadScript("merge.bm"));

    private static byte[] WithChecksum(byte[] body) => [.. body, .. Crc32.Hash(body)];
}
