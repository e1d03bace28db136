using System;
using System.Collections.Generic;

namespace Bootmem.Lab.Recordings;

/// <summary>The owners of a recording: each name once, numbered as it comes.</summary>
internal sealed class OwnerNames
{
    /// <summary>What a script allocates.</summary>
    public const string Allocated = "allocated";

    /// <summary>What a script reserves.</summary>
    public const string Reserved = "reserved";

    /// <summary>A node's bitmap.</summary>
    public const string Bitmap = "bitmap";

    private readonly List<string> _names = [""];
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal) { [""] = 0 };

    public IReadOnlyList<string> Names => _names;

    public int IndexOf(string name)
    {
        if (!_indexes.TryGetValue(name, out int index))
        {
            index = _names.Count;
            _indexes[name] = index;
            _names.Add(name);
        }

        return index;
    }
}
