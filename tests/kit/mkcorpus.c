/* tests/kit/mkcorpus.c - mkcorpus DIR writes the whole made corpus, the same bytes each time. */
#include "scenes.h"
#include "seeds.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#ifdef _WIN32
#include <direct.h>
#define make_dir(p) _mkdir(p)
#else
#include <sys/stat.h>
#define make_dir(p) mkdir(p, 0777)
#endif

int kit_test(void);                  /* the writer answers for itself before it writes */

typedef struct sink { const char *root, *room, *ending; unsigned files, failed; size_t bytes; }
    sink;

static void path_of(const sink *s, const char *name, char out[1024])
{
    (void)snprintf(out, 1024, "%s/%s/%s%s", s->root, s->room, name, s->ending);
}

static void save(void *user, const char *name, mk_bytes b)
{
    sink *s = (sink *)user;
    char path[1024];
    path_of(s, name, path);
    FILE *f = b.ptr ? fopen(path, "wb") : NULL;
    int bad = !f || fwrite(b.ptr, 1, b.len, f) != b.len;
    if (f && fclose(f) != 0) bad = 1;
    if (bad) fprintf(stderr, "mkcorpus: %s: %s\n", path, b.ptr ? strerror(errno) : "not made");
    s->failed += (unsigned)bad;
    s->files++;
    s->bytes += b.len;
}

static void enter(sink *s, const char *room, const char *ending)
{
    char path[1024];
    s->room = room;
    s->ending = ending;
    (void)snprintf(path, sizeof path, "%s/%s", s->root, room);
    if (make_dir(path) != 0 && errno != EEXIST) perror(path);
}

static void save_scenes(sink *s)
{
    static uint8_t mem[KIT_SCENE_MEM];
    static mk_log g;
    const kit_scene *scene;
    enter(s, "exchange", ".evtx");
    for (size_t i = 0; (scene = kit_scene_at(i)) != NULL; i++) {
        mk_bytes log = kit_scene_make(scene, &g, mem, sizeof mem);
        if (!log.ptr) fprintf(stderr, "mkcorpus: %s: %s\n", scene->name, g.file.failed);
        save(s, scene->name, log);
    }
}

/* The same stories as Exchange 2003 itself logged them; a collector's log never was one. */
static void save_legacy_scenes(sink *s)
{
    static uint8_t mem[KIT_SCENE_MEM], legacy[KIT_EVT_MEM];
    static mk_log g;
    static mk_evt e;
    const kit_scene *scene;
    enter(s, "exchange", ".evt");
    for (size_t i = 0; (scene = kit_scene_at(i)) != NULL; i++) {
        mk_bytes log = kit_scene_make_evt(scene, &g, mem, sizeof mem, &e, legacy);
        if (e.failed) fprintf(stderr, "mkcorpus: %s.evt: %s\n", scene->name, e.failed);
        if (log.ptr || e.failed) save(s, scene->name, log);
    }
}

/* One folder for each fuzz target. */
static void save_seeds(sink *s)
{
    static const struct { const char *room, *ending; kit_take_all all[2]; } rooms[] = {
        { "seed/walk", ".chunk", { kit_seeds_tokens, kit_seeds_hostile } },
        { "seed/text", ".chunk", { kit_seeds_values, NULL } },
        { "seed/stream", ".evtx", { kit_seeds_files, NULL } },
        { "seed/evt", ".evt", { kit_seeds_evt, NULL } },
        { "seed/chunk", ".chunk", { kit_seeds_chunks, NULL } },
        { "seed/chunk_crc", ".chunk", { kit_seeds_sums, NULL } },
        { "seed/select", ".chunk", { kit_seeds_fields, NULL } },
        { "seed/diff", ".chunk", { kit_seeds_fast, NULL } },
        { "seed/carve", ".blob", { kit_seeds_carving, NULL } },
        { "seed/wevt", ".resource", { kit_seeds_resources, NULL } },
        { "seed/vss", ".ops", { kit_seeds_events, NULL } },
        { "seed/kern", ".bytes", { kit_seeds_kernels, NULL } },
        { "seed/roundtrip", ".ops", { kit_seeds_structures, NULL } },
        { "seed/alike", ".ops", { kit_seeds_decisions, NULL } },
    };
    enter(s, "seed", "");
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        enter(s, rooms[i].room, rooms[i].ending);
        rooms[i].all[0](save, s);
        if (rooms[i].all[1]) rooms[i].all[1](save, s);
    }
}

int main(int argc, char **argv)
{
    sink s = { argc == 2 ? argv[1] : NULL, NULL, NULL, 0, 0, 0 };
    if (!s.root) {
        fprintf(stderr, "usage: mkcorpus DIR\n");
        return 2;
    }
    if (kit_test() != 0) return 1;
    if (make_dir(s.root) != 0 && errno != EEXIST) perror(s.root);
    save_scenes(&s);
    save_legacy_scenes(&s);
    save_seeds(&s);
    printf("%u files, %lu bytes, %u failed\n", s.files, (unsigned long)s.bytes, s.failed);
    return s.failed ? 1 : 0;
}
