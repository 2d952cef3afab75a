/* tests/vss/test_session.c - R1, R3 to R7: the session of each event, a row for each rule */
#include <criterion/criterion.h>

#include "scenario.h"

/*
 * Each row is a log that only the named rule decides: change the rule and the row changes. Words
 * and results are explained in scenario.h.
 */

Test(rules, R1_identity)
{
    static const row rows[] = {
        { "", "" },
        { "9622 9620", "" },                             /* listed, not tracked: no writer      */
        { "9600", "| clear" },
        { "9614", "| unknown" },
        { "9606 &1 9616", "open | in-progress-or-stuck; unknown | clear" },
        { "A:9606 B:9606 A:9616", "completed | clear; open | in-progress-or-stuck" },
        { "A:9606 9606 A:9616", "open | in-progress-or-stuck; completed | clear" },
        /* a restart without an instance resets all of them, and is no writer by itself */
        { "A:9606 B:9606 9600", "interrupted | clear; interrupted | clear" },
        { "A:9606 9606 9600", "interrupted | clear; interrupted | clear" },
        { "A:9606 B:9606 A:9600", "interrupted | clear; open | in-progress-or-stuck" },
        { "A:9606 9600 A:9607b", "interrupted unfinished blocked<1 | stuck" },
        { "A:9606 &1 9600", "open | in-progress-or-stuck; | clear" },
        { "9600 A:9606 9600 9600 A:9606", "interrupted open | in-progress-or-stuck" }
    };

    RESULTS(rows);
}

Test(rules, R3_attempt_and_session)
{
    static const row rows[] = {
        { "9604", "probe | unknown" },
        { "9600 9604", "probe | clear" },
        { "9604 9604 9606", "probe open | in-progress-or-stuck" },
        { "9604 9600 9606", "probe open | in-progress-or-stuck" },
        { "9606", "open | in-progress-or-stuck" },
        { "9606 9604 9616", "completed probe | clear" },
        { "9606 9604 9616 9606", "completed open | in-progress-or-stuck" },
        { "9606 9606", "unknown open | in-progress-or-stuck" },
        { "9606 9614 9606", "unknown open | in-progress-or-stuck" },
        { "9606 9611 9606", "unknown open | in-progress-or-stuck" },
        { "9606 9611 9614 9606", "failed open | in-progress-or-stuck" },
        { "9606 9607b 9606", "unfinished blocked<0 open | in-progress-or-stuck" },
        { "9604 9607e 9606", "failed open | in-progress-or-stuck" },
        { "9604 9614i 9606", "open | in-progress-or-stuck" },
        { "9604 9614 9606", "open | in-progress-or-stuck" }
    };
    static const row joined[] = {
        { "9604 9606 9616", "0 0 0" },
        { "9604 9604 9606", "0 1 1" },
        { "9604 9607e 9606", "0 0 1" },
        { "9606 9604 9608", "0 1 0" },
        { "9606 9600 9616", "0 - 1" }
    };

    RESULTS(rows);
    MEMBERS(joined);
}

Test(rules, R4_prepare_refused)
{
    static const row rows[] = {
        { "9606 9607b", "unfinished blocked<0 | stuck" },
        { "9606 9607x", "unfinished blocked<0 | stuck" },
        { "9606 9840", "unfinished blocked<0 | stuck" },
        { "9606 9840p", "unfinished blocked<0 | stuck" },
        { "9606 9607xb", "unfinished blocked<0 | stuck" },
        { "9606 9607xp", "open failed | in-progress-or-stuck" },
        { "9606 9607ep", "open failed | in-progress-or-stuck" },
        { "9606 9607", "open failed | in-progress-or-stuck" },
        { "9607e", "failed | unknown" },
        { "9600 9604 9607e", "failed | clear" },
        { "9606 9604 9607b 9607b", "unfinished blocked<0 blocked<0 | stuck" }
    };

    RESULTS(rows);
}

