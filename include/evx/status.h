/* include/evx/status.h - the result type and every code */
#ifndef EVX_STATUS_H
#define EVX_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(EVX_SHARED) && defined(__GNUC__)
#define EVX_API __attribute__((visibility("default")))
#else
#define EVX_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The sign tells the class:
 *   0    the request was met
 *   > 0  it was not, and nothing is wrong: finished, skip, or bring more
 *   < 0  it never will be with these bytes
 * Codes are -(room << 8 | reason). Codes are never renumbered.
 *
 * An item can fail without its iterator failing: after an error from ..._next the iterator has
 * moved on, and the next call gives the next item or EVX_END. Contexts that cannot go on (a stream
 * without a signature, a walk) repeat their first error until begun anew.
 */
typedef int32_t evx_status;

enum {
    EVX_OK   = 0,
    EVX_END  = 1,                    /* note: the sequence is finished                        */
    EVX_SKIP = 2,                    /* note: sound input, nothing for this caller            */
    EVX_MORE = 3,                    /* suspension: bring more, then call again               */

    EVX_E_ARG   = -0x0101,           /* the caller broke the contract                         */
    EVX_E_ABI   = -0x0102,           /* header and library disagree about a size              */
    EVX_E_SPACE = -0x0103,           /* caller memory is too small for this request           */
    EVX_E_SINK  = -0x0104,           /* the caller's flush refused the bytes                  */
    EVX_E_BUG   = -0x01FF,           /* a state we believe unreachable                        */

    EVX_E_FILE_SIGNATURE   = -0x0301, /* the first eight bytes are not "ElfFile\0"            */
    EVX_E_FILE_SHORT       = -0x0302, /* the input ends inside the 128 bytes of file header   */
    EVX_E_CHUNK_SIGNATURE  = -0x0311, /* a 64 KiB slot is neither a chunk nor empty           */
    EVX_E_CHUNK_CUT        = -0x0312, /* the input ends inside a chunk                        */
    EVX_E_CHUNK_CRC        = -0x0313, /* a chunk's checksum is wrong                            */
    EVX_E_RECORD_SIGNATURE = -0x0321, /* bytes where a record should begin are none           */
    EVX_E_RECORD_SIZE      = -0x0322, /* a record's size is impossible, or its copy differs   */

    EVX_E_TOKEN    = -0x0401,        /* a byte that is no token, or a token out of place      */
    EVX_E_OFFSET   = -0x0402,        /* an offset or a length leaves the bytes it lives in    */
    EVX_E_DEPTH    = -0x0403,        /* limit: instance_depth                                 */
    EVX_E_FUEL     = -0x0404,        /* limit: steps_per_byte                                 */
    EVX_E_OPEN     = -0x0405,        /* limit: open_elements                                  */
    EVX_E_NAME     = -0x0406,        /* limit: name_units                                     */
    EVX_E_BALANCE  = -0x0407,        /* an end tag without a start, or a stream that stops    */
    EVX_E_TEMPLATE = -0x0408,        /* the template definition is not there any more         */
    EVX_E_VALUE    = -0x0411,        /* a value's size or shape does not fit its type         */

    EVX_E_TEXT_MAX   = -0x0501,      /* limit: record_text                                    */
    EVX_E_CHUNK_TEXT = -0x0502,      /* limit: chunk_text                                     */

    EVX_E_EVT_SIGNATURE = -0x0601,   /* the first eight bytes are not 48, "LfLe"              */
    EVX_E_EVT_SHORT     = -0x0602,   /* the input ends inside the 48 bytes of legacy header   */
    EVX_E_EVT_CUT       = -0x0611    /* the input ends in front of where records stood        */
};

/*
 * A code in English words, for people. Static, never NULL, also for numbers that are no code.
 * Cost: one look-up in a small table.
 */
EVX_API const char *evx_status_text(evx_status status);

/* A stretch of bytes that somebody else owns. */
typedef struct evx_bytes {
    const uint8_t *ptr;
    size_t len;                      /* bytes                                                 */
} evx_bytes;

/* UTF-16LE text in somebody else's bytes: not aligned, not terminated, not yet checked. */
typedef struct evx_utf16 {
    const uint8_t *ptr;
    uint32_t units;                  /* 16-bit code units, so 2 * units bytes                 */
} evx_utf16;

/*
 * One struct for every budget; a field of 0 means its default. All of them guard work on hostile
 * input and stand far above anything seen in real logs (the figures behind each default are those
 * of 53,134 real records). Each has its own status code.
 */
typedef struct evx_limits {
    uint32_t instance_depth;         /* nested template instances; default and most 16; real: 2;
                                        EVX_E_DEPTH                                           */
    uint32_t open_elements;          /* open at once over all nested streams; default and most
                                        256; real: 9; EVX_E_OPEN                              */
    uint32_t name_units;             /* of one element or attribute name; default 1,024; real:
                                        46; EVX_E_NAME                                        */
    uint32_t steps_per_byte;         /* tokens and descriptors per byte of a record, on top of
                                        4,096; default 4; real: 0.53; EVX_E_FUEL, which is also
                                        the code where a chunk's budget for work is spent     */
    uint32_t record_text;            /* bytes of text that one record may make; default 1 MiB
                                        or 64 x its size, the larger; real: 35 KB;
                                        EVX_E_TEXT_MAX                                        */
    uint64_t chunk_text;             /* bytes of text from one chunk; default 64 x 65,536 +
                                        65,536; real: 3.5 x; EVX_E_CHUNK_TEXT. As many, or the
                                        default where that is more, pay for all work on text:
                                        1 for a byte, also of text that is thrown away, 10 for
                                        a step; real: 14 x; EVX_E_FUEL                        */
} evx_limits;

#ifdef __cplusplus
}
#endif

#endif
