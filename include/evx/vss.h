/* include/evx/vss.h - fields -> Exchange VSS event -> session -> verdict */
#ifndef EVX_VSS_H
#define EVX_VSS_H

#include "select.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EVX_VSS_TEXT_MAX 192u        /* bytes of strings and payload that an event keeps       */

typedef struct evx_guid { uint8_t b[16]; } evx_guid;   /* as in a chunk: u32, u16, u16, 8 bytes */

/* evx_vss_event.phase */
enum {
    EVX_VSS_INITIALIZE = 1, EVX_VSS_BEGIN, EVX_VSS_PREPARE, EVX_VSS_PREPARE_SNAPSHOT,
    EVX_VSS_FREEZE, EVX_VSS_THAW, EVX_VSS_ABORT, EVX_VSS_COMPLETE, EVX_VSS_POST_SNAPSHOT,
    EVX_VSS_SHUTDOWN, EVX_VSS_BUSY, EVX_VSS_PRE_RESTORE, EVX_VSS_POST_RESTORE
};

/* evx_vss_event.outcome */
enum {
    EVX_VSS_SUCCEEDED = 1, EVX_VSS_FAILED,
    EVX_VSS_BLOCKED,                 /* refused because a backup is in progress                */
    EVX_VSS_IGNORED                  /* an abort with nothing to abort                         */
};

/* evx_vss_event.flags */
enum {
    EVX_VSS_HAS_INSTANCE = 1u << 0, EVX_VSS_HAS_ERROR = 1u << 1, EVX_VSS_HAS_TIME = 1u << 2,
    EVX_VSS_HAS_RECORD_ID = 1u << 3, EVX_VSS_HAS_PAYLOAD = 1u << 4,
    EVX_VSS_TRUNCATED = 1u << 5,     /* text[] does not hold all strings and payload           */
    EVX_VSS_HAS_CHANNEL = 1u << 6
};

/*
 * One event of the Exchange writer (KB 910250). Owns its content and outlives the chunk.
 * `text` holds the insertion strings as UTF-8, each closed by a NUL (strings_len bytes), then the
 * payload's bytes (payload_len).
 */
typedef struct evx_vss_event {
    evx_guid instance;               /* with EVX_VSS_HAS_INSTANCE                              */
    uint64_t time;                   /* FILETIME; with EVX_VSS_HAS_TIME. Without, evx_vss_sort
                                        puts the time here that gave it its place              */
    uint64_t record_id;              /* EventRecordID; with EVX_VSS_HAS_RECORD_ID. Without, as
                                        for `time`                                             */
    uint64_t file_off;               /* of the record, bytes from the start of its file        */
    uint32_t file, computer, order;  /* the caller's numbers: the input, the computer (by name,
                                        ASCII case ignored), the position over all inputs      */
    int32_t  error;                  /* with EVX_VSS_HAS_ERROR: %1 as a signed 32-bit number   */
    int32_t  session;                /* set by evx_vss_solve: index of its session; -1: none   */
    uint32_t digest;                 /* of the payload up to its NUL, without a final full stop */
    uint32_t channel;                /* digest of the channel's name; with EVX_VSS_HAS_CHANNEL */
    uint32_t rank;                   /* set by evx_vss_sort: its place in time on its computer;
                                        ranks of later computers are higher                    */
    uint32_t at, cover;              /* private: about the event whose rank is this one's index */
    uint16_t event_id, strings_len, payload_len;
    uint8_t  phase, outcome, flags;
    uint8_t  code_at;                /* failed or blocked: which of the strings is %1          */
    uint8_t  mark;                   /* private                                                */
    uint8_t  text[EVX_VSS_TEXT_MAX];
} evx_vss_event;

/* evx_vss_session.state; see "Sessions: the rules" in the manual */
enum {
    EVX_VSS_STATE_PROBE = 1, EVX_VSS_STATE_OPEN, EVX_VSS_STATE_ABORTED, EVX_VSS_STATE_SHUTDOWN,
    EVX_VSS_STATE_COMPLETED, EVX_VSS_STATE_FAILED, EVX_VSS_STATE_INTERRUPTED,
    EVX_VSS_STATE_UNKNOWN, EVX_VSS_STATE_UNFINISHED, EVX_VSS_STATE_BLOCKED
};

/* evx_vss_session.flags */
enum {
    EVX_VSS_CERTAIN = 1u << 0,       /* no loss meets its window                               */
    EVX_VSS_SESSION_ERROR = 1u << 1, /* error is set                                           */
    EVX_VSS_SESSION_INSTANCE = 1u << 2,
    EVX_VSS_INFERRED = 1u << 3,      /* its beginning was not seen: a block proves it (R7)     */
    EVX_VSS_SET_FLAG = 1u << 4,      /* it was prepared: it set backupInProgress               */
    EVX_VSS_RESET_UNSEEN = 1u << 5,  /* a later prepare succeeded: its reset was not seen (R3)  */
    EVX_VSS_LATE_START = 1u << 6,    /* its first event is a later phase, or an end event (R7) */
    EVX_VSS_SESSION_HOLDS = 1u << 7  /* the last proof says that its flag is still set         */
};

#define EVX_VSS_NO_RANK 0xffffffffu

