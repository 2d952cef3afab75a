/* src/vss/vss.h - what the files of this room ask of each other */
#ifndef EVXI_VSS_H
#define EVXI_VSS_H

#include "base/defs.h"
#include "evx/vss.h"

/* ---- parse.c: insertion strings, as UTF-8 --------------------------------------------------- */

/* The GUID that begins a text: braces, case, and what follows behind a `:` do not matter. */
EVXI_LOCAL bool evxi_vss_guid(const uint8_t *text, size_t len, evx_guid *out);

/* A whole text as a 32-bit number, blanks around it ignored: 0x50d, 0xfffff69d, -2403, 1293. */
EVXI_LOCAL bool evxi_vss_code(const uint8_t *text, size_t len, int32_t *out);

/* The same 32 bits with a sign, without relying on how a compiler narrows. */
EVXI_LOCAL int32_t evxi_vss_signed(uint32_t bits);

/* What a payload says: its bytes before the NUL, without a final full stop. ANSI, as the writer
 * logs it, or UTF-16, as a program on the way may have made of it. */
EVXI_LOCAL size_t evxi_vss_saying(const uint8_t *payload, size_t len);

/* Does it say these words, and nothing else? */
EVXI_LOCAL bool evxi_vss_says(const uint8_t *payload, size_t len, const char *words);

/* ---- list.c: sorted lists through the events ------------------------------------------------ */

#define EVXI_NONE EVX_VSS_NO_RANK    /* no event; the end of a list                            */

/* What a list is sorted by. Ties keep their order. */
typedef enum evxi_key {
    EVXI_BY_INPUT,                   /* computer, file, position                               */
    EVXI_BY_TIME,                    /* computer, then time, record id, position of the event
                                        that `rank` names                                      */
    EVXI_BY_WRITER,                  /* computer, its resets first, instance                   */
    EVXI_BY_COPY,                    /* whatever two copies of one event share, the channel
                                        last: present before absent                            */
    EVXI_BY_CHANNEL                  /* computer, channel, rank                                */
} evxi_key;

/* -1, 0, 1 */
EVXI_LOCAL int evxi_compare(const evx_vss_event *events, uint32_t a, uint32_t b, evxi_key key);

/* R2: is b, which does not stand before a in a list BY_COPY, another copy of a? */
EVXI_LOCAL bool evxi_same_event(const evx_vss_event *a, const evx_vss_event *b);

/* Sort the list that begins at `head` and goes on in `at`. Returns its new head. */
EVXI_LOCAL uint32_t evxi_list_sort(evx_vss_event *events, uint32_t head, evxi_key key);

/* Put the events into the order of a list that holds all of them. */
EVXI_LOCAL void evxi_list_arrange(evx_vss_event *events, uint32_t head);

/* ---- loss.c: what was lost, between which events -------------------------------------------- */

/* The events of one computer. As slots and as ranks they are the same stretch. */
typedef struct evxi_host {
    uint32_t begin, end;
} evxi_host;

/* The events of the computer whose first one this is. */
EVXI_LOCAL evxi_host evxi_host_at(const evx_vss_event *events, uint32_t count, uint32_t begin);

/*
 * Note for each event how many gaps up to it a loss may have filled. `cover` of slot r is the
 * number of such gaps in front of the computer's events up to rank r; `at` of slot r is the index
 * of the event of rank r. EVX_E_ARG when ranks are not as evx_vss_sort left them.
 */
EVXI_LOCAL evx_status evxi_losses(const evx_vss_input *in);

/* Could a record have been lost between these two ranks? EVXI_NONE as `from`: the beginning, as
 * `to`: the end. */
EVXI_LOCAL bool evxi_lost(const evx_vss_event *events, const evxi_host *h, uint32_t from,
                          uint32_t to);

/* ---- session.c, verdict.c, instance.c ------------------------------------------------------- */

/* evx_vss_session.facts: what was seen of a session, or proven about it */
enum {
    EVXI_BLOCKED = 1u << 0,          /* its prepare was refused by a block                     */
    EVXI_REFUSED = 1u << 1,          /* its prepare failed otherwise                           */
    EVXI_FAILURE = 1u << 2,          /* a later phase failed                                   */
    EVXI_ABORTED = 1u << 3,          /* while it was open, and not ignored                     */
    EVXI_COMPLETE = 1u << 4, EVXI_SHUTDOWN = 1u << 5,
    EVXI_RESTART = 1u << 6,          /* a restart came while it was open                       */
    EVXI_PROVEN = 1u << 7            /* a later attempt was blocked by it                      */
};

/* A session by its index, or NULL where the caller's array ends. */
static inline evx_vss_session *evxi_session(const evx_vss_result *out, uint32_t i)
{
    return i < out->session_cap ? &out->sessions[i] : NULL;
}

/* Is it one of a computer's restarts that concern each of its instances? */
static inline bool evxi_is_reset(const evx_vss_event *e)
{
    return e->phase == EVX_VSS_INITIALIZE && !(e->flags & EVX_VSS_HAS_INSTANCE);
}

/* One writer's sessions: events [w->first_event, w->first_event + w->events) and its computer's
 * resets. Appends them to `out`, sets w->proof, w->holder and w->first_session ... */
EVXI_LOCAL void evxi_replay(evx_vss_event *events, evx_vss_result *out, evx_vss_writer *w);

/* State, flags, begin and end of a session; then the verdict of its writer. */
EVXI_LOCAL void evxi_judge_session(const evx_vss_event *events, const evxi_host *h,
                                   evx_vss_session *s);
EVXI_LOCAL void evxi_judge_writer(const evx_vss_event *events, const evxi_host *h,
                                  evx_vss_result *out, evx_vss_writer *w);

/* R11: name the writer that may have blocked what its own instance does not explain. The writers
 * are those of one computer. */
EVXI_LOCAL void evxi_candidates(const evx_vss_event *events, const evxi_host *h,
                                evx_vss_result *out, uint32_t first_writer, uint32_t writers);

#endif
