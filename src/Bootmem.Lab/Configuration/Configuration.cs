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
public sealed class Configuration
{
    /// <summary>The name of the file that is read if it is there.</summary>
    public const string DefaultFileName = "bootmem.config";

    private const string InitcallPrefix = "INITCALL_";
    private const int MaxFileSize = 1 << 16;

    private BootConfig _config = BootConfig.Default;

    /// <summary>The macros and the kernel.</summary>
    public BootConfig Config
    {
        get => _config;
        set => _config = value;
    }

    /// <summary>The machine's file; null is the article's.</summary>
    public string? MachinePath { get; set; }

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
            MachinePath = value.Length == 0 ? null : value;
            return null;
        }

        if (name == "INITCALLS" || name.StartsWith(InitcallPrefix, StringComparison.Ordinal))
        {
            return SetInitcall(name, value);
        }

        ConfigMacro? macro = ConfigMacro.Find(name);
        if (macro is null)
        {
            string known = string.Join(", ", ConfigMacro.All.Select(known => known.Name));
            return $"found the macro '{Show(name)}', expected one of {known}, INITCALLS or INITCALL_name";
        }

        return macro.TrySet(ref _config, value) ? null : $"{name}: found '{Show(value)}', expected {macro.Expected}";
    }

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

    /// <summary>Reads a file of choices.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The choices.</returns>
    /// <exception cref="MachineException">The file is not one: file, line, what was found and what was expected.</exception>
    public static Configuration Load(string path)
    {
        Configuration configuration = new();
        string[] lines = ReadLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length != 0 && line[0] != '#' && configuration.Set(line) is { } wrong)
            {
                throw new MachineException($"{path}:{i + 1}: {wrong}");
            }
        }

        return configuration;
    }

    /// <summary>Writes the choices to a file; what was there before stays until all is written.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path)
    {
        StringBuilder text = new("# Written by 'bootmem menuconfig'; 'bootmem boot' reads it.\n");
        text.Append("KERNEL=").Append(NameOf(_config.Version)).Append('\n');
        text.Append("MACHINE=").Append(MachinePath).Append('\n');
        foreach (ConfigMacro macro in ConfigMacro.All)
        {
            text.Append(macro.Name).Append('=').Append(macro.Get(_config)).Append('\n');
        }

        foreach (BuiltInInitcall initcall in BuiltInInitcalls.All)
        {
            text.Append(InitcallPrefix).Append(initcall.Name).Append('=')
                .Append(Initcalls.Contains(initcall.Name) ? 'y' : 'n').Append('\n');
        }

        string temporary = path + ".new";
        File.WriteAllText(temporary, text.ToString());
        File.Move(temporary, path, overwrite: true);
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            FileInfo file = new(path);
            return file.Length <= MaxFileSize ? File.ReadAllLines(path)
                : throw new MachineException($"{path}: found {file.Length} bytes, expected at most {MaxFileSize}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MachineException($"{path}: cannot be read: {e.Message}", e);
        }
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

    // What a user typed, short enough for one line and without control characters.
    private static string Show(string text)
    {
        string cut = text.Length > 60 ? text[..60] + "…" : text;
        return string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c));
    }
}
