/* tests/vss/test_names.c - words for numbers, and none for others */
#include <criterion/criterion.h>
#include <string.h>

#include "evx/vss.h"

Test(names, words)
{
    cr_expect_str_eq(evx_vss_phase_text(EVX_VSS_BEGIN), "begin");
    cr_expect_str_eq(evx_vss_phase_text(EVX_VSS_POST_RESTORE), "post-restore");
    cr_expect_str_eq(evx_vss_outcome_text(EVX_VSS_SUCCEEDED), "ok");
    cr_expect_str_eq(evx_vss_outcome_text(EVX_VSS_IGNORED), "ignored");
    cr_expect_str_eq(evx_vss_state_text(EVX_VSS_STATE_UNFINISHED), "unfinished");
    cr_expect_str_eq(evx_vss_state_text(EVX_VSS_STATE_BLOCKED), "blocked");
    cr_expect_str_eq(evx_vss_verdict_text(EVX_VSS_IN_PROGRESS_OR_STUCK), "in-progress-or-stuck");
    cr_expect_str_eq(evx_vss_verdict_text(EVX_VSS_VERDICT_UNKNOWN), "unknown");
}

Test(names, every_number_is_safe)
{
    for (unsigned i = 0; i < 256; i++) {
        uint8_t n = (uint8_t)i;
        cr_expect(evx_vss_phase_text(n) && evx_vss_outcome_text(n));
        cr_expect(evx_vss_state_text(n) && evx_vss_verdict_text(n));
    }
    cr_expect_str_eq(evx_vss_state_text(0), "");
    cr_expect_str_eq(evx_vss_state_text(200), "");
}

Test(names, errors)
{
    cr_expect_str_eq(evx_vss_error_text(1293), "backup in progress");
    cr_expect_str_eq(evx_vss_error_text(-2403), "snapshot not allowed");
    cr_expect_null(evx_vss_error_text(0));
    cr_expect_null(evx_vss_error_text(5));
}
