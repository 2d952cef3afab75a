/* tests/kit/seeds.h - small broken and sound inputs for the fuzz targets, made one by one. */
#ifndef KIT_SEEDS_H
#define KIT_SEEDS_H

#include "mkevtx.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { KIT_SEED_MEM = MK_FILE_HEADER + 2 * MK_CHUNK };

/* Each family calls `take` once per seed. A name without directory; bytes die with the call. */
typedef void (*kit_take)(void *user, const char *name, mk_bytes seed);
typedef void (*kit_take_all)(kit_take take, void *user);

void kit_seeds_tokens(kit_take take, void *user);     /* chunks: a token each             */
void kit_seeds_values(kit_take take, void *user);     /* chunks: a value type each        */
void kit_seeds_hostile(kit_take take, void *user);    /* chunks: bombs, lies, depth       */
void kit_seeds_files(kit_take take, void *user);      /* whole files, cut after the last record */
void kit_seeds_evt(kit_take take, void *user);        /* whole legacy files               */
void kit_seeds_chunks(kit_take take, void *user);     /* chunks: lost, hidden, slack, cut  */
void kit_seeds_sums(kit_take take, void *user);       /* chunks: sums that fit or do not   */
void kit_seeds_fields(kit_take take, void *user);     /* chunks: an event each             */
void kit_seeds_fast(kit_take take, void *user);       /* chunks: records that look alike   */
void kit_seeds_carving(kit_take take, void *user);    /* records and chunks in other bytes */
void kit_seeds_resources(kit_take take, void *user);  /* 2,048 bytes of templates, a chunk */
void kit_seeds_events(kit_take take, void *user);     /* programs for backup events        */
void kit_seeds_kernels(kit_take take, void *user);    /* plain bytes                       */
void kit_seeds_structures(kit_take take, void *user); /* programs for logs                 */
void kit_seeds_decisions(kit_take take, void *user);  /* the same, of records almost alike */

/* Shared by the families: a chunk image, from its signature to its last record. */
mk_bytes kit_seed_chunk(mk_file *f);

#ifdef __cplusplus
}
#endif
#endif
