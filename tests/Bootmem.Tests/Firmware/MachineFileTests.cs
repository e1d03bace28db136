using System.IO;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Firmware;

/// <summary>Machines from files, whichever of the formats they have.</summary>
public sealed unsafe class MachineFileTests
{
    private static string Fails(string path) =>
        Assert.Throws<MachineFileException>(() => MachineFile.Load(path)).Message;

    private static MachineFile LoadOwn(string name) => MachineFile.Load(RepositoryRoot.Combine("machines", name));

    private static string? TextOf(byte* text, int length) =>
        text == null ? null : System.Text.Encoding.ASCII.GetString(text, length);

    [Fact]
    public void TheArticlesMachine()
    {
        using MachineFile file = LoadOwn("biscuitos.dts");
        ref BootInfo info = ref *file.Info;
        Assert.Equal(MachineFileFormat.DeviceTreeSource, file.Format);
        Assert.Equal(1, info.BankCount);
        Assert.Equal((0x6000_0000UL, 0x2000_0000UL), (info.Banks[0].Start, info.Banks[0].Size));
        Assert.Equal((0x7000_0000UL, 100UL << 20), (info.Reservations[0].Start, info.Reservations[0].Size));
        Assert.Equal("hashdist_bs=1", TextOf(info.CommandLine, info.CommandLineLength));
        Assert.Equal("V2P-CA9", TextOf(info.Model, info.ModelLength));
        Assert.Equal((0x7060_0000UL, 0x10_0000UL), (info.InitrdStart, info.InitrdSize));
        PrivateMemory it = info.Private;
        Assert.True(it.IsPresent);
        Assert.Equal((0x7000_0000UL, 100UL << 20), (it.Start, it.Size));
        Assert.Equal((4UL << 20, 64UL << 20, 32UL << 20), (it.DmaSize, it.NormalSize, it.HighSize));
        Assert.Equal((0x9000_0000UL, 0x1a0_0000UL), (it.PageOffset, it.VmallocSize));
        Assert.Equal((0x20_0000UL, 0x1000UL), (it.PkmapSize, it.FixmapSize));
        Assert.Equal((0x9050_0000UL, 0x1_0000UL), (it.Image.Start, it.Image.Size));
        Assert.Equal((0x9050_0000UL, 0x2000UL), (it.Init.Start, it.Init.Size));
        Assert.Equal((0x9050_2000UL, 0x8000UL), (it.Text.Start, it.Text.Size));
        Assert.Equal((0x9050_a000UL, 0x6000UL), (it.Data.Start, it.Data.Size));
    }

    [Fact]
    public void TheBoardAlone()
    {
        using MachineFile file = LoadOwn("vexpress-a9.dts");
        Assert.Equal((0x6000_0000UL, 0x1000_0000UL), (file.Info->Banks[0].Start, file.Info->Banks[0].Size));
        Assert.False(file.Info->Private.IsPresent);
        Assert.Equal(0UL, file.Info->InitrdSize);
    }

    [Fact]
    public void FourNodes()
    {
        using MachineFile file = LoadOwn("numa4-8g.dts");
        Assert.Equal((6, 4), (file.Info->BankCount, file.Info->NodeCount));
        ulong[] sizes = new ulong[4];
        for (int i = 0; i < file.Info->BankCount; i++)
        {
            sizes[file.Info->Banks[i].Node] += file.Info->Banks[i].Size;
        }

        Assert.Equal([0x7ff9_f000, 0x8000_0000, 0x8000_0000, 0x8000_0000], sizes);
    }

    [Fact]
    public void ContentDecides()
    {
        using TestFolder folder = new();
        File.WriteAllBytes(folder["a.dts"], BlobBuilder.Root11().Node("memory", "reg", 1, 2).Finish());
        File.WriteAllBytes(folder["b.dtb"], AtagReaderTests.List([0x5441_0001], [0x5441_0002, 5, 6]));
        using MachineFile blob = MachineFile.Load(folder["a.dts"]);
        using MachineFile tags = MachineFile.Load(folder["b.dtb"]);
        Assert.Equal(MachineFileFormat.DeviceTreeBlob, blob.Format);
        Assert.Equal(1UL, blob.Info->Banks[0].Start);
        Assert.True(blob.Blob.Bytes != null);
        Assert.Equal(MachineFileFormat.AtagList, tags.Format);
        Assert.Equal(6UL, tags.Info->Banks[0].Start);
        Assert.True(tags.Blob.Bytes == null);
        Assert.Equal(32, tags.Data.Length);
    }

