# Which symbols stay in memory when free_initmem() has given the init section away: what runs later (the list "stays"),
# and all that it uses. The native compiler's graph of dependencies says what uses what. Prints names, one a line.
# Usage: awk -f stays.awk stays graph.dgml
FNR == 1 { file++ }
file == 1 {
    if ($1 == "stays" || $1 == "calls-init") pattern[++patterns] = $2
    if ($1 == "calls-init") ends[patterns] = 1
    next
}
/<Node Id=/ {
    split($0, part, "\"")
    name[part[2]] = part[4]
    gsub(/&lt;/, "<", name[part[2]])
    gsub(/&gt;/, ">", name[part[2]])
}
/<Link / && /Reason="reloc"/ {
    split($0, part, "\"")
    uses[part[2], ++count[part[2]]] = part[4]
}
END {
    for (id in name) {
        for (i = 1; i <= patterns; i++) {
            if (name[id] ~ pattern[i]) {
                found[i] = 1
                if (!(id in seen)) { seen[id] = 1; todo[++last] = id }
                if (i in ends) stop[id] = 1
            }
        }
    }
    for (i = 1; i <= patterns; i++) {
        if (!(i in found)) { print "stays: no symbol is called " pattern[i] > "/dev/stderr"; bad = 1 }
    }
    for (next_one = 1; next_one <= last; next_one++) {
        id = todo[next_one]
        if (id in stop) continue
        for (i = 1; i <= count[id]; i++) {
            used = uses[id, i]
            if (!(used in seen)) { seen[used] = 1; todo[++last] = used }
        }
    }
    for (i = 1; i <= last; i++) print name[todo[i]]
    exit bad
}
