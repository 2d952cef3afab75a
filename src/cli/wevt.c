/* src/cli/wevt.c - the templates of --wevt: read once, found by id */
#include "wevt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A template lies in the first half, with all of it in the buffer. */
enum { HALF = 512 * 1024, AHEAD = EVX_CHUNK_SIZE };

static bool keep(wevt_store *s, const evx_wevt_template *t)
{
    evx_wevt_template own = *t;
    uint8_t *body = malloc(t->body.len);

    if (s->count == s->room) {
        size_t room = s->room * 2 + 64;
        evx_wevt_template *more = realloc(s->list, room * sizeof *more);
        if (!more) {
            free(body);
            return false;
        }
        s->list = more;
        s->room = room;
    }
    if (!body)
        return false;
    memcpy(body, t->body.ptr, t->body.len);
    own.body.ptr = body;
    s->list[s->count++] = own;
    return true;
}

/* ---- files ---------------------------------------------------------------------------------- */

static bool read_templates(wevt_store *s, int fd, int *error)
{
    uint8_t *buffer = malloc(HALF + AHEAD);
    size_t have = 0, got = 1;
    bool room = buffer != NULL;

    while (room && got > 0) {
        evx_bytes blob = { buffer, 0 };
        size_t pos = 0, end;
        evx_wevt_template t;
        got = cli_read(fd, buffer + have, HALF + AHEAD - have, error);
        have += got;
        blob.len = have;
        end = got > 0 && have > HALF ? HALF : have;
        while (room && pos < end && evx_wevt_next(blob, &pos, &t) == EVX_OK)
            room = keep(s, &t);
        end = pos < end ? end : pos < have ? pos : have;
        memmove(buffer, buffer + end, have - end);
        have -= end;
    }
    free(buffer);
    return room;
}

static void load_file(wevt_store *s, const char *path)
{
    int error = 0, fd = cli_open(path, true, &error);

    if (fd < 0) {
        cli_say("%s: %s", path, cli_error_text(error));
        return;
    }
    if (!read_templates(s, fd, &error))
        cli_say("%s: out of memory", path);
    else if (error != 0)
        cli_say("%s: %s", path, cli_error_text(error));
    (void)cli_close(fd);
}

static void load_folder(wevt_store *s, const char *folder)
{
    cli_names names = { 0 };
    int error = cli_names_read(&names, folder);

    if (error != 0)
        cli_say("%s: %s", folder, cli_error_text(error));
    for (size_t i = 0; i < names.count; i++) {
        size_t len = strlen(folder) + strlen(names.names[i]) + 2;
        char *path = malloc(len);
        if (path) {
            snprintf(path, len, "%s/%s", folder, names.names[i]);
            if (cli_kind(path, true, &error) == CLI_FILE)
                load_file(s, path);
        }
        free(path);
    }
    cli_names_free(&names);
}

/* ---- order ---------------------------------------------------------------------------------- */

static int by_guid(const void *a, const void *b)
{
    const evx_wevt_template *x = a, *y = b;

    return memcmp(x->guid, y->guid, sizeof x->guid);
}

static void drop_copies(wevt_store *s)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->count; i++) {
        if (kept > 0 && by_guid(&s->list[kept - 1], &s->list[i]) == 0)
            free((void *)s->list[i].body.ptr);
        else
            s->list[kept++] = s->list[i];
    }
    s->count = kept;
}

bool wevt_load(wevt_store *s, const char *path)
{
    int error, kind = cli_kind(path, false, &error);

    if (kind == 0) {
        cli_say("--wevt: %s: %s", path, cli_error_text(error));
        return false;
    }
    if (kind == CLI_FOLDER)
        load_folder(s, path);
    else
        load_file(s, path);
    if (s->count > 0)
        qsort(s->list, s->count, sizeof *s->list, by_guid);
    drop_copies(s);
    if (s->count == 0)
        cli_say("%s: no event templates (WEVT_TEMPLATE) in it; name a provider's DLL, or a folder "
                "of them", path);
    return s->count > 0;
}

const evx_wevt_template *wevt_find(const wevt_store *s, uint32_t id)
{
    uint8_t first[4] = { (uint8_t)id, (uint8_t)(id >> 8), (uint8_t)(id >> 16),
                         (uint8_t)(id >> 24) };
    size_t low = 0, high = s->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(s->list[middle].guid, first, sizeof first) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == s->count || memcmp(s->list[low].guid, first, sizeof first) != 0)
        return NULL;
    if (low + 1 < s->count && memcmp(s->list[low + 1].guid, first, sizeof first) == 0)
        return NULL;
    return &s->list[low];
}
