/* tests/vss/test_instance.c - R11: several instances, and which may have blocked another */
#include <criterion/criterion.h>

#include "scenario.h"

Test(rules, R11_instances)
{
    static const row rows[] = {
        { "A:9606 B:9606 B:9607b", "open | in-progress-or-stuck; unfinished blocked<0 | stuck" },
        { "A:9606 B:9607b", "open | in-progress-or-stuck; unfinished blocked<0<A | stuck" },
        { "A:9606 C:9606 B:9607b",
          "open | in-progress-or-stuck; unfinished blocked<0 | stuck; "
          "open | in-progress-or-stuck" },
        { "A:9606 A:9616 B:9607b", "completed | clear; unfinished blocked<0 | stuck" },
        { "A:9606 B:9607b A:9616", "completed | clear; unfinished blocked<0<A | stuck" },
        { "A:9606 9600 B:9607b", "interrupted | clear; unfinished blocked<0 | stuck" },
        { "A:9606 A:9600 C:9606 B:9607b",
          "interrupted | clear; unfinished blocked<0<C | stuck; open | in-progress-or-stuck" },
        { "A:9608 B:9607b", "unknown | unknown; unfinished blocked<0<A | stuck" },
        { "A:9607b B:9607b", "unfinished blocked<0 | stuck; unfinished blocked<0 | stuck" },
        { "A:9606 A:9614 B:9840",
          "aborted | in-progress-or-stuck; unfinished blocked<0<A | stuck" },
        { "A:9606 B:9607b &1 A:9606",
          "open | in-progress-or-stuck; unfinished blocked<0<A | stuck; "
          "open | in-progress-or-stuck" },
        { "&1 A:9606 &0 B:9607b", "unfinished blocked<0 | stuck; open | in-progress-or-stuck" }
    };

    RESULTS(rows);
}
