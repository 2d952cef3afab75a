/* tests/text/test_golden.c - the golden pages: XML and JSON, ours and evtx_dump's */
#include <criterion/criterion.h>

#include "../golden/page.h"
#include "../thin.h"
#include "cuts.h"

#include <unistd.h>

enum { OUT_CAP = 1 << 20 };

static spec description;
static char got[OUT_CAP], theirs[OUT_CAP];

typedef struct kind {
    const char *info;
    uint32_t format, flags;
    const char *options;             /* of evtx_dump */
} kind;

static const kind kinds[] = {
    { "xml", EVX_XML, 0, "-o xml" }, { "json", EVX_JSON, 0, "-o jsonl" },
    { "json separate", EVX_JSON, EVX_TEXT_SEPARATE, "-o jsonl --separate-json-attributes" }
};

static const kind *kind_of(const char *info, bool *ours)
{
    size_t n = strlen(info);

    *ours = n > 5 && strcmp(info + n - 5, " ours") == 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (n - (*ours ? 5 : 0) == strlen(kinds[i].info)
            && strncmp(info, kinds[i].info, strlen(kinds[i].info)) == 0)
            return &kinds[i];
    return NULL;
}

/* Every record of the log as text, one below the other; `piece`: through an output of that size. */
static void render_all(mk_bytes log, const kind *k, size_t piece)
{
    size_t at = 0;
    evx_chunk c;
    evx_record r;
    evx_status st;

    for (size_t i = 0; i < description.file.chunks; i++) {
        (void)kit_chunk(log.ptr, log.len, i, &c);
        for (size_t n = 0; (st = kit_record(&c, n, &r)) != EVX_END; n++) {
            kit_text t = piece ? kit_render_through(&c, &r, k->format, k->flags, piece)
                               : kit_render(&c, &r, k->format, k->flags, NULL);
            cr_assert(st == EVX_OK && t.status == EVX_OK && t.len + at + 2 < OUT_CAP);
            memcpy(got + at, t.text, t.len);
            at += t.len;
            if (k->format == EVX_JSON)
                got[at++] = '\n';
        }
    }
    got[at] = 0;
}

static size_t blocks, wrong;

static void complain(const page_case *c, const char *info, const char *what, const char *text)
{
    wrong++;
    cr_log_error("%s [%s] %s:\n%s", c->where, info, what, text);
}

static void check_ours(page_case *c)
{
    mk_bytes log = spec_log(&description, c->log);

    cr_assert(log.ptr, "%s: %s", c->where, description.file.failed);
    for (size_t i = 0; i < c->blocks; i++) {
        bool ours;
        const kind *k = kind_of(c->block[i].info, &ours);
        if (!k)
            continue;
        blocks++;
        render_all(log, k, 0);
        if (strcmp(got, c->block[i].text) != 0)
            complain(c, c->block[i].info, "is", got);
        render_all(log, k, 7);
        if (strcmp(got, c->block[i].text) != 0)
            complain(c, c->block[i].info, "through a small output is", got);
    }
}

Test(golden, what_we_write)
{
    size_t cases = page_each(EVX_TEST_ROOT "/tests/golden", check_ours);

    cr_assert(cases >= 70 && blocks >= 150, "%zu cases, %zu blocks", cases, blocks);
    cr_assert(wrong == 0, "%zu of %zu blocks are wrong", wrong, blocks);
}

/* Without indentation and with a declaration: the same text but for blanks between tags. */
static void check_compact(page_case *c)
{
    mk_bytes log = spec_log(&description, c->log);
    const kind compact = { "", EVX_XML, EVX_TEXT_COMPACT, NULL };
    char *p;

    for (size_t i = 0; i < c->blocks; i++) {
        if (strncmp(c->block[i].info, "xml", 3) != 0)
            continue;
        render_all(log, &compact, 0);
        p = got;
        for (const char *s = c->block[i].text; *s; s++) {
            if (*p == *s)
                p++;
            else
                cr_assert(*s == '\n' || *s == ' ', "%s at \"%.20s\": \"%.20s\"", c->where, s, p);
        }
        cr_assert(*p == 0, "%s", c->where);
    }
}

Test(golden, compact_xml)
{
    (void)page_each(EVX_TEST_ROOT "/tests/golden", check_compact);
}

/* ---- evtx_dump itself, where it is installed ------------------------------------------------- */

static char program[512], folder[] = "/tmp/evx-golden-XXXXXX";

/* Its XML without the lines "Record N", the declarations and the blank lines behind records. */
static void strip_xml(char *text)
{
    static const char declaration[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
    char *to = text, *from = text;

    while (*from) {
        char *line = strchr(from, '\n');
        if (strncmp(from, "Record ", 7) == 0 && line
            && strncmp(line + 1, declaration, sizeof declaration - 1) == 0) {
            from = line + sizeof declaration;
            continue;
        }
        if (*from == '\n' && (from[1] == 0 || strncmp(from + 1, "Record ", 7) == 0)) {
            from++;
            continue;
        }
        do
            *to++ = *from;
        while (*from++ != '\n' && *from);
    }
    *to = 0;
}

static void ask_them(const kind *k, const char *file)
{
    char command[1024];
    size_t n;
    FILE *f;

    snprintf(command, sizeof command, "'%s' %s '%s' 2>/dev/null", program, k->options, file);
    f = popen(command, "r");
    cr_assert(f != NULL);
    n = fread(theirs, 1, sizeof theirs - 1, f);
    theirs[n] = 0;
    pclose(f);
    if (k->format == EVX_XML)
        strip_xml(theirs);
}

static void check_theirs(page_case *c)
{
    mk_bytes log = spec_log(&description, c->log);
    char file[64];
    FILE *f;

    snprintf(file, sizeof file, "%s/a.evtx", folder);
    f = fopen(file, "wb");
    cr_assert(f && fwrite(log.ptr, 1, log.len, f) == log.len && fclose(f) == 0);
    for (size_t i = 0; i < c->blocks; i++) {
        bool ours;
        const kind *k = kind_of(c->block[i].info, &ours);
        if (!k || blocks++ % thin() != 0)
            continue;
        ask_them(k, file);
        if (ours == (strcmp(theirs, c->block[i].text) == 0))
            complain(c, c->block[i].info, ours ? "is theirs as well" : "is theirs", theirs);
    }
    remove(file);
}

/* Named by EVTX_DUMP, or found on the PATH. */
static bool find_program(void)
{
    const char *named = getenv("EVTX_DUMP");
    FILE *f;

    if (named) {
        snprintf(program, sizeof program, "%s", named);
        return access(program, X_OK) == 0;
    }
    f = popen("command -v evtx_dump", "r");
    if (!f || !fgets(program, sizeof program, f))
        program[0] = 0;
    if (f)
        pclose(f);
    program[strcspn(program, "\n")] = 0;
    return program[0] != 0;
}

Test(golden, what_evtx_dump_writes)
{
    if (!find_program())
        cr_skip_test("no evtx_dump: set EVTX_DUMP, or cargo install evtx --version 0.12.2");
    cr_assert(mkdtemp(folder) != NULL);
    (void)page_each(EVX_TEST_ROOT "/tests/golden", check_theirs);
    rmdir(folder);
    cr_assert(wrong == 0, "%zu of %zu blocks are wrong", wrong, blocks);
}
