using System.Collections.Generic;

namespace Bootmem.Lab;

/// <content>The bodies of nodes.</content>
internal sealed partial class DtsParser
{
    // The nodes that are open are kept in a stack: a deep source must not end in a deep call.
    private void ParseBody(DtsNode outermost)
    {
        Stack<DtsNode> open = new();
        _source.Take("{", "node");
        open.Push(outermost);
        while (open.Count > 0)
        {
            if (_source.TryTake("}"))
            {
                _source.Take(";", "end of a node");
                open.Pop();
            }
            else if (ParseEntry(open.Peek()) is DtsNode child)
            {
                _source.Take("{", "node");
                open.Push(child);
            }
        }
    }

    // Gives the child that the entry opens, or null for all other entries.
    private DtsNode? ParseEntry(DtsNode node)
    {
        List<(string Label, DtsPlace Place)> labels = [];
        bool isOmittable = false;
        while (true)
        {
            _source.SkipBlanks();
            DtsPlace place = _source.Here;
            if (TryParseDeletion(node))
            {
                return null;
            }

            if (_source.TryTake("/omit-if-no-ref/"))
            {
                isOmittable = true;
                continue;
            }

            string word = _source.TakeWord(DtsNames.IsPart);
            if (word.Length == 0)
            {
                throw _source.Error($"node {node.Path}", "a property, a node, a label or '}'");
            }

            if (_source.Peek() == ':' && DtsNames.IsLabel(word))
            {
                _source.Advance();
                labels.Add((word, place));
                continue;
            }

            _source.SkipBlanks();
            object owner = _source.Peek() == '{' ? TakeChild(node, word, place) : TakeProperty(node, word, place);
            foreach ((string label, DtsPlace at) in labels)
            {
                _tree.AddLabel(label, owner, at);
            }

            if (owner is DtsNode child)
            {
                child.IsOmittable |= isOmittable;
                return child;
            }

            return isOmittable
                ? throw place.Error("/omit-if-no-ref/", $"the property '{word}'", "a node")
                : null;
        }
    }

    private bool TryParseDeletion(DtsNode node)
    {
        if (_source.TryTake("/delete-node/"))
        {
            _source.SkipBlanks();
            DtsNode? child = _source.Peek() == '&'
                ? TakeReferredNode()
                : node.FindChild(TakeName("/delete-node/"));
            if (child is not null)
            {
                child.IsDeleted = true;
            }
        }
        else if (_source.TryTake("/delete-property/"))
        {
            _source.SkipBlanks();
            DtsProperty? property = node.FindProperty(TakeName("/delete-property/"));
            if (property is not null)
            {
                property.IsDeleted = true;
            }
        }
        else
        {
            return false;
        }

        _source.Take(";", "deletion");
        return true;
    }

    private string TakeName(string what)
    {
        string name = _source.TakeWord(DtsNames.IsPart);
        return name.Length == 0 ? throw _source.Error(what, "a name") : name;
    }

    private DtsNode TakeChild(DtsNode node, string name, DtsPlace place)
    {
        CheckName(name, place);
        DtsNode? child = node.FindChild(name);
        if (child is not null)
        {
            return child;
        }

        if (node.Depth == Boot.FdtBlob.MaxDepth)
        {
            throw place.Error("node", "one level more", $"at most {Boot.FdtBlob.MaxDepth} levels");
        }

        if (++_nodes > DtsLimits.Nodes)
        {
            throw place.Error("node", "one node more", $"at most {DtsLimits.Nodes} nodes");
        }

        child = node.AddChild(name);
        child.Place = place;
        return child;
    }

    private DtsProperty TakeProperty(DtsNode node, string name, DtsPlace place)
    {
        CheckName(name, place);
        if (_source.Peek() is not ('=' or ';'))
        {
            throw _source.Error($"'{name}'", "'=', ';' or '{'");
        }

        if (node.FindProperty(name) is not DtsProperty property)
        {
            if (++_properties > DtsLimits.Properties)
            {
                throw place.Error("property", "one property more", $"at most {DtsLimits.Properties} properties");
            }

            property = node.AddProperty(name);
        }

        property.Place = place;
        property.Value = [];
        property.References = [];
        if (_source.TryTake("="))
        {
            ParseValue(property);
        }

        _source.Take(";", $"property '{name}'");
        return property;
    }

    private static void CheckName(string name, DtsPlace place)
    {
        if (name.Length > Boot.FdtBlob.MaxNameLength)
        {
            throw place.Error("name", $"{name.Length} bytes", $"at most {Boot.FdtBlob.MaxNameLength}");
        }
    }
}
