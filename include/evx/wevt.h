/* include/evx/wevt.h - templates out of provider resources, for records that lost theirs */
#ifndef EVX_WEVT_H
#define EVX_WEVT_H

#include "binxml.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A provider's DLL carries the templates of its events as a resource, WEVT_TEMPLATE. Where a log
 * has lost a definition, the one of the provider may stand in: the record asks for it by the first
 * four bytes of its GUID. What comes out was not all in the log, so it should be marked.
 *
 *     evx_graft_begin(&g, sizeof g, memory, c, r);
 *     while ((st = evx_graft_next(&g, &id, &count)) == EVX_OK)
 *         look for a template with this id: evx_graft_put(&g, &t), or else break;
 *     if (st == EVX_END && evx_record_proves(&walk, &g.chunk, &g.record) == EVX_OK)
 *         evx_text_record(&text, &g.chunk, &g.record, &out);
 */

/* ---- templates in a resource ---------------------------------------------------------------- */

typedef struct evx_wevt_template {
    evx_bytes body;                  /* binary XML, borrowed from the blob; its names stand in it
                                        as on the wire (MS-EVEN6 2.2.12)                      */
    uint8_t  guid[16];               /* as it stands in the bytes                             */
    uint32_t kind;                   /* 1 EventData, 2 UserData                               */
    uint32_t values;                 /* how many values an instance brings                    */
} evx_wevt_template;

/*
 * The next template in any bytes: a DLL, a resource that was taken out of one. Found by its
 * signature, its size and the beginning of its binary XML; nothing else of the file is looked at.
 *
 * blob  longer ones may be given in windows that overlap by 64 KiB: no template is longer
 * pos   bytes into the blob; 0 to begin; advanced behind the template
 *
 * EVX_OK, EVX_END. Cost: linear in the bytes passed.
 */
EVX_API evx_status evx_wevt_next(evx_bytes blob, size_t *pos, evx_wevt_template *out);

/* ---- a record with other definitions -------------------------------------------------------- */

enum { EVX_GRAFT_LEVELS = 4 };       /* nested instances that are looked at; real ones have 2 */

typedef struct evx_graft {
    evx_chunk  chunk;                /* a copy of the record's chunk, with what was put       */
    evx_record record;               /* the record in it, at its own offset                   */
    /* private */
    uint8_t *memory;
    uint32_t room, room_end, depth, lost;
    struct { uint32_t descriptor, left, at, end; } levels[EVX_GRAFT_LEVELS];
} evx_graft;

/*
 * Begin with a record whose definitions may be lost. The chunk is copied; what is put will stand in
 * bytes of the copy that this record does not need: behind it, or where other records lie that
 * brought no definition. So g->chunk serves for this record only.
 *
 * memory  EVX_CHUNK_SIZE bytes of the caller's, used until the last use of g->chunk
 *
 * EVX_OK; EVX_E_ABI when size is not the library's sizeof(evx_graft); EVX_E_ARG when r is not in c;
 * EVX_E_TEMPLATE when the record does not hold an instance.
 * Cost: linear in the chunk.
 */
EVX_API evx_status evx_graft_begin(evx_graft *g, size_t size, uint8_t *memory, const evx_chunk *c,
                                   const evx_record *r);

/*
 * The next instance whose definition is lost, outer ones first; the same one again until a
 * definition was put, so who has none ends here.
 *
 * id      the first four bytes of the definition's GUID, little-endian
 * values  how many it brings
 *
 * EVX_OK; EVX_END when there is no more.
 */
EVX_API evx_status evx_graft_next(evx_graft *g, uint32_t *id, uint32_t *values);

/*
 * Give the instance that evx_graft_next told of this definition.
 *
 * EVX_OK; EVX_E_ARG when there is no such instance, or the GUID begins with another id; EVX_E_SPACE
 * when the copy has no room for it; EVX_E_TOKEN, EVX_E_OFFSET, EVX_E_VALUE: it is damaged. Then
 * the instance stays as it was.
 * Cost: linear in the template.
 */
EVX_API evx_status evx_graft_put(evx_graft *g, const evx_wevt_template *t);

#ifdef __cplusplus
}
#endif

#endif
