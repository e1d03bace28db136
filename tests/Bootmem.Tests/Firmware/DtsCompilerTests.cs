using System;
using System.IO;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Firmware;

/// <summary>The compiler of device tree source, held against dtc, which must make the same tree.</summary>
public sealed class DtsCompilerTests
{
    private const string Values = """
        /dts-v1/;
        /memreserve/ 0x1000 0x2000;
        a_label: /memreserve/ (1 << 40) 'a';
        / {
            empty;
            uses = <&used>;
            text = "one", "two \"x\" \\ \n\t\x41\101\0z", "";
            numbers = <1 0x2 010 'A' '\n' '\'' 4294967295 0xffffffffUL 7ULL (-1) (~0)>;
            sums = <(1 + 2 * 3) ((1 + 2) * 3) (7 - 2 - 1) (100 / 7) (100 % 7) (1 << 4 | 3) (0xff & ~0xf) (6 ^ 5)>;
            logic = <(1 && 0) (1 || 0) (!5) (!0) (1 ? 2 : 3) (0 ? 2 : 0 ? 4 : 5) (3 < 4) (3 > 4) (3 <= 3) (4 >= 5)
                     (1 == 1) (1 != 1) (1 << 2 + 3) (0x80000000 >> 31) (5 & 3 == 1)>;
            wide = /bits/ 64 <1 0xffffffffffffffff (-2)>, /bits/ 16 <0xffff (-1) 3>, /bits/ 8 <1 2 255>,
                   /bits/ 32 <5>;
            bytes = [00 11 2233 aAbB 11 one_byte: ab a1: b2 0c0da2: 05];
            mixed = "s", <1 2>, [03], /bits/ 8 <4>, &{/node@1/inner}, &in;
            nothing = <>, [];
            /* a comment */ commented = <1 /* here */ 2 // there
                3>;
            0name,with.all+kinds*of#chars?-1_ = <1>;
            refs = <&in 5 &{/node@1} &late>, <&in>;
            prop_label: labelled = start: <one: 1 two: 2 three:>, end: "x" after:;
            node@1 {
                reg = <1>;
                in: inner { x = <1>; };
                fixed { phandle = <2>; };
            };
            twice { a = <1>; b = <2>; };
            gone { };
            also: gone2 { y; };
            /omit-if-no-ref/ unused: unused { };
            /omit-if-no-ref/ used: used { };
        };
        / { node@1 { more = "added"; }; };
        late: &{/node@1} { late; };
        &in { x = <2>; /delete-property/ nothing; deep { }; };
        &{/twice} { b = <3>; c; /delete-property/ a; };
        / { /delete-node/ gone; twice { d; }; };
        /delete-node/ &also;
        """;

    private static byte[] Compile(string text) => DtsCompiler.Compile(Encoding.UTF8.GetBytes(text), "test.dts");

    private static string Normalised(TestFolder folder, string blob) =>
        ExternalTool.Run("dtc", "-q", "-q", "-I", "dtb", "-O", "dts", "-s", folder[blob]);

    private static void MatchesDtc(TestFolder folder, string source)
    {
        File.WriteAllBytes(
            folder["ours.dtb"], DtsCompiler.Compile(File.ReadAllBytes(source), "test.dts", source));
        ExternalTool.Run("dtc", "-q", "-q", "-I", "dts", "-O", "dtb", "-o", folder["theirs.dtb"], source);
        Assert.Equal(Normalised(folder, "theirs.dtb"), Normalised(folder, "ours.dtb"));
    }

    [Fact]
    public void MakesWhatDtcMakesOfAllKindsOfValues()
    {
        using TestFolder folder = new();
        MatchesDtc(folder, folder.Put("values.dts", Values));
    }

    [Fact]
    public void MakesWhatDtcMakesOfIncludes()
    {
        using TestFolder folder = new();
        folder.Put("parts/board.dtsi", "/include/ \"chip.dtsi\"\n&cpu { x = <1>; };");
        folder.Put(
            "parts/chip.dtsi",
            "/ { cpu: cpu { data = /incbin/(\"d.bin\"), /incbin/(\"d.bin\", 1, (1 + 1)); }; };");
        folder.Put("parts/d.bin", "abcdef");
        MatchesDtc(folder, folder.Put("a.dts", "/dts-v1/;\n/include/ \"parts/board.dtsi\"\n/ { y = <&cpu>; };"));
    }

