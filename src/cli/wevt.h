/* src/cli/wevt.h - the templates of --wevt: read once, found by id */
#ifndef EVX_CLI_WEVT_H
#define EVX_CLI_WEVT_H

#include "cli.h"

typedef struct wevt_store {
    evx_wevt_template *list;         /* sorted by GUID, each once; bodies are its own          */
    size_t count, room;
} wevt_store;

/* Read a file, or the files of a folder. Says what it found, or why not. False: nothing. */
bool wevt_load(wevt_store *s, const char *path);

/* The template whose GUID begins with `id`; NULL when there is none, or more than one. */
const evx_wevt_template *wevt_find(const wevt_store *s, uint32_t id);

#endif
