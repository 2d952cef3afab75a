/* src/vss/names.c - phases, outcomes, states, verdicts and error codes in words */
#include "vss/vss.h"

static const char *const phases[] = {
    [EVX_VSS_INITIALIZE] = "initialize",
    [EVX_VSS_BEGIN] = "begin",
    [EVX_VSS_PREPARE] = "prepare",
    [EVX_VSS_PREPARE_SNAPSHOT] = "prepare-snapshot",
    [EVX_VSS_FREEZE] = "freeze",
    [EVX_VSS_THAW] = "thaw",
    [EVX_VSS_ABORT] = "abort",
    [EVX_VSS_COMPLETE] = "complete",
    [EVX_VSS_POST_SNAPSHOT] = "post-snapshot",
    [EVX_VSS_SHUTDOWN] = "shutdown",
    [EVX_VSS_BUSY] = "busy",
    [EVX_VSS_PRE_RESTORE] = "pre-restore",
    [EVX_VSS_POST_RESTORE] = "post-restore"
};

static const char *const outcomes[] = {
    [EVX_VSS_SUCCEEDED] = "ok",
    [EVX_VSS_FAILED] = "failed",
    [EVX_VSS_BLOCKED] = "blocked",
    [EVX_VSS_IGNORED] = "ignored"
};

static const char *const states[] = {
    [EVX_VSS_STATE_PROBE] = "probe",
    [EVX_VSS_STATE_OPEN] = "open",
    [EVX_VSS_STATE_ABORTED] = "aborted",
    [EVX_VSS_STATE_SHUTDOWN] = "shutdown",
    [EVX_VSS_STATE_COMPLETED] = "completed",
    [EVX_VSS_STATE_FAILED] = "failed",
    [EVX_VSS_STATE_INTERRUPTED] = "interrupted",
    [EVX_VSS_STATE_UNKNOWN] = "unknown",
    [EVX_VSS_STATE_UNFINISHED] = "unfinished",
    [EVX_VSS_STATE_BLOCKED] = "blocked"
};

static const char *const verdicts[] = {
    [EVX_VSS_CLEAR] = "clear",
    [EVX_VSS_WAS_STUCK] = "was-stuck",
    [EVX_VSS_IN_PROGRESS_OR_STUCK] = "in-progress-or-stuck",
    [EVX_VSS_STUCK] = "stuck",
    [EVX_VSS_VERDICT_UNKNOWN] = "unknown"
};

/* Codes of the store (winerror-like) and of ESE (esent.h). */
static const struct {
    int32_t code;
    const char *name;
} errors[] = {
    { 0x50d, "backup in progress" },
    { -2401, "snapshot invalid sequence" },
    { -2402, "snapshot time-out" },
    { -2403, "snapshot not allowed" },
    { -2404, "invalid snapshot id" }
};

static const char *name_in(const char *const *names, size_t count, uint8_t i)
{
    return i < count && names[i] ? names[i] : "";
}

const char *evx_vss_phase_text(uint8_t phase)
{
    return name_in(phases, EVXI_COUNTOF(phases), phase);
}

const char *evx_vss_outcome_text(uint8_t outcome)
{
    return name_in(outcomes, EVXI_COUNTOF(outcomes), outcome);
}

const char *evx_vss_state_text(uint8_t state)
{
    return name_in(states, EVXI_COUNTOF(states), state);
}

const char *evx_vss_verdict_text(uint8_t verdict)
{
    return name_in(verdicts, EVXI_COUNTOF(verdicts), verdict);
}

const char *evx_vss_error_text(int32_t error)
{
    for (size_t i = 0; i < EVXI_COUNTOF(errors); i++)
        if (errors[i].code == error)
            return errors[i].name;
    return NULL;
}