    [Theory]
    [InlineData("biscuitos.dts")]
    [InlineData("vexpress-a9.dts")]
    [InlineData("numa4-8g.dts")]
    public void MakesWhatDtcMakesOfTheMachines(string name)
    {
        using TestFolder folder = new();
        MatchesDtc(folder, RepositoryRoot.Combine("machines", name));
    }

    [Fact]
    public void WrittenAsSourceAndCompiledAgainItIsTheSameTree()
    {
        string once = Write(Compile(Values));
        Assert.Equal(once, Write(Compile(once)));
    }

    [Fact]
    public void WritesReadableSource() => Assert.Equal(
        """
        /dts-v1/;

        /memreserve/ 0x1 0x2;
        / {
        	empty;
        	a {
        		s = "x \" \\", "y";
        		c = <0x1 0xabc>;
        		b = [01 00 ff];
        		b1 {
        		};
        	};
        	z {
        	};
        };

        """,
        Write(Compile("""
            /dts-v1/; /memreserve/ 1 2;
            / { empty; a { s = "x \" \\", "y"; c = <1 0xabc>; b = [0100ff]; b1 { }; }; z { }; };
            """)));

    [Fact]
    public void WritesWhatDtcReads()
    {
        using TestFolder folder = new();
        byte[] blob = Compile(Values);
        File.WriteAllBytes(folder["ours.dtb"], blob);
        folder.Put("ours.dts", Write(blob));
        ExternalTool.Run("dtc", "-q", "-q", "-o", folder["theirs.dtb"], "-O", "dtb", folder["ours.dts"]);
        Assert.Equal(Normalised(folder, "ours.dtb"), Normalised(folder, "theirs.dtb"));
    }

    [Fact]
    public void NamesThatSourceCannotHaveAreNotWritten()
    {
        byte[] blob = new BlobBuilder().Begin("").Begin("a b").End().Finish();
        Assert.Equal(
            "device tree: found the byte 0x20 in a name, expected letters, digits and ,._+*#?@-",
            Assert.Throws<MachineFileException>(() => Write(blob)).Message);
    }

    // Found by the fuzzer: source without a name, and source that would compile to another machine.
    [Fact]
    public void TreesThatSourceCannotHaveAreNotWritten()
    {
        Assert.Equal(
            "device tree: found a property without a name, expected one",
            Refusal(new BlobBuilder().Begin("").Cell("", 1)));
        Assert.Equal(
            "device tree: found the name x twice in a node, expected it once",
            Refusal(new BlobBuilder().Begin("").Cell("x", 1).Cell("x", 2)));
        Assert.Equal(
            "device tree: found the name memory@0 twice in a node, expected it once",
            Refusal(new BlobBuilder().Begin("").Node("memory@0", "reg", 1).Node("memory@0", "reg", 2)));
        byte[] cousins = new BlobBuilder().Begin("").Begin("a").Node("x", "y", 1).End().Begin("b").Node("x", "y", 1)
            .End().Finish();
        Assert.Equal(Write(cousins), Write(Compile(Write(cousins))));
    }

    private static string Refusal(BlobBuilder blob) =>
        Assert.Throws<MachineFileException>(() => Write(blob.Finish())).Message;

    [Fact]
    public void RepeatedNodesMerge()
    {
        string text = Write(Compile("/dts-v1/; / { a { x; }; a { y; }; }; / { a { x = <1>; }; };"));
        Assert.Equal("/dts-v1/;\n\n/ {\n\ta {\n\t\tx = <0x1>;\n\t\ty;\n\t};\n};\n", text);
    }

    private static unsafe string Write(byte[] bytes)
    {
        fixed (byte* data = bytes)
        {
            Assert.True(FdtBlob.TryOpen(data, (ulong)bytes.Length, out FdtBlob blob, out _));
            return DtsWriter.Write(in blob);
        }
    }
}
