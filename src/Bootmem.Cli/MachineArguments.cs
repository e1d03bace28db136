using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using Bootmem.Lab;

namespace Bootmem.Cli;

/// <summary>The argument and options of every command that boots a machine.</summary>
/// <param name="name">What the argument is called.</param>
/// <param name="description">What it can be.</param>
internal sealed class MachineArguments(
    string name = "MACHINE",
    string description = "A device tree (.dts, .dtb), an ATAG list (.atags), a memory map or a boot log; without "
        + "it, the article's machine.")
{
    private const string ArticleMachine = "biscuitos.dts";

    private readonly Argument<string?> _machine = new(name)
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _kernel = new("--kernel")
    {
        Description = "Which kernel: 2.6.12, 2.6.12.1 … 2.6.12.6, 2.6.13, 2.6.13.1, 2.6.14, 2.6.15.",
        HelpName = "VERSION",
    };

    private readonly Option<string[]> _config = new("--config")
    {
        Description = "Set a macro of the kernel's configuration, or INITCALLS=y for all built-in tests.",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<string?> _configFile = new("--config-file")
    {
        Description = $"Read kernel, machine and macros from this file; without it, from "
            + $"{Lab.Configuration.DefaultFileName} if there is one.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _append = new("--append")
    {
        Description = "Put this behind the machine's command line.",
        HelpName = "TEXT",
    };

    private readonly Option<bool> _layoutOnly = new("--layout-only")
    {
        Description = "Map nothing but what bootmem itself needs: for machines larger than this one.",
    };

    private readonly Option<string?> _image = new("--image")
    {
        Description = "Let the kernel image lie where this bare-metal image does (artifacts/kernel/bootmem.img).",
        HelpName = "FILE",
    };

    private readonly Option<bool> _checksums = new("--checksums")
    {
        Description = "Print the CRC-32 of every bitmap at four points of the boot.",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_machine);
        command.Add(_kernel);
        command.Add(_config);
        command.Add(_configFile);
        command.Add(_append);
        command.Add(_layoutOnly);
        command.Add(_image);
        command.Add(_checksums);
    }

    /// <summary>What the user chose, from the file and from the command line.</summary>
    /// <exception cref="MachineException">Something is not what it must be.</exception>
    public Configuration Configuration(ParseResult parsed) => Configuration(parsed, parsed.GetValue(_kernel));

    /// <summary>The argument as the user gave it; null for none.</summary>
    public string? Path(ParseResult parsed) => parsed.GetValue(_machine);

    /// <summary>The kernel as the user gave it; null for none.</summary>
    public string? KernelName(ParseResult parsed) => parsed.GetValue(_kernel);

    private Configuration Configuration(ParseResult parsed, string? kernel)
    {
        string? file = parsed.GetValue(_configFile);
        if (file is null && File.Exists(Lab.Configuration.DefaultFileName))
        {
            file = Lab.Configuration.DefaultFileName;
        }

        Configuration configuration = file is null ? new Configuration() : Lab.Configuration.Load(file);
        Check("--kernel", kernel is null ? null : configuration.SetKernel(kernel));
        foreach (string assignment in parsed.GetValue(_config) ?? [])
        {
            Check("--config", configuration.Set(assignment));
        }

        configuration.MachinePath = parsed.GetValue(_machine) ?? configuration.MachinePath;
        return configuration;
    }

    /// <summary>The machine that the user chose, switched on.</summary>
    /// <exception cref="MachineException">Something is not what it must be.</exception>
    /// <exception cref="MachineFileException">The machine's file is not one.</exception>
    public MachineHost Load(ParseResult parsed) => Load(parsed, parsed.GetValue(_kernel));

    /// <summary>The machine that the user chose, switched on, with another kernel.</summary>
    /// <exception cref="MachineException">Something is not what it must be.</exception>
    /// <exception cref="MachineFileException">The machine's file is not one.</exception>
    public MachineHost Load(ParseResult parsed, string? kernel)
    {
        Configuration configuration = Configuration(parsed, kernel);
        MachineOptions options = new()
        {
            Config = configuration.Config,
            AppendedCommandLine = parsed.GetValue(_append),
            IsLayoutOnly = parsed.GetValue(_layoutOnly),
            SaysChecksums = parsed.GetValue(_checksums),
        };
        options.Initcalls.UnionWith(configuration.Initcalls);
        if (parsed.GetValue(_image) is string image)
        {
            options.Image = KernelImageFile.Load(image).Ranges;
        }

        return configuration.MachinePath is string path
            ? MachineHost.Load(path, options) : MachineHost.Own(ReadArticleMachine(), options);
    }

    /// <summary>Where the article's machine is: beside the program, or in the repository that it was built
    /// in.</summary>
    public static string ArticleMachinePath() => ShippedFile("machines", ArticleMachine);

    // The program alone is enough to boot it: it is in there as well.
    private static MachineFile ReadArticleMachine()
    {
        string path = ArticleMachinePath();
        if (File.Exists(path))
        {
            return MachineFile.Load(path);
        }

        using Stream stream = typeof(MachineArguments).Assembly.GetManifestResourceStream(ArticleMachine)!;
        byte[] source = new byte[stream.Length];
        stream.ReadExactly(source);
        return MachineFile.Read(source, ArticleMachine);
    }

    /// <summary>A file that comes with the program.</summary>
    public static string ShippedFile(params string[] parts)
    {
        string relative = System.IO.Path.Combine(parts);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = System.IO.Path.Combine(folder.FullName, relative);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return relative;
    }

    private static void Check(string option, string? wrong)
    {
        if (wrong is not null)
        {
            throw new MachineException($"{option}: {wrong}");
        }
    }
}
