using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>
/// What a person has chosen: kernel, machine, macros and initcalls. Kept in a file of lines <c>NAME=VALUE</c>, as the
/// kernel keeps its <c>.config</c>.
/// </summary>
public sealed partial class Configuration
{
    /// <summary>The name of the file that is read if it is there.</summary>
    public const string DefaultFileName = "bootmem.config";

    /// <summary>What stands before an initcall's name in the file.</summary>
    public const string InitcallPrefix = "INITCALL_";

    private BootConfig _config = BootConfig.Default;
    private string? _machinePath;
    private bool _isMachineRelative;

    /// <summary>The macros and the kernel.</summary>
    public BootConfig Config
    {
        get => _config;
        set => _config = value;
    }

    /// <summary>
    /// The machine's file, as it can be opened from the current directory; null is the article's. In a configuration
    /// file a relative path is relative to that file's directory.
    /// </summary>
    public string? MachinePath
    {
        get => _machinePath;
        set
        {
            _machinePath = value;
            _isMachineRelative = value is not null && !Path.IsPathRooted(value);
        }
    }

    /// <summary>The initcalls that are switched on, by name.</summary>
    public SortedSet<string> Initcalls { get; } = new(StringComparer.Ordinal);

    /// <summary>Sets one of <c>KERNEL</c>, <c>MACHINE</c>, <c>INITCALLS</c>, <c>INITCALL_…</c>, or a macro.</summary>
    /// <param name="assignment"><c>NAME=VALUE</c>.</param>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public string? Set(string assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            return $"found '{Show(assignment)}', expected NAME=VALUE";
        }

        string name = assignment[..equals].Trim();
        string value = assignment[(equals + 1)..].Trim();
        if (name == "KERNEL")
        {
            return SetKernel(value) is { } wrong ? $"KERNEL: {wrong}" : null;
        }

        if (name == "MACHINE")
        {
            return SetMachine(value);
        }

        if (name == "INITCALLS" || name.StartsWith(InitcallPrefix, StringComparison.Ordinal))
        {
            return SetInitcall(name, value);
        }

        ConfigMacro? macro = ConfigMacro.Find(name);
        if (macro is null)
        {
            string known = string.Join(", ", ConfigMacro.All.Select(known => known.Name));
            return $"found the macro '{Show(name)}', expected one of KERNEL, MACHINE, {known}, "
                + $"INITCALLS or {InitcallPrefix}name";
        }

        return macro.TrySet(ref _config, value) ? null : $"{name}: found '{Show(value)}', expected {macro.Expected}";
    }

    /// <summary>The value of a name, as it is written: what <see cref="Set"/> takes.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public string Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name switch
        {
            "KERNEL" => NameOf(_config.Version),
            "MACHINE" => MachinePath ?? "",
            _ when name.StartsWith(InitcallPrefix, StringComparison.Ordinal) =>
                Initcalls.Contains(name[InitcallPrefix.Length..]) ? "y" : "n",
            _ => ConfigMacro.Find(name)?.Get(_config)
                ?? throw new ArgumentException($"no such name: {name}", nameof(name)),
        };
    }

    /// <summary>All that can be chosen, in the order in which it is shown.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["KERNEL", "MACHINE", .. ConfigMacro.All.Select(macro => macro.Name),
            .. BuiltInInitcalls.All.Select(initcall => InitcallPrefix + initcall.Name)];

    /// <summary>Chooses the kernel.</summary>
    /// <param name="name">A release name.</param>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public string? SetKernel(string name)
    {
        if (KernelVersions.TryParse(Encoding.UTF8.GetBytes(name), out KernelVersion version))
        {
            _config.Version = version;
            return null;
        }

        return $"found '{Show(name)}', expected one of {string.Join(", ", KernelNames)}";
    }

    /// <summary>The release names of the eleven kernels.</summary>
    public static IReadOnlyList<string> KernelNames { get; } =
        [.. Enumerable.Range(0, KernelVersions.Count).Select(i => NameOf((KernelVersion)i))];

    /// <summary>A kernel's release name.</summary>
    /// <param name="version">A kernel.</param>
    public static string NameOf(KernelVersion version) => Encoding.ASCII.GetString(KernelVersions.Name(version));

    private string? SetMachine(string path)
    {
        // A file of lines cannot hold them, and no file's name should.
        if (path.Any(char.IsControl))
        {
            return $"MACHINE: found '{Show(path)}', expected a path without control characters";
        }

        MachinePath = path.Length == 0 ? null : path;
        return null;
    }

    private string? SetInitcall(string name, string value)
    {
        if (value is not ("y" or "n"))
        {
            return $"{name}: found '{Show(value)}', expected y or n";
        }

        IEnumerable<string> all = BuiltInInitcalls.All.Select(initcall => initcall.Name);
        string wanted = name == "INITCALLS" ? "" : name[InitcallPrefix.Length..];
        string[] meant = [.. all.Where(known => wanted.Length == 0 || known == wanted)];
        if (meant.Length == 0)
        {
            return $"found the initcall '{Show(wanted)}', expected one of {string.Join(", ", all)}";
        }

        foreach (string initcall in meant)
        {
            _ = value == "y" ? Initcalls.Add(initcall) : Initcalls.Remove(initcall);
        }

        return null;
    }

    /// <summary>What a user typed, short enough for one line and without control characters.</summary>
    internal static string Show(string text) => WithoutControls(text.Length > 60 ? text[..60] + "…" : text);

    /// <summary>A text that does not steer a terminal.</summary>
    internal static string WithoutControls(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
