using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Bootmem.Tests.Checks;

/// <summary>
/// What <c>dtc -I dtb -O dts</c> says of a blob, read line by line: a second reader that shares nothing with the first.
/// </summary>
internal sealed class DtcTree
{
    private readonly Dictionary<string, Dictionary<string, string>> _nodes = [];
    private readonly List<string> _order = [];

    public DtcTree(string text)
    {
        Stack<string> path = [];
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            if (line.StartsWith("/memreserve/", StringComparison.Ordinal))
            {
                ulong[] numbers = [.. line[12..].TrimEnd(';').Split(
                    (char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Hex)];
                Header.Add((numbers[0], numbers[1]));
            }
            else if (line.EndsWith(" {", StringComparison.Ordinal))
            {
                string name = line[..^2].Split(": ")[^1];
                path.Push(path.Count == 0 ? "" : $"{path.Peek()}/{name}");
                _nodes[path.Peek()] = [];
                _order.Add(path.Peek());
            }
            else if (line == "};")
            {
                path.Pop();
            }
            else if (line.EndsWith(';') && path.Count != 0)
            {
                string[] parts = line[..^1].Split(" = ", 2);
                _nodes[path.Peek()][parts[0]] = parts.Length == 2 ? parts[1] : "";
            }
        }
    }

    public List<(ulong Start, ulong Size)> Header { get; } = [];

    public List<(ulong Start, ulong Size)> Banks() => [.. Children("")
        .Where(node => IsUsed(node) && (IsNamed(node, "memory") || Text(node, "device_type") == "\"memory\""))
        .SelectMany(node => Ranges(node, ""))];

    public List<(ulong Start, ulong Size)> Reserved() => [.. Pools()
        .SelectMany(pool => Children(pool).Where(IsUsed).SelectMany(node => Ranges(node, pool)))];

    public int DynamicCount() =>
        Pools().Sum(pool =>
            Children(pool).Count(node => IsUsed(node) && Text(node, "reg") is null && Text(node, "size") is not null));

    private IEnumerable<string> Pools() => Children("").Where(node => IsUsed(node) && IsNamed(node, "reserved-memory"));

    private IEnumerable<string> Children(string parent) => _order.Where(node =>
        node.Length > parent.Length && node.StartsWith(parent + "/", StringComparison.Ordinal)
        && node.IndexOf('/', parent.Length + 1) < 0);

    private bool IsUsed(string node) => Text(node, "status") is null or "\"okay\"" or "\"ok\"";

    private static bool IsNamed(string node, string name) => node[(node.LastIndexOf('/') + 1)..].Split('@')[0] == name;

    private string? Text(string node, string property) => _nodes[node].GetValueOrDefault(property);

    private IEnumerable<(ulong Start, ulong Size)> Ranges(string node, string parent)
    {
        ulong[] cells = Cells(node, "reg") ?? [];
        int addressCells = (int)(Cells(parent, "#address-cells")?[0] ?? 2);
        int sizeCells = (int)(Cells(parent, "#size-cells")?[0] ?? 1);
        for (int i = 0; i + addressCells + sizeCells <= cells.Length; i += addressCells + sizeCells)
        {
            yield return (Number(cells, i, addressCells), Number(cells, i + addressCells, sizeCells));
        }
    }

    private ulong[]? Cells(string node, string property) => Text(node, property) is string value
        ? [.. value.Trim('<', '>').Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Hex)] : null;

    private static ulong Number(ulong[] cells, int at, int count) =>
        count == 1 ? cells[at] : (cells[at] << 32) | cells[at + 1];

    private static ulong Hex(string text) =>
        ulong.Parse(text.Replace("0x", "", StringComparison.Ordinal), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture);
}
