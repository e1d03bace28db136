using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Firmware;

/// <summary>What the compiler of device tree source says of what it refuses, and that nothing takes it long.</summary>
public sealed class DtsErrorTests
{
    private static byte[] Compile(string text) => DtsCompiler.Compile(Encoding.UTF8.GetBytes(text), "test.dts");

    private static string Fails(string text) => Assert.Throws<MachineFileException>(() => Compile(text)).Message;

    [Fact]
    public void LineMarkersTellWhereErrorsAre()
    {
        string text = "# 1 \"board.dts\"\n/dts-v1/;\n#line 40 \"chip.dtsi\"\n" +
            "/ {\n#size-cells = <1>;\n#if = <2>;\n  x = 3; };";
        Assert.StartsWith(
            "chip.dtsi:43:7: property 'x': found '3', expected ",
            Assert.Throws<MachineFileException>(() => Compile(text)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorsInIncludesNameTheInclude()
    {
        using TestFolder folder = new();
        folder.Put("sub/b.dtsi", "/ {\n  x = ;\n};");
        folder.Put("loop.dtsi", "/include/ \"a2.dts\"");
        string source = folder.Put("a.dts", "/dts-v1/;\n/include/ \"sub/b.dtsi\"");
        Assert.Equal(
            "dir/sub/b.dtsi:2:7: property 'x': found ';', expected a string, '<', '[', '&', /bits/ or /incbin/",
            Assert.Throws<MachineFileException>(
                () => DtsCompiler.Compile(File.ReadAllBytes(source), "dir/a.dts", source)).Message);
        source = folder.Put("a2.dts", "/dts-v1/;\n/include/ \"loop.dtsi\"");
        Assert.Equal(
            $"{folder["loop.dtsi"]}:1:1: /include/: " +
                "found \"a2.dts\" within itself, expected files that do not include each other",
            Assert.Throws<MachineFileException>(() => MachineFile.Load(source)).Message);
        source = folder.Put("a3.dts", "/dts-v1/; /include/ \"none.dtsi\"");
        Assert.Equal(
            $"{source}:1:11: /include/: \"none.dtsi\": found no such file, expected one",
            Assert.Throws<MachineFileException>(() => MachineFile.Load(source)).Message);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void SaysWhatIsWrongAndWhere(string text, string message) =>
        Assert.Equal("test.dts:" + message, Assert.Throws<MachineFileException>(() => Compile(text)).Message);

    public static IEnumerable<TheoryDataRow<string, string>> Wrong()
    {
        (string Text, string Message)[] rows =
        [
            (
                "",
                "1:1: device tree source: found the end of the file, " +
                "expected /dts-v1/; first (or a device tree blob, or an ATAG list)"),
            (
                "hello",
                "1:1: device tree source: found 'hello', " +
                "expected /dts-v1/; first (or a device tree blob, or an ATAG list)"),
            ("/dts-v1/", "1:9: /dts-v1/: found the end of the file, expected ';'"),
            ("/dts-v1/;", "1:10: device tree source: found the end of the file, expected a root node, '/ { … };'"),
            (
                "/dts-v1/; /plugin/;",
                "1:11: device tree source: found /plugin/, expected a whole tree: overlays are not supported"),
            (
                "/dts-v1/ /plugin/;",
                "1:10: device tree source: found /plugin/, expected a whole tree: overlays are not supported"),
            (
                "/dts-v1/;\n#include <x.h>\n",
                "2:1: C preprocessor: found #include, " +
                "expected plain source: use /include/, or run cpp -nostdinc -undef -P first"),
            (
                "/dts-v1/; / {\n\u0007};",
                "2:1: node /: found the byte 0x07, expected a property, a node, a label or '}'"),
            ("/dts-v1/; / { a }", "1:17: 'a': found '}', expected '=', ';' or '{'"),
            (
                "/dts-v1/; / { é; };",
                "1:15: node /: found the byte 0xc3, expected a property, a node, a label or '}'"),
            ("/dts-v1/; / { a = \"é\" <1>; };", "1:23: property 'a': found '<', expected ';'"),
            ("/dts-v1/; / { a = <1", "1:21: cells: found the end of the file, expected a number, a character or '('"),
            (
                "/dts-v1/; / { a = <GIC_SPI>; };",
                "1:20: cells: found 'GIC_SPI', expected a number, a character or '('"),
            ("/dts-v1/; / { a = <0x100000000>; };", "1:20: cells: found 0x100000000, expected a number of 32 bits"),
            (
                "/dts-v1/; / { a = <18446744073709551616>; };",
                "1:20: number: found \"18446744073709551616\", " +
                "expected a decimal, 0x hex or 0 octal number of 64 bits"),
            (
                "/dts-v1/; / { a = <09>; };",
                "1:20: number: found \"09\", expected a decimal, 0x hex or 0 octal number of 64 bits"),
            (
                "/dts-v1/; / { a = <12foo>; };",
                "1:20: number: found \"12foo\", expected a decimal, 0x hex or 0 octal number of 64 bits"),
            ("/dts-v1/; / { a = <(1 / 0)>; };", "1:23: expression: found '/' by 0, expected a divisor other than 0"),
            ("/dts-v1/; / { a = <(1 + )>; };", "1:25: expression: found ')', expected a number, a character or '('"),
            ("/dts-v1/; / { a = /bits/ 7 <1>; };", "1:26: /bits/: found 7, expected 8, 16, 32 or 64"),
            ("/dts-v1/; / { a = /bits/ 8 <256>; };", "1:29: cells: found 0x100, expected a number of 8 bits"),
            (
                "/dts-v1/; / { a = /bits/ 8 <&x>; };",
                "1:29: cells: found a reference, expected numbers: only cells of 32 bits hold references"),
            ("/dts-v1/; / { a = [0]; };", "1:20: bytes: found '0', expected two hex digits for each byte, or ']'"),
            ("/dts-v1/; / { a = \"x", "1:19: string: found the end of the file, expected a closing quote"),
            ("/dts-v1/; / { a = \"\\777\"; };", "1:21: escape: found 511 in octal digits, expected at most \\377"),
            ("/dts-v1/; / { a = <'ab'>; };", "1:22: character: found 'b', expected a closing quote after one byte"),
            ("/dts-v1/; /* x", "1:11: comment: found the end of the file, expected '*/'"),
            ("/dts-v1/; / { a = <&b>; };", "1:20: reference: found &b, expected the label of a node that there is"),
            (
                "/dts-v1/; / { a = &{/b}; };",
                "1:19: reference: found &{/b}, expected the path of a node that there is"),
            ("/dts-v1/; / { a = &{b}; };", "1:22: reference: found '}', expected a path from the root on, and '}'"),
            ("/dts-v1/; / { }; &b { };", "1:18: reference: found &b, expected the label of a node that there is"),
            (
                "/dts-v1/; / { l: a { }; l: b { }; };",
                "1:25: label: found 'l' a second time, expected a label of its own for each thing"),
            (
                "/dts-v1/; / { l: a = <1>; b = <&l>; };",
                "1:32: reference: found &l, expected the label of a node that there is"),
            (
                "/dts-v1/; / { a { phandle = <1>; }; b { phandle = <1>; }; };",
                "1:41: phandle: found 0x1, which /a has, expected a number of its own"),
            (
                "/dts-v1/; / { phandle = <0>; };",
                "1:15: phandle: found another value, expected one cell with a number other than 0 and 0xffffffff"),
            (
                "/dts-v1/; / { /omit-if-no-ref/ a; };",
                "1:32: /omit-if-no-ref/: found the property 'a', expected a node"),
            (
                "/dts-v1/; / { }; r: / { }; /delete-node/ &r;",
                "1:28: /delete-node/: found the root, expected another node"),
            (
                "/dts-v1/; /memreserve/ 0 0;",
                "1:11: /memreserve/: found an entry of zeros, expected a range: zeros end the list"),
            (
                "/dts-v1/; 5",
                "1:11: device tree source: found \"5\", " +
                "expected '/', '&', a label, /memreserve/, /delete-node/ or /omit-if-no-ref/"),
            (
                "/dts-v1/; / { a = /incbin/(\"\"); };",
                "1:28: /incbin/: found no file name, expected the name of a file"),
        ];
        foreach ((string text, string message) in rows)
        {
            yield return new TheoryDataRow<string, string>(text, message);
        }
    }

    [Fact]
    public void WhatCouldTakeLongIsBounded()
    {
        string open = "/dts-v1/; / { a = <";
        Assert.EndsWith("expected at most 128 levels", Fails(open + new string('(', 1_000_000)));
        Assert.EndsWith("expected at most 128 levels", Fails(open + "(" + new string('~', 1_000_000)));
        Assert.EndsWith("expected at most 128 levels", Fails(open + "(" + Many("1?")));
        Assert.EndsWith("expected at most 64 levels", Fails("/dts-v1/; / {" + Many("a{")));
        Assert.EndsWith("expected at most 255", Fails("/dts-v1/; / { " + new string('a', 256) + "; };"));
        Assert.EndsWith("expected at most 16384 bytes", Fails("/dts-v1/; / { " + new string('a', 1_000_000) + "; };"));
        using TestFolder folder = new();
        string last = "/ { };";
        for (int i = 0; i < 20; i++)
        {
            folder.Put($"f{i}", last);
            last = string.Concat(Enumerable.Repeat($"/include/ \"f{i}\"\n", 4));
        }

        string path = folder.Put("f.dts", "/dts-v1/;\n" + last);
        Assert.EndsWith(
            "expected at most 32 levels and 4096 includes",
            Assert.Throws<MachineFileException>(() => MachineFile.Load(path)).Message);
    }

    private static string Many(string text) => string.Concat(Enumerable.Repeat(text, 1_000_000));
}
