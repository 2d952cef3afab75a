/* src/base/status.c - code -> words, one table */
#include "base/defs.h"
#include "evx.h"

typedef struct status_row {
    evx_status code;
    const char *text;
} status_row;

static const status_row rows[] = {
    { EVX_OK, "ok" },
    { EVX_END, "end" },
    { EVX_SKIP, "skipped" },
    { EVX_MORE, "more input needed" },
    { EVX_E_ARG, "invalid argument" },
    { EVX_E_ABI, "header and library are of different versions" },
    { EVX_E_SPACE, "caller memory too small" },
    { EVX_E_SINK, "output refused" },
    { EVX_E_BUG, "internal error" },
    { EVX_E_FILE_SIGNATURE, "not an EVTX file" },
    { EVX_E_FILE_SHORT, "file header cut short" },
    { EVX_E_CHUNK_SIGNATURE, "chunk signature missing" },
    { EVX_E_CHUNK_CUT, "input ends inside a chunk" },
    { EVX_E_CHUNK_CRC, "chunk checksum wrong" },
    { EVX_E_RECORD_SIGNATURE, "record signature missing" },
    { EVX_E_RECORD_SIZE, "record size impossible" },
    { EVX_E_TOKEN, "binary XML token unknown or out of place" },
    { EVX_E_OFFSET, "offset or length out of bounds" },
    { EVX_E_DEPTH, "limit reached: nested template instances" },
    { EVX_E_FUEL, "limit reached: work on a record or its chunk" },
    { EVX_E_OPEN, "limit reached: open elements" },
    { EVX_E_NAME, "limit reached: length of a name" },
    { EVX_E_BALANCE, "binary XML breaks off, or its tags do not match" },
    { EVX_E_TEMPLATE, "template definition missing or overwritten" },
    { EVX_E_VALUE, "value does not fit its type" },
    { EVX_E_TEXT_MAX, "limit reached: text of one record" },
    { EVX_E_CHUNK_TEXT, "limit reached: text of one chunk" },
    { EVX_E_EVT_SIGNATURE, "not a legacy event log" },
    { EVX_E_EVT_SHORT, "legacy file header cut short" },
    { EVX_E_EVT_CUT, "input ends in front of records" }
};

const char *evx_status_text(evx_status status)
{
    for (size_t i = 0; i < EVXI_COUNTOF(rows); i++)
        if (rows[i].code == status)
            return rows[i].text;
    return "unknown status";
}

const char *evx_version(void)
{
    return EVX_VERSION;
}
