# .ci/count.awk - the log of `ctest -V` -> what failed, what was skipped, "N passed, N failed"
#
# A Criterion program counts as many tests as it ran; any other test counts one.

function number_of(line) {
    match(line, /^[0-9]+:/)
    return substr(line, 1, RLENGTH - 1)
}

{ gsub(/\033\[[0-9;]*m/, "") }

/^[0-9]+: .*Synthesis: Tested:/ {
    test = number_of($0)
    gsub(/[^0-9 ]/, " ")
    count = split($0, field, " ")
    ran[test] = field[count - 3]
    good[test] = field[count - 2]
    next
}

/^[0-9]+: / {
    test = number_of($0)
    sub(/^[0-9]+: /, "")
    if (/^(Test command|Working Directory|Environment variables|Test timeout| [A-Z_]+=)/)
        next
    output[test] = output[test] "    " $0 "\n"
    next
}

/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
    match($0, /#[0-9]+:/)
    test = substr($0, RSTART + 1, RLENGTH - 2)
    rest = substr($0, RSTART + RLENGTH)
    split(rest, word, " ")
    if (rest ~ /Skipped/) {
        printf "skipped: %s\n%s", word[1], output[test]
        next
    }
    bad = rest !~ / Passed /
    if (test in ran && ran[test] >= good[test]) {
        passed += good[test]
        wrong = ran[test] - good[test]
        failed += wrong > 0 || !bad ? wrong : 1
    } else if (bad)
        failed++
    else
        passed++
    if (bad)
        printf "FAILED: %s\n%s", rest, output[test]
    else if (output[test] ~ /skipped/) {
        lines = split(output[test], line, "\n")
        for (i = 1; i <= lines; i++)
            if (line[i] ~ /skipped/)
                print word[1] ":" line[i]
    }
}

END { printf "%d passed, %d failed\n", passed, failed }
