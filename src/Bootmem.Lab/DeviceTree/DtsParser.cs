using System.Collections.Generic;

namespace Bootmem.Lab;

/// <summary>Parses device tree source, version 1. Errors name the file, the line and the column.</summary>
internal sealed partial class DtsParser
{
    private readonly DtsSource _source;
    private readonly DtsTree _tree = new();
    private int _nodes;
    private int _properties;
    private int _references;
    private long _bytes;

    private DtsParser(DtsSource source) => _source = source;

    public static DtsTree Parse(DtsSource source)
    {
        DtsParser parser = new(source);
        parser.ParseFile();
        return parser._tree;
    }

    private void ParseFile()
    {
        if (!_source.TryTake("/dts-v1/"))
        {
            throw _source.Error("device tree source", "/dts-v1/; first (or a device tree blob, or an ATAG list)");
        }

        RefusePlugin();
        _source.Take(";", "/dts-v1/");
        bool hasRoot = false;
        while (true)
        {
            _source.SkipBlanks();
            if (_source.Peek() == -1)
            {
                break;
            }

            hasRoot |= ParseTop();
        }

        if (!hasRoot)
        {
            throw _source.Error("device tree source", "a root node, '/ { … };'");
        }
    }

    // Gives whether it was a root node.
    private bool ParseTop()
    {
        DtsPlace place = _source.Here;
        if (_source.TryTake("/dts-v1/"))
        {
            _source.Take(";", "/dts-v1/");
            return false;
        }

        RefusePlugin();
        if (_source.TryTake("/delete-node/"))
        {
            DtsNode gone = TakeReferredNode();
            if (gone.Parent is null)
            {
                throw place.Error("/delete-node/", "the root", "another node");
            }

            gone.IsDeleted = true;
            _source.Take(";", "/delete-node/");
            return false;
        }

        if (_source.TryTake("/omit-if-no-ref/"))
        {
            TakeReferredNode().IsOmittable = true;
            _source.Take(";", "/omit-if-no-ref/");
            return false;
        }

        return ParseTopNode();
    }

    private void RefusePlugin()
    {
        _source.SkipBlanks();
        DtsPlace place = _source.Here;
        if (_source.TryTake("/plugin/"))
        {
            throw place.Error("device tree source", "/plugin/", "a whole tree: overlays are not supported");
        }
    }

    private bool ParseTopNode()
    {
        List<(string Label, DtsPlace Place)> labels = [];
        while (true)
        {
            _source.SkipBlanks();
            DtsPlace place = _source.Here;
            if (_source.TryTake("/memreserve/"))
            {
                ParseReserve(place);
                return false;
            }

            if (_source.Peek() == '&')
            {
                OpenNode(TakeReferredNode(), labels);
                return false;
            }

            if (_source.TryTake("/"))
            {
                if (_source.Peek() is 'a' or 'b' or 'd' or 'i' or 'o' or 'p')
                {
                    throw _source.Error("directive", "a directive that stands outside of nodes, or '{'");
                }

                OpenNode(_tree.Root, labels);
                return true;
            }

            string word = DtsNames.IsLabelPart(_source.Peek()) ? _source.TakeWord(DtsNames.IsLabelPart) : "";
            if (!DtsNames.IsLabel(word) || _source.Peek() != ':')
            {
                throw place.Error(
                    "device tree source",
                    word.Length == 0 ? FoundHere() : DtsSource.Shown(word),
                    "'/', '&', a label, /memreserve/, /delete-node/ or /omit-if-no-ref/");
            }

            _source.Advance();
            labels.Add((word, place));
        }
    }

    private string FoundHere() =>
        _source.Peek() is > ' ' and <= '~' ? $"'{(char)_source.Peek()}'" : $"the byte 0x{_source.Peek():x2}";

    private void OpenNode(
        DtsNode node, List<(string Label, DtsPlace Place)> labels)
    {
        foreach ((string label, DtsPlace place) in labels)
        {
            _tree.AddLabel(label, node, place);
        }

        if (node.Parent is null && node.Place.File is null)
        {
            node.Place = _source.Here;
        }

        ParseBody(node);
    }

    private void ParseReserve(DtsPlace place)
    {
        ulong start = ParseNumber("/memreserve/");
        ulong size = ParseNumber("/memreserve/");
        _source.Take(";", "/memreserve/");
        if ((start | size) == 0)
        {
            throw place.Error("/memreserve/", "an entry of zeros", "a range: zeros end the list");
        }

        if (_tree.Reserves.Count == DtsLimits.References)
        {
            throw place.Error("/memreserve/", "one more", $"at most {DtsLimits.References}");
        }

        _tree.Reserves.Add((start, size));
    }

    private DtsNode TakeReferredNode()
    {
        _source.SkipBlanks();
        DtsPlace place = _source.Here;
        return _tree.Find(TakeReference(), place);
    }

    // "&label" or "&{/path}", without the "&".
    private string TakeReference()
    {
        _source.Take("&", "reference");
        if (_source.Peek() == '{')
        {
            _source.Advance();
            string path = _source.TakeWord(DtsNames.IsPathPart);
            if (!path.StartsWith('/') || _source.Peek() != '}')
            {
                throw _source.Error("reference", "a path from the root on, and '}'");
            }

            _source.Advance();
            return path;
        }

        string label = _source.TakeWord(DtsNames.IsLabelPart);
        return DtsNames.IsLabel(label)
            ? label
            : throw _source.Error("reference", "a label, or a path in braces");
    }
}
