using System;
using System.IO;
using System.Text;

namespace Bootmem.Lab;

/// <content>The file that the choices are kept in.</content>
public sealed partial class Configuration
{
    private const int MaxFileSize = 1 << 16;

    /// <summary>Reads a file of choices. A relative path of a machine is relative to the file's directory.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The choices.</returns>
    /// <exception cref="MachineException">
    /// The file is not one: file, line, what was found and what was expected.
    /// </exception>
    public static Configuration Load(string path)
    {
        Configuration configuration = new();
        string[] lines = ReadText(path).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length != 0 && line[0] != '#' && configuration.Set(line) is { } wrong)
            {
                throw new MachineException($"{path}:{i + 1}: {wrong}");
            }
        }

        if (configuration._isMachineRelative)
        {
            configuration._machinePath = Path.Combine(Path.GetDirectoryName(path) ?? "", configuration.MachinePath!);
        }

        return configuration;
    }

    /// <summary>The text of the file that keeps the choices.</summary>
    /// <param name="path">The file, as a relative path of the machine is relative to its directory.</param>
    public string ToText(string path)
    {
        StringBuilder text = new("# Written by 'bootmem menuconfig'; 'bootmem boot' reads it.\n");
        text.Append("# A relative path of a machine is relative to this file's directory.\n");
        foreach (string name in Names)
        {
            text.Append(name).Append('=').Append(name == "MACHINE" ? MachineFor(path) : Get(name)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Writes the choices to a file; what was there before stays until all is written.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="MachineException">It cannot be written.</exception>
    public void Save(string path)
    {
        string temporary = path + ".new";
        try
        {
            File.WriteAllText(temporary, ToText(path));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new MachineException($"{path}: cannot be written: {e.Message}", e);
        }
    }

    // What was relative stays relative, so that a directory with its machines can be moved.
    private string MachineFor(string path)
    {
        string machine = MachinePath ?? "";
        if (!_isMachineRelative)
        {
            return machine;
        }

        string directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        return Path.GetRelativePath(directory, Path.GetFullPath(machine));
    }

    private static string ReadText(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(BoundedFile.Read(path, MaxFileSize));
        }
        catch (MachineFileException e)
        {
            throw new MachineException($"{path}: {e.Message}", e);
        }
    }
}
