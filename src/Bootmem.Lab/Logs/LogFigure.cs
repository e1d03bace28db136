namespace Bootmem.Lab.Logs;

/// <summary>A number that a kernel printed about its memory.</summary>
/// <param name="Name">What it is, with its unit where that is not pages or entries: <c>LOWMEM, MB</c>.</param>
/// <param name="Value">The number.</param>
/// <param name="Line">Where it stands, from 1.</param>
public readonly record struct LogFigure(string Name, long Value, int Line);
