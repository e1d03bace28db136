# Writes InitcallTable: every method that bears [Initcall(InitcallStage.X, "name")], by stage, then in the sources' order.
BEGIN {
    stages = split("Bootmem Percpu Buddy Pcp Slab Vmalloc Module Kmap Fixmap Login", order, " ")
}
/static .*class / { match($0, /class [A-Za-z0-9_]+/); class = substr($0, RSTART + 6, RLENGTH - 6) }
/^ *\[Initcall\(InitcallStage\./ {
    split($0, part, "\"")
    name = part[2]
    match($0, /InitcallStage\.[A-Za-z]+/)
    stage = substr($0, RSTART + 14, RLENGTH - 14)
    next
}
name != "" && /static int [A-Za-z0-9_]+\(/ {
    match($0, /static int [A-Za-z0-9_]+/)
    method = class "." substr($0, RSTART + 11, RLENGTH - 11)
    rows[stage] = rows[stage] sprintf("        Set(table + %s, InitcallStage.%s, &%s, \"%s\"u8);\n", "@", stage, method, name)
    name = ""
}
END {
    print "// Made from the [Initcall] attributes; not to be changed by hand."
    print "using Bootmem.Boot;\n\nnamespace Bootmem.Kernel;\n"
    print "/// <summary>The built-in tests.</summary>"
    print "internal static unsafe partial class InitcallTable\n{"
    print "    /// <summary>Fills a table.</summary>\n    public static void Fill(Initcall* table)\n    {"
    for (i = 1; i <= stages; i++) {
        while (sub(/@/, count + 0, rows[order[i]])) count++
        printf "%s", rows[order[i]]
    }
    print "    }\n\n    /// <summary>How many there are.</summary>\n    public const int Count = " count + 0 ";\n}"
}
