/* tests/vss/test_verdict.c - R8 precedence of states, R9 verdicts */
#include <criterion/criterion.h>

#include "scenario.h"

Test(rules, R8_precedence)
{
    static const row rows[] = {
        { "9608 9607b 9616", "unfinished blocked<0 | was-stuck" },   /* unfinished > unknown    */
        { "9606 9607b 9600", "unfinished blocked<0 | was-stuck" },   /* > interrupted           */
        { "9606 9611 9614 9607b", "unfinished blocked<0 | stuck" },  /* > failed                */
        { "9606 9607b 9616", "unfinished blocked<0 | was-stuck" },   /* > completed             */
        { "9606 9607b 9648", "unfinished blocked<0 | was-stuck" },   /* > shutdown              */
        { "9606 9614 9607b", "unfinished blocked<0 | stuck" },       /* > aborted               */
        { "9608 9600", "unknown | clear" },                          /* unknown > interrupted   */
        { "9608 9611 9614 9616", "unknown | clear" },                /* > failed, completed     */
        { "9606 9611 9614 9600", "interrupted | clear" },            /* interrupted > failed    */
        { "9606 9614 9600", "interrupted | clear" },                 /* > aborted               */
        { "9606 9611 9616", "failed | clear" },                      /* failed > completed      */
        { "9606 9611 9648", "failed | clear" },                      /* > shutdown              */
        { "9606 9648 9616", "completed | clear" },                   /* completed > shutdown    */
        { "9606 9614 9616", "completed | clear" },                   /* completed > aborted     */
        { "9606 9614 9648", "shutdown | clear" },                    /* shutdown > aborted      */
        { "9606 9614", "aborted | in-progress-or-stuck" }            /* aborted > open          */
    };
    static const row ends[] = {
        { "9604 9606 9604 9607b 9616", "unfinished[1,5] blocked[3,4] since -" },
        { "9604 9606 9604 9607b 9648 9616", "unfinished[1,5] blocked[3,4] since -" },
        { "9604 9606 9607b", "unfinished[1,-] blocked[3,3] since 2" },
        { "9604 9606 9600", "interrupted[1,3] since -" },
        { "9604 9606 9648 9616", "completed[1,4] since -" },
        { "9604 9606 9608 9614", "aborted[1,-] since 2" },
        { "9604 9606 9611 9614", "failed[1,4] since 2" },
        { "9604 9607e 9614i", "failed[1,3] since -" },
        { "9604", "probe[1,-] since -" },
        { "9604 9606t 9616t", "completed[1,-] since -" }
    };

    RESULTS(rows);
    WINDOWS(ends);
}

Test(rules, R9_verdict)
{
    static const row rows[] = {
        { "9606 9607b", "unfinished blocked<0 | stuck" },
        { "9606", "open | in-progress-or-stuck" },
        { "9606 9614", "aborted | in-progress-or-stuck" },
        { "9606 9607b 9600", "unfinished blocked<0 | was-stuck" },
        { "9606 9607b 9600 9606 9616", "unfinished blocked<0 completed | was-stuck" },
        { "9606 9607b 9600 9606", "unfinished blocked<0 open | in-progress-or-stuck" },
        { "9606 9616", "completed | clear" },
        { "9606 9606 9616", "unknown completed | clear" },
        { "9604", "probe | unknown" },
        { "9606 9616 9608", "completed unknown | clear" },
        { "9606 9607b ! 9604", "unfinished? blocked<0 probe | unknown last stuck" },
        { "9606 9616 ! 9604", "completed probe | unknown last clear" }
    };

    RESULTS(rows);
}