typedef struct evx_vss_session {
    evx_guid instance;
    uint64_t begin, end;             /* FILETIME; 0: not seen                                  */
    uint64_t since;                  /* FILETIME of the event that set the flag; 0: not seen   */
    uint32_t computer, writer;       /* the caller's number; index of its writer               */
    uint32_t events;                 /* how many events point at it                            */
    int32_t  first_event, last_event;   /* indexes of its own events, or -1; those between point
                                        at it via `session`                                    */
    int32_t  set_event;              /* index of the event that set the flag, or -1            */
    int32_t  reset_event;            /* index of the event that reset it (9616, 9648, 9600), -1 */
    int32_t  error;
    int32_t  error_event;            /* index of the first failed phase or of the refusal, -1  */
    int32_t  blocked_by;             /* index of a session, or -1                              */
    int32_t  blocked_by_candidate;   /* index of the one other writer that had a session open
                                        when this one was blocked by nothing seen, or -1 (R11) */
    uint32_t blocks;                 /* how many sessions it blocked                           */
    uint32_t from, to;               /* its window for R10, as ranks of events: EVX_VSS_NO_RANK
                                        where it began before all, or has not ended            */
    uint16_t facts;                  /* private                                                */
    uint8_t  state, flags;
} evx_vss_session;

/* evx_vss_writer.verdict */
enum {
    EVX_VSS_CLEAR = 1, EVX_VSS_WAS_STUCK, EVX_VSS_IN_PROGRESS_OR_STUCK, EVX_VSS_STUCK,
    EVX_VSS_VERDICT_UNKNOWN
};

/* evx_vss_writer.flags */
enum {
    EVX_VSS_WRITER_INSTANCE = 1u << 0,
    EVX_VSS_WRITER_LOSS = 1u << 1    /* a loss lies after the last proof                       */
};

typedef struct evx_vss_writer {
    evx_guid instance;
    uint64_t since;                  /* FILETIME: the flag is set since then; 0: not set, or not
                                        seen                                                   */
    uint64_t last_seen;              /* FILETIME of the computer's last event                  */
    uint32_t computer;
    uint32_t first_session, sessions; /* a run in the sessions array, in time order            */
    uint32_t first_event, events;    /* a run in the events array, in time order               */
    uint32_t first_reset, resets;    /* another: the computer's 9600 events without an instance */
    int32_t  proof;                  /* index of the last event that proves the flag, or -1    */
    int32_t  holder;                 /* index of the session that set the flag, or -1          */
    int32_t  blocked_by_candidate;   /* that of its last blocked session that has one, or -1   */
    uint32_t opened;                 /* private                                                */
    uint8_t  verdict, last_known, flags; /* last_known: the verdict but for the losses          */
} evx_vss_writer;

typedef struct evx_vss_input {
    evx_vss_event *events;           /* sorted by evx_vss_sort; `session` is written           */
    size_t event_count;
    const evx_loss *losses;
    size_t loss_count;
    const uint64_t *last_seen;       /* FILETIME of the last event of each computer; may be NULL */
    size_t computer_count;
} evx_vss_input;

typedef struct evx_vss_result {
    evx_vss_session *sessions; size_t session_cap, session_count;
    evx_vss_writer  *writers;  size_t writer_cap,  writer_count;
} evx_vss_result;

/*
 * Is this one of the writer's events? Fills *out but for file, computer, order and file_off, which
 * are the caller's to set. EVX_OK; EVX_SKIP when it is not. Cost: linear in the fields' bytes.
 */
EVX_API evx_status evx_vss_event_read(const evx_fields *f, evx_vss_event *out);

/*
 * Does the writer's work depend on this event? False for phases that are listed only (restore).
 */
EVX_API bool evx_vss_tracked(const evx_vss_event *e);

/*
 * Put events in order and drop duplicates (R2): by computer; then its 9600 events without an
 * instance, which concern every instance; then by instance (none first); then by time, record id,
 * position. An event without a time stays behind the event before it in its file (of the same
 * computer; in front of the next one, if there is none before it).
 * Returns how many are left, at the front. At most 2^31 - 2 events. In place, no recursion.
 * Cost: O(n log n); linear where the events of each file are in order already.
 */
EVX_API size_t evx_vss_sort(evx_vss_event *events, size_t n);

/*
 * Solve sessions and verdicts by R1-R11.
 *
 * in    events as evx_vss_sort left them, all of them. A loss concerns the computer it names.
 *       Record ids that start again at a later time are found here, among the events; the caller
 *       adds a loss where it knows of others.
 * out   the caller's arrays; counts are set. 2 x event_count sessions and event_count writers
 *       always suffice.
 *
 * EVX_OK; EVX_E_SPACE: session_count and writer_count hold what is needed, the arrays what fitted;
 * EVX_E_ARG: events are not as evx_vss_sort left them, or a computer number is not below
 * computer_count.
 * Cost: O(n log n), and O(log n) for each loss and each computer that it concerns.
 */
EVX_API evx_status evx_vss_solve(const evx_vss_input *in, evx_vss_result *out);

/* Names as they stand in reports and JSON ("freeze", "unfinished", "was-stuck"). Static; "" for a
 * number that is none. */
EVX_API const char *evx_vss_phase_text(uint8_t phase);
EVX_API const char *evx_vss_outcome_text(uint8_t outcome);
EVX_API const char *evx_vss_state_text(uint8_t state);
EVX_API const char *evx_vss_verdict_text(uint8_t verdict);

/* A code's name ("backup in progress"), or NULL when it has none. Static. */
EVX_API const char *evx_vss_error_text(int32_t error);

#ifdef __cplusplus
}
#endif

#endif