    [Fact]
    public void SaysWhatIsWrongWithAFile()
    {
        using TestFolder folder = new();
        File.WriteAllBytes(folder["empty"], []);
        Assert.Equal(
            $"{folder["empty"]}: found an empty file, expected a device tree blob, device tree source, an ATAG list "
                + $"or a memory map",
            Fails(folder["empty"]));
        Assert.Equal($"{folder["no"]}: found no such file, expected one", Fails(folder["no"]));
        Assert.Equal($"{folder["no/no"]}: found no such file, expected one", Fails(folder["no/no"]));
        Assert.Equal($"{folder["."]}: found a directory, expected a file", Fails(folder["."]));
        Assert.StartsWith(": found a file that cannot be read (", Fails(""));
        Assert.StartsWith("a\0b: found ", Fails("a\0b"));
        File.WriteAllBytes(folder["cut"], BlobBuilder.Root11().Finish()[..60]);
        Assert.Equal(
            $"{folder["cut"]}: offset 0x4: the blob's size is 131 bytes, expected at most the data's 60",
            Fails(folder["cut"]));
        File.WriteAllBytes(folder["tags"], [2, 0, 0, 0, 1, 0, 0x41, 0x54]);
        Assert.Equal(
            $"{folder["tags"]}: offset 0x8: the list of tags ends here with 0 bytes left, expected ATAG_NONE last",
            Fails(folder["tags"]));
        using (FileStream stream = File.Create(folder["huge"]))
        {
            stream.SetLength((64L << 20) + 1);
        }

        Assert.Equal($"{folder["huge"]}: found more than 67108864 bytes, expected at most that", Fails(folder["huge"]));
    }

    [Fact]
    public void AFileThatNeverEndsIsTooLong()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "This system has no /dev/zero.");
        Assert.Equal("/dev/zero: found more than 67108864 bytes, expected at most that", Fails("/dev/zero"));
    }

    [Fact]
    public void ErrorsOfAMachineInSourceNameItsLine()
    {
        using TestFolder folder = new();
        string path = folder.Put("m.dts", """
            /dts-v1/;
            / {
                memory@0 {
                    reg = <0 0 1>;
                    numa-node-id = <1000000000>;
                };
            };
            """);
        Assert.Equal($"{path}:5:9: /memory@0: numa-node-id is 1000000000, expected less than 1024", Fails(path));
        folder.Put("m.dts", "/dts-v1/;\n/ {\n memory@0 { };\n};");
        Assert.Equal($"{path}:3:2: /memory@0: reg is missing, expected it here", Fails(path));
        folder.Put("m.dts", "/dts-v1/;\n/ {\n #size-cells = <3>;\n memory { reg = <1>; };\n};");
        Assert.Equal($"{path}:3:2: /: #size-cells is 3, expected 1 or 2", Fails(path));
        folder.Put("m.dts", "/dts-v1/;\n/memreserve/ (-1) 1; / { };");
        Assert.Equal(
            $"{path}: /memreserve/ has a range at 0xffffffffffffffff with size 0x1, expected an end that is an address",
            Fails(path));
    }

    [Fact]
    public void AfterItIsDisposedOfItSaysSo()
    {
        MachineFile file = LoadOwn("vexpress-a9.dts");
        file.Dispose();
        file.Dispose();
        Assert.Throws<System.ObjectDisposedException>(() => file.Blob);
        Assert.Throws<System.ObjectDisposedException>(() => file.Data.Length);
        Assert.Throws<System.ObjectDisposedException>(() => (nint)file.Info);
    }

    [Fact]
    public void EveryMachineFileLoads()
    {
        string[] files = Directory.GetFiles(RepositoryRoot.Combine("machines"), "*.dts");
        Assert.NotEmpty(files);
        Assert.All(files.Order(), static path =>
        {
            using MachineFile file = MachineFile.Load(path);
            Assert.NotEqual(0, file.Info->BankCount);
            Assert.True(file.Info->Model != null);
        });
    }
}
