using System.Collections.Generic;
using System.Text;

namespace Bootmem.Lab;

/// <summary>A reference to a node: at a cell, which becomes the node's phandle, or between values, its path.</summary>
internal readonly record struct DtsReference(string Target, int Offset, bool IsPath, DtsPlace Place);

/// <summary>A property of a device tree source.</summary>
internal sealed class DtsProperty(string name, DtsNode node)
{
    public string Name { get; } = name;

    public DtsNode Node { get; } = node;

    public DtsPlace Place { get; set; }

    public byte[] Value { get; set; } = [];

    public List<DtsReference> References { get; set; } = [];

    public bool IsDeleted { get; set; }
}

/// <summary>A node of a device tree source. What is deleted stays in the lists and is passed over.</summary>
internal sealed class DtsNode(string name, DtsNode? parent)
{
    private readonly Dictionary<string, DtsNode> _childByName = [];
    private readonly Dictionary<string, DtsProperty> _propertyByName = [];
    private readonly List<DtsNode> _children = [];
    private readonly List<DtsProperty> _properties = [];

    public string Name { get; } = name;

    public DtsNode? Parent { get; } = parent;

    /// <summary>Where it first stands.</summary>
    public DtsPlace Place { get; set; }

    /// <summary>The root's is 1.</summary>
    public int Depth { get; } = (parent?.Depth ?? 0) + 1;

    public bool IsDeleted { get; set; }

    /// <summary>Whether it is left out unless something refers to it.</summary>
    public bool IsOmittable { get; set; }

    public bool IsReferenced { get; set; }

    /// <summary>Its phandle; 0 until it has one.</summary>
    public uint Phandle { get; set; }

    public IEnumerable<DtsNode> Children => Live(_children);

    public IEnumerable<DtsProperty> Properties
    {
        get
        {
            // By index: a phandle may be added on the way.
            for (int i = 0; i < _properties.Count; i++)
            {
                if (!_properties[i].IsDeleted)
                {
                    yield return _properties[i];
                }
            }
        }
    }

    public bool IsLive => !IsDeleted && (Parent is null || Parent.IsLive);

    public string Path
    {
        get
        {
            if (Parent is null)
            {
                return "/";
            }

            StringBuilder path = new();
            for (DtsNode node = this; node.Parent is not null; node = node.Parent)
            {
                path.Insert(0, "/" + node.Name);
            }

            return path.ToString();
        }
    }

    public DtsNode? FindChild(string name) =>
        _childByName.TryGetValue(name, out DtsNode? child) && !child.IsDeleted ? child : null;

    public DtsProperty? FindProperty(string name) =>
        _propertyByName.TryGetValue(name, out DtsProperty? property) && !property.IsDeleted ? property : null;

    public DtsNode AddChild(string name)
    {
        DtsNode child = new(name, this);
        _childByName[name] = child;
        _children.Add(child);
        return child;
    }

    public DtsProperty AddProperty(string name)
    {
        DtsProperty property = new(name, this);
        _propertyByName[name] = property;
        _properties.Add(property);
        return property;
    }

    private static IEnumerable<DtsNode> Live(List<DtsNode> nodes)
    {
        foreach (DtsNode node in nodes)
        {
            if (!node.IsDeleted)
            {
                yield return node;
            }
        }
    }
}

/// <summary>What a source says: the nodes, the reserve map, and the names of nodes.</summary>
internal sealed class DtsTree
{
    private readonly Dictionary<string, object> _ownerByLabel = [];

    public DtsNode Root { get; } = new("", null);

    public List<(ulong Start, ulong Size)> Reserves { get; } = [];

    /// <summary>Gives a node or a property a label.</summary>
    public void AddLabel(string label, object owner, DtsPlace place)
    {
        if (_ownerByLabel.TryGetValue(label, out object? other) && other != owner && IsLive(other))
        {
            throw place.Error("label", $"'{label}' a second time", "a label of its own for each thing");
        }

        if (_ownerByLabel.Count == DtsLimits.References)
        {
            throw place.Error("label", "one label more", $"at most {DtsLimits.References} labels");
        }

        _ownerByLabel[label] = owner;
    }

    /// <summary>Finds the node that a reference names: a label, or a path.</summary>
    public DtsNode Find(string target, DtsPlace place)
    {
        if (target.StartsWith('/'))
        {
            DtsNode? at = Root;
            foreach (string part in target.Split('/', System.StringSplitOptions.RemoveEmptyEntries))
            {
                at = at?.FindChild(part);
            }

            return at ?? throw place.Error("reference", $"&{{{target}}}", "the path of a node that there is");
        }

        if (_ownerByLabel.TryGetValue(target, out object? owner) && owner is DtsNode node && node.IsLive)
        {
            return node;
        }

        throw place.Error("reference", $"&{target}", "the label of a node that there is");
    }

    private static bool IsLive(object owner) => owner switch
    {
        DtsNode node => node.IsLive,
        DtsProperty property => !property.IsDeleted && property.Node.IsLive,
        _ => true,
    };
}
