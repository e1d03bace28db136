using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using Bootmem.Lab;

namespace Bootmem.Cli;

/// <summary><c>bootmem new module</c>: makes a project to begin with.</summary>
internal static class NewCommand
{
    private const int LongestName = 40;

    private const string More = """
        Exit code: 0, or 2 if the project cannot be made; then nothing is written.

        Examples:
          bootmem new module hello                 makes the folder hello
          bootmem new module hello -o src/hello
          dotnet build hello
          bootmem shell --insmod hello/bin/Debug/net10.0/hello.dll
        """;

    // A module of such a name would be taken for another assembly.
    private static readonly string[] _takenNames = ["bootmem", "system", "mscorlib", "netstandard", "windowsbase"];

    /// <summary>The command with its sub-commands.</summary>
    public static Command Create() => new("new", "Makes a project to begin with.") { CreateModule() };

    private static DocumentedCommand CreateModule()
    {
        Argument<string> name = new("NAME")
        {
            Description = "The module's name: letters, digits and _, no digit first.",
        };
        Option<string?> folder = new("--output", "-o")
        {
            Description = "The folder; it must not be there yet, or be empty. Without it, NAME.",
            HelpName = "DIR",
        };
        DocumentedCommand command =
            new("module", "Makes a project for a module: builds with dotnet build, loads with insmod.", More)
        {
            name,
            folder,
        };
        command.SetAction(parsed => BootCommand.Guard(parsed.InvocationConfiguration.Error, () =>
        {
            string module = parsed.GetRequiredValue(name);
            string target = parsed.GetValue(folder) ?? module;
            Make(module, target, AppContext.BaseDirectory);
            parsed.InvocationConfiguration.Output.WriteLine(
                $"{Terminal.Clean(target)}: {module}.csproj, {module}.cs and README.md written; 'dotnet build "
                    + $"{Terminal.Clean(target)}' builds it");
            return CommandLine.Success;
        }));
        return command;
    }

    /// <summary>Writes a module's project.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="assemblies">Where Bootmem's assemblies are.</param>
    /// <exception cref="MachineException">The name is none, or the folder is in use.</exception>
    public static void Make(string name, string folder, string assemblies)
    {
        CheckName(name);
        if (!File.Exists(Path.Combine(assemblies, "Bootmem.Lab.dll")))
        {
            throw new MachineException(!ModuleLoader.IsSupported
                ? "new module: this program is one native file without the assemblies that a module refers to, "
                    + "expected the one that runs on .NET"
                : $"found no Bootmem.Lab.dll in {assemblies}, expected the program's assemblies: modules refer "
                    + $"to them");
        }

        try
        {
            if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            {
                throw new MachineException($"{folder}: found something there, expected no folder or an empty one");
            }

            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, name + ".csproj"), ModuleTemplate.Project(assemblies));
            File.WriteAllText(Path.Combine(folder, name + ".cs"), ModuleTemplate.Source(name));
            File.WriteAllText(Path.Combine(folder, "README.md"), ModuleTemplate.Readme(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new MachineException($"{folder}: cannot be written: {e.Message}", e);
        }
    }

    private static void CheckName(string name)
    {
        bool isName = name.Length is > 0 and <= LongestName && !char.IsAsciiDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (!isName)
        {
            string shown = Shell.ShellNumbers.Quote(name);
            throw new MachineException(
                $"found the name {shown}, expected 1 to {LongestName} letters, digits or _, no digit first");
        }

        if (_takenNames.Contains(name.ToLowerInvariant()))
        {
            throw new MachineException(
                $"found the name \"{name}\", which is another assembly's, expected one of your own");
        }
    }
}
