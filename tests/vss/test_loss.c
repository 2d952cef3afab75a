/* tests/vss/test_loss.c - R10: losses and logs that were cleared */
#include <criterion/criterion.h>

#include "scenario.h"

Test(rules, R10_loss)
{
    static const row rows[] = {
        { "9606 ! 9616", "unknown? | clear" },
        { "9606 !", "unknown? | unknown last in-progress-or-stuck" },
        { "9606 ! 9607b", "unfinished? blocked<0 | stuck" },
        { "9606 ! 9607b !", "unfinished? blocked<0 | unknown last stuck" },
        { "9606 9616 !", "completed | unknown last clear" },
        { "9606 9616 ! 9606 9616", "completed completed | clear" },
        { "! 9606 9616", "completed | clear" },
        { "! 9604 9607b", "unfinished? blocked<0 | stuck" },
        { "9606 9616 ! 9607b", "completed unfinished? blocked<1 | stuck" },
        { "! 9606 9616 9607b", "completed unfinished blocked<1 | stuck" },
        { "9604 ! 9604 9604", "unknown? probe probe | unknown" },
        { "9604 9604 9604 !", "probe probe unknown? | unknown" },
        { "9604 ! 9607e", "unknown? | unknown" },
        { "9604 9607e !", "failed | unknown" },
        { "9606 9611 ! 9614", "unknown? | unknown last in-progress-or-stuck" },
        { "9606 9611 9614 !", "failed | unknown last in-progress-or-stuck" },
        { "9606 9614 !", "unknown? | unknown last in-progress-or-stuck" },
        { "9606 9600 !", "interrupted | unknown last clear" },
        /* only where it concerns the computer */
        { "9606 !1 9616", "completed | clear" },
        { "9606 !0 9616", "unknown? | clear" },
        { "9606 ! 9616 &1 @1 9606 @9 9616", "unknown? | clear; unknown? | clear" },
        /* id gaps, and a first id above 1, are no losses */
        { "#500 9606 #900 9616", "completed | clear" },
        /* neither is the seam of a ring */
        { "@50 #50 9606 9616 @1 #1 9606 9616", "completed completed | clear" },
        /* but a loss at the seam concerns what is older, or newer, than all there is */
        { "@50 #50 9606 9616 ! @1 #1 9606 9616", "completed completed | unknown last clear" },
        /* among events of one time the file's order decides */
        { "9606 =9616 ! =9604 =9600", "completed probe | clear" },
        { "9606 ! =9616", "unknown? | clear" }
    };
    static const row cleared[] = {
        { "9606 #1 9616", "unknown? | clear" },
        { "#9 9606 #9 9616", "unknown? | clear" },
        { "#9 9606 #1 9607b", "unfinished? blocked<0 | stuck" },
        { "#9 9606 9616 #1 9606 9616", "completed completed | clear" },
        { "#9 9606 9616 #1 9604", "completed probe | unknown last clear" },
        { "#9 9606 / #1 9616", "unknown? | clear" },
        { "#9 9606 *Other #1 9616", "completed | clear" },
        { "#9 A:9606 #1 A:9616", "unknown? | clear" },
        /* another instance of the same log shows it as well */
        { "#8 A:9606 #9 B:9604 #1 B:9604 A:9616", "unknown? | clear; unknown? probe | unknown" },
        { "#9 9606 &1 #1 9616", "open | in-progress-or-stuck; unknown | clear" },
        /* a clock that was set back */
        { "@50 9606 @40 9616", "unknown open | in-progress-or-stuck" }
    };

    RESULTS(rows);
    RESULTS(cleared);
}
