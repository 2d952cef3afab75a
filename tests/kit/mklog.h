/* tests/kit/mklog.h - Application logs of an Exchange server, from a table of events */
/*     static uint8_t mem[4096 + 65536];
 *     static mk_log g;                            (about 64 KiB: keep it off the stack)
 *     static const mk_event events[] = {
 *         { "2006-09-02T02:00:00Z", 9604, NULL, NULL, 0, NULL, NULL, 0 },
 *         { "2006-09-02T02:02:00Z", 9606, NULL, "Volume snap occurring.", 0, NULL, NULL, 0 },
 *     };
 *     mk_log_begin(&g, mem, sizeof mem);
 *     mk_log_events(&g, events, 2);
 *     mk_bytes log = mk_log_end(&g);
 *
 * Classic events stand in the log as Windows writes them: provider, channel and computer are
 * literals of the outer definition, the System values sit in slots 0..12, the nested EventData is
 * slot 19 and carries the strings as one array (0x81).
 */
#ifndef MKLOG_H
#define MKLOG_H

#include "mkevt.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MK_LOG_FORWARDED  = 1,       /* plain elements, literal strings, RenderingInfo        */
    MK_LOG_LIVE       = 2,       /* NULL with a size, bare nested 0c, dirty flag, garbage padding */
    MK_LOG_EXPORT     = 4,       /* header ids renumbered from 1, header times of the next event */
    MK_LOG_NO_QUALIFIERS = 8,
    MK_LOG_NO_BINARY  = 16,      /* a provider whose definition has no Binary at all      */
    MK_LOG_NO_ARRAY   = 32       /* one Data element and value per string                 */
};

enum { MK_LOG_SOURCES = 32, MK_LOG_STRINGS = 64, MK_LOG_SPECS = 16384, MK_LOG_SCRATCH = 32768 };

/* One event. Zero means the usual. Computer and provider are borrowed until the log ends. */
typedef struct mk_event {
    const char *time;            /* ISO text or FILETIME in decimal; NULL: no TimeCreated value */
    uint32_t id;
    const char *strings;         /* separated by |; NULL: none                            */
    const char *payload;         /* Binary: these characters and a NUL; NULL: none        */
    uint64_t record;             /* EventRecordID; 0: one more than the last              */
    const char *computer;        /* NULL: the log's                                       */
    const char *provider;        /* NULL: MSExchangeIS                                    */
    uint8_t level;               /* 0: 4 (information), 2 (error) for odd ids of MSExchangeIS */
} mk_event;

typedef struct mk_log {
    /* Knobs, to set after mk_log_begin. */
    uint32_t flags;
    const char *computer;        /* EX01                                                  */
    const char *channel;         /* Application                                           */
    const char *provider;        /* MSExchangeIS                                          */
    uint64_t record;             /* next EventRecordID: 1                                 */
    mk_evt *evt;                 /* gets every event too, as Exchange 2003 wrote it; NULL */

    mk_file file;                /* for pokes; its chunk is filled as the events come     */
    size_t last;                 /* file offset of the last record                        */

    /* private */
    uint64_t header_id;
    uint32_t sources;
    struct { const char *provider, *computer; uint32_t tmpl; } source[MK_LOG_SOURCES];
    size_t specs_used, used;
    char specs[MK_LOG_SPECS];    /* of definitions: they live as long as the log          */
    char scratch[MK_LOG_SCRATCH]; /* of one event                                         */
} mk_log;

void     mk_log_begin(mk_log *g, uint8_t *mem, size_t cap);
size_t   mk_log_event(mk_log *g, const mk_event *e);          /* file offset of its record */
void     mk_log_events(mk_log *g, const mk_event *e, size_t n);
mk_bytes mk_log_end(mk_log *g);

/* Another provider's event in one line: a neighbour, noise. */
size_t   mk_log_note(mk_log *g, const char *time, const char *provider, uint32_t id,
                     const char *strings);

/* The last record can no longer be read: signature, sizes and body are gone. The checksum is
 * right again if `sealed`. Nothing later may depend on a definition that it held.
 */
void     mk_log_lose_last(mk_log *g, int sealed);

#ifdef __cplusplus
}
#endif
#endif