Test(rules, R5_failed_phase_and_abort)
{
    static const row rows[] = {
        { "9606 9611", "open | in-progress-or-stuck" },
        { "9606 9611 9616", "failed | clear" },
        { "9606 9611 9648", "failed | clear" },
        { "9606 9611 9614", "failed | in-progress-or-stuck" },
        { "9606 9614 9611", "failed | in-progress-or-stuck" },
        { "9606 9611 9614i", "open | in-progress-or-stuck" },
        { "9606 9614", "aborted | in-progress-or-stuck" },
        { "9606 9614i", "open | in-progress-or-stuck" },
        { "9606 9614 9616", "completed | clear" },
        { "9606 9614 9648", "shutdown | clear" },
        { "9606 9604 9614", "open probe | in-progress-or-stuck" },
        { "9606 9615", "open | in-progress-or-stuck" },
        { "9600 9614", "| clear" },
        { "9600 9615", "| clear" }
    };
    static const row joined[] = {
        { "9614 9606", "- 0" },                          /* stray                               */
        { "9606 9614", "0 0" },
        { "9604 9614 9606", "0 0 0" },
        { "9606 9604 9614i 9607b", "0 1 1 1" },
        { "9606 9604 9607b 9614i", "0 1 1 1" },
        { "9606 9607b 9614 9614", "0 1 1 1" },
        { "9604 9607e 9600 9614", "0 0 - -" },
        { "9604 9607e 9606 9614", "0 0 1 1" }            /* the latest attempt has reached 9606 */
    };

    RESULTS(rows);
    MEMBERS(joined);
}

Test(rules, R6_end_events)
{
    static const row rows[] = {
        { "9606 9616 9648", "completed | clear" },
        { "9606 9648 9616", "completed | clear" },
        { "9606 9648", "shutdown | clear" },
        { "9606 9648 9604 9616", "shutdown probe unknown | clear" },
        { "9606 9616 9604 9648", "completed probe unknown | clear" },
        { "9606 9648 9648", "shutdown unknown | clear" },
        { "9606 9648 9616 9648", "completed unknown | clear" },
        { "9606 9648 9600 9616", "shutdown unknown | clear" },
        { "A:9606 A:9648 9600 A:9616", "shutdown unknown | clear" },
        { "A:9606 A:9648 B:9604 A:9616", "completed | clear; probe | unknown" },
        { "9606 9648 9622 9616", "completed | clear" },
        { "9606 9617", "open | in-progress-or-stuck" },
        { "9606 9649", "open | in-progress-or-stuck" }
    };

    RESULTS(rows);
}

Test(rules, R7_out_of_sight)
{
    static const row rows[] = {
        { "9608", "unknown | unknown" },
        { "9610 9612 9648 9616", "unknown | clear" },
        { "9616", "unknown | clear" },
        { "9616 9648", "unknown | clear" },
        { "9606 9616 9612", "completed unknown | clear" },
        { "9608 9604 9607b", "unfinished blocked<0 | stuck" },
        { "9604 9607b", "unfinished blocked<0 | stuck" },
        { "9604 9607b 9607b", "unfinished blocked<0 blocked<0 | stuck" },
        /* before the first record; behind the last clearing */
        { "9604 9607e 9604 9607b", "unfinished failed blocked<0 | stuck" },
        { "9606 9616 9604 9604 9607b", "completed unfinished probe blocked<1 | stuck" },
        { "9607b 9616 9607b", "unfinished blocked<0 unfinished blocked<2 | stuck" },
        { "9607b 9616", "unfinished blocked<0 | was-stuck" },
        { "9607b 9610 9616", "unfinished blocked<0 | was-stuck" },
        { "9607b 9606", "unfinished blocked<0 open | in-progress-or-stuck" },
        { "9608 9606", "unknown open | in-progress-or-stuck" },
        { "9608 9600", "unknown | clear" }
    };
    static const row ends[] = {
        { "9604 9607b 9614i 9616", "unfinished[-,4] blocked[1,3] since -" },
        { "9604 9607b", "unfinished[-,-] blocked[1,2] since -" },
        { "9610 9616", "unknown[1,2] since -" },
        { "9610", "unknown[1,-] since -" },
        { "9610 9600", "unknown[1,-] since -" }
    };
    static const row joined[] = {
        { "9604 9607e 9604 9607b 9616", "1 1 2 2 0" },
        { "9606 9616 9604 9607b 9608", "0 0 2 2 1" },
        { "9604 9616 9607b", "0 1 0" }
    };

    RESULTS(rows);
    WINDOWS(ends);
    MEMBERS(joined);
}
