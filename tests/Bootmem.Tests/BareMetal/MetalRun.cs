using System;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace Bootmem.Tests.BareMetal;

/// <summary>A board whose serial line a test reads and writes. It ends with the test, and a hang fails it.</summary>
internal sealed class MetalRun : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly string _image = Path.GetTempFileName();
    private readonly StringBuilder _printed = new();
    private readonly Process _process;
    private int _taken;

    public MetalRun(string memory, byte[] image)
    {
        File.WriteAllBytes(_image, image);
        ProcessStartInfo start = new(
            "qemu-system-arm",
            [
                "-machine", "vexpress-a9", "-nographic", "-monitor", "none", "-serial", "stdio", "-m", memory,
                "-kernel", _image,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["QEMU_AUDIO_DRV"] = "none";
        _process = Process.Start(start)!;
        _ = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>All that was printed so far.</summary>
    public string Printed => _printed.ToString();

    /// <summary>Writes a line to the board.</summary>
    public void Type(string line)
    {
        _process.StandardInput.Write(line + "\r");
        _process.StandardInput.Flush();
    }

    /// <summary>Reads up to the end of a text, behind what was read so before; gives what came.</summary>
    public string ReadTo(string text)
    {
        int start = _taken;
        int found;
        while ((found = Printed.IndexOf(text, start, StringComparison.Ordinal)) < 0)
        {
            Assert.True(Read(), $"the board went off, and had not printed '{text}':\n{Printed}");
        }

        _taken = found + text.Length;
        return Printed[start.._taken];
    }

    /// <summary>Reads until the board goes off.</summary>
    public void ReadToEnd()
    {
        while (Read())
        {
        }

        _process.WaitForExit();
        Assert.Equal(0, _process.ExitCode);
    }

    /// <summary>Whether the board is still on and silent after a while.</summary>
    public bool Halts()
    {
        Task<int> reading = _process.StandardOutput.ReadAsync(new char[1], 0, 1);
        return !reading.Wait(TimeSpan.FromSeconds(1)) && !_process.HasExited;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        File.Delete(_image);
    }

    private bool Read()
    {
        char[] buffer = new char[4096];
        Task<int> reading = _process.StandardOutput.ReadAsync(buffer, 0, buffer.Length);
        Assert.True(reading.Wait(_patience), $"the board hangs:\n{Printed}");
        _printed.Append(buffer, 0, reading.Result);
        return reading.Result != 0;
    }
}
