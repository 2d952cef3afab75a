/* include/evx/stream.h - bytes, in any pieces -> chunk windows */
#ifndef EVX_STREAM_H
#define EVX_STREAM_H

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EVX_CHUNK_SIZE 65536u        /* bytes of a chunk slot                                 */
#define EVX_FILE_HEADER_SIZE 4096u   /* bytes before the first slot, header and padding       */

/* One 64 KiB slot of the file. Dies at the next call on its stream. */
typedef struct evx_window {
    const uint8_t *base;
    uint32_t len;                    /* bytes; fewer than EVX_CHUNK_SIZE only at the input's end */
    uint64_t file_off;               /* bytes from the start of the file                      */
} evx_window;

/* evx_file_header.damage */
enum {
    EVX_FILE_CRC      = 1u << 0,     /* the header's CRC-32 does not fit its bytes            */
    EVX_FILE_VERSION  = 1u << 1,     /* not 3.x                                               */
    EVX_FILE_CUT      = 1u << 2,     /* the input ends inside the 4,096 header bytes          */
    EVX_FILE_GEOMETRY = 1u << 3,     /* header or block size is not what every log has        */
    EVX_FILE_SIGNATURE = 1u << 4     /* no header: see evx_stream_headless                    */
};

/* evx_file_header.flags: bits 0x1 dirty, 0x2 full, 0x4 no CRC; the others mean nothing */
enum { EVX_FILE_DIRTY = 1u << 0, EVX_FILE_FULL = 1u << 1, EVX_FILE_NO_CRC = 1u << 2 };

/*
 * The file header as it stands in the file. A dirty log's fields are those of its last clean
 * close, so nothing in this library trusts them: slots are read to the end of the input.
 */
typedef struct evx_file_header {
    uint64_t first_chunk;            /* slot of the oldest chunk                              */
    uint64_t last_chunk;             /* slot of the newest chunk                              */
    uint64_t next_record;            /* the id the next record would get                      */
    uint32_t flags;                  /* EVX_FILE_DIRTY ...; outside the CRC                   */
    uint32_t damage;                 /* EVX_FILE_... damage bits                              */
    uint16_t major, minor;           /* 3.1 since Vista, 3.2 since Windows 10 2004            */
    uint16_t chunk_count;            /* wraps at 65,536 chunks                                */
} evx_file_header;

typedef struct evx_stream {
    evx_file_header header;          /* set before the first window                           */
    uint64_t   file_off;             /* bytes taken so far                                    */
    evx_status failed;
    /* private */
    uint8_t   *window;
    uint64_t   window_off;
    uint32_t   have, state;
} evx_stream;

/*
 * Begin a stream.
 *
 * s       the context; overwritten
 * size    sizeof *s
 * window  EVX_CHUNK_SIZE bytes of the caller's, used until the last call on s. NULL if every piece
 *         handed to evx_stream_next holds the whole rest of the file (a mapped file); then a piece
 *         that does not is EVX_E_SPACE.
 *
 * EVX_OK, or EVX_E_ABI when size is not the library's.
 */
EVX_API evx_status evx_stream_init(evx_stream *s, size_t size, uint8_t *window);

/*
 * Hand out the next slot of the file.
 *
 * in    unread input; advanced past every byte taken. Borrowed for this call, and for as long as
 *       *out lives when out->base points into it.
 * out   filled on EVX_OK. Borrows from *in or from the stream's own window and dies at the next
 *       call on s.
 *
 * EVX_OK    one window: 65,536 bytes, fewer only where the input ended
 * EVX_MORE  all of *in was taken; bring more, or call evx_stream_close and call again
 * EVX_END   closed, and everything was handed out
 * EVX_E_FILE_SIGNATURE, EVX_E_FILE_SHORT   this is no EVTX file; repeated for ever
 * EVX_E_SPACE  no window was given, and this piece does not hold the whole slot
 *
 * Cost: linear in the bytes taken; copies only what straddles two pieces.
 */
EVX_API evx_status evx_stream_next(evx_stream *s, evx_bytes *in, evx_window *out);

/*
 * Before the first piece: this log has lost its header, but slots begin at offset 4,096 (who finds
 * "ElfChnk" there, or a number of slots behind it, knows). The bytes in front are skipped whatever
 * they hold, s->header stays zero but for its damage, EVX_FILE_SIGNATURE.
 */
EVX_API void evx_stream_headless(evx_stream *s);

/* The same where the header was cut off: slots begin with the first byte. */
EVX_API void evx_stream_beheaded(evx_stream *s);

/* Say that no more input will come. evx_stream_next then gives the cut slot, if any, and
 * EVX_END. */
EVX_API void evx_stream_close(evx_stream *s);

#ifdef __cplusplus
}
#endif

#endif
