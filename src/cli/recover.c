/* src/cli/recover.c - records that are in no order of a log: proved, marked, written once */
#include "recover.h"

#include <stdio.h>
#include <string.h>

enum { SEEN = 1 << 18, ARENA = 512 * 1024 };

/* What 64 KiB of input may cost, in bytes of text: as much as evx_text_record makes of a chunk. A
 * text that met a limit was made in vain, up to that limit. */
enum { TEXT_MOST = 65 * EVX_CHUNK_SIZE, TEXT_IN_VAIN = 1024 * 1024 };

static uint64_t work[EVX_TEXT_WORK / sizeof(uint64_t)], arena[ARENA / sizeof(uint64_t)];
static evx_slot slots[EVX_SLOTS_WORST];
static uint64_t copy[EVX_CHUNK_SIZE / sizeof(uint64_t)];
/* One record's text: as much as evx_text_record may make of it. */
static uint8_t scratch[64 * EVX_CHUNK_SIZE + EVX_CHUNK_SIZE];
static uint64_t seen[SEEN];          /* digests of records; 0: free                            */
static size_t seen_count;

bool recover_init(recover *r, const evx_text_config *config, bool numbered, const char *wevt,
                  cli_output *to)
{
    evx_text_config own = *config;

    memset(r, 0, sizeof *r);
    r->to = to;
    r->json = own.format == EVX_JSON;
    r->numbered = numbered;
    r->declared = (own.flags & EVX_TEXT_DECLARATION) != 0;
    own.flags &= ~(uint32_t)EVX_TEXT_DECLARATION;
    own.work = (uint8_t *)work;
    own.work_len = sizeof work;
    own.arena = (uint8_t *)arena;
    own.arena_len = sizeof arena;
    return (!wevt || wevt_load(&r->templates, wevt))
        && evx_text_init(&r->text, sizeof r->text, &own) == EVX_OK
        && evx_walk_init(&r->walk, sizeof r->walk, slots, EVX_SLOTS_WORST, NULL) == EVX_OK;
}

void recover_renew(recover *r)
{
    r->stretch = r->spent = 0;
}

/* ---- each one once -------------------------------------------------------------------------- */

/* Values are another thing than the text: when that is found later, it is written all the same. */
enum { AS_TEXT = 1, AS_VALUES = 3 };

/* Id, time and body: a record that lies in slack is the same one as in an earlier chunk, even where
 * the size of the copy around it differs. */
static uint64_t digest(const evx_chunk *c, const evx_record *r, unsigned as)
{
    const uint8_t *p = c->base + r->off;
    uint64_t h = 0xcbf29ce484222325u, word;
    uint32_t i = 8;

    for (; i + 12 <= r->size; i += 8) {
        memcpy(&word, p + i, sizeof word);
        h = (h ^ word) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
    }
    for (; i + 4 < r->size; i++)
        h = (h ^ p[i]) * 0x100000001b3u;
    return ((h ^ h >> 31) & ~(uint64_t)3) | as;
}

/* Where a digest is, or would be. */
static uint64_t *place(uint64_t key)
{
    size_t at = (size_t)(key >> 3) & (SEEN - 1);

    while (seen[at] != 0 && seen[at] != key)
        at = (at + 1) & (SEEN - 1);
    return &seen[at];
}

/* True when it was there. A full table forgets nothing and learns nothing: then a record may be
 * written twice. */
static bool know(uint64_t key)
{
    uint64_t *at = place(key);

    if (*at == key)
        return true;
    if (seen_count < SEEN / 4 * 3) {
        *at = key;
        seen_count++;
    }
    return false;
}

void recover_note(const evx_chunk *c, const evx_record *r)
{
    (void)know(digest(c, r, AS_TEXT));
}

/* ---- one record ----------------------------------------------------------------------------- */

/*
 * The mark's name is one that no member behind it has: an element may be called so too. Then it
 * ends with an underscore more than all of them do. Returns how many; a name has some at most.
 */
static size_t underscores(const evx_out *text)
{
    static const char name[] = "\"Recovered";
    const uint8_t *p = text->buf, *end = p + text->len;
    size_t most = 0;

    for (; (p = memchr(p, '"', (size_t)(end - p))) != NULL; p++) {
        size_t left = (size_t)(end - p), at = sizeof name - 1;
        if (left <= at || memcmp(p, name, at) != 0)
            continue;
        while (at < left && p[at] == '_')
            at++;
        if (left - at >= 2 && p[at] == '"' && p[at + 1] == ':' && most < at - sizeof name + 2)
            most = at - sizeof name + 2;
    }
    return most;
}

static void put_mark(cli_output *o, const char *how, uint64_t off, const evx_out *text)
{
    cli_put(o, "{\"Recovered");
    for (size_t n = underscores(text); n > 0; n--)
        cli_put(o, "_");
    cli_putf(o, "\":{\"origin\":\"%s\",\"offset\":%llu},", how, (unsigned long long)off);
}

/* The mark is a member in front of the event, or a comment. */
static void put_marked(recover *x, const evx_record *r, const char *how, uint64_t off,
                       const evx_out *text)
{
    cli_output *o = x->to;
    const char *body = (const char *)text->buf;

    if (x->numbered)
        cli_putf(o, "Record %llu\n", (unsigned long long)r->id);
    if (x->json) {
        put_mark(o, how, off, text);
        (void)evx_out_write(&o->out, body + 1, text->len - 1);
        cli_put(o, "\n");
        return;
    }
    if (x->declared)
        cli_put(o, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    cli_putf(o, "<!-- recovered: %s, offset %llu -->\n", how, (unsigned long long)off);
    (void)evx_out_write(&o->out, body, text->len);
    if (text->len > 0 && body[text->len - 1] != '\n')
        cli_put(o, "\n");
    cli_put(o, x->declared ? "\n" : "");
}

static void note_missing(recover *x, uint32_t id)
{
    size_t i = 0;

    while (i < x->missing_count && i < RECOVER_MISSING && x->missing[i] != id)
        i++;
    if (i < RECOVER_MISSING)
        x->missing[i] = id;
    if (i == x->missing_count)
        x->missing_count++;
}

/* The record in a chunk of its own, with the provider's templates in the place of lost ones; true
 * when it then proves itself. */
static bool graft(recover *x, evx_graft *g, const evx_chunk *c, const evx_record *r)
{
    const evx_wevt_template *t;
    uint32_t id, values;
    evx_status st = evx_graft_begin(g, sizeof *g, (uint8_t *)copy, c, r);

    while (st == EVX_OK && (st = evx_graft_next(g, &id, &values)) == EVX_OK) {
        t = wevt_find(&x->templates, id);
        if (!t)
            note_missing(x, id);
        st = t ? evx_graft_put(g, t) : EVX_E_TEMPLATE;
    }
    return st == EVX_END && evx_record_proves(&x->walk, &g->chunk, &g->record) == EVX_OK;
}

/*
 * The text of a record that proves itself. The library bounds what a chunk may cost, but a record
 * found by signature is in a chunk of its own making, so here it is where the record stands in the
 * input that counts.
 */
static evx_status write_text(recover *x, const evx_chunk *c, const evx_record *r, uint64_t off,
                             evx_out *text)
{
    uint64_t stretch = off / EVX_CHUNK_SIZE;
    evx_status st;

    if (stretch != x->stretch) {
        x->stretch = stretch;
        x->spent = 0;
    }
    if (x->spent >= TEXT_MOST)
        return EVX_E_CHUNK_TEXT;
    evx_text_renew(&x->text);        /* the chunk that it comes in is often the same memory     */
    evx_out_init(text, scratch, sizeof scratch, NULL, NULL);
    st = evx_text_record(&x->text, c, r, text);
    x->spent += st == EVX_OK ? text->len : TEXT_IN_VAIN;
    return st;
}

/* Was its text written before? */
static bool is_known(recover *x, const evx_chunk *c, const evx_record *r)
{
    uint64_t whole = digest(c, r, AS_TEXT);
    bool known = *place(whole) == whole;

    x->duplicates += known;
    return known;
}

/* Written unless it was before. *count goes up. */
static evx_status finish(recover *x, const evx_chunk *c, const evx_record *r, const char *how,
                         const evx_out *text, uint64_t *count)
{
    if (know(digest(c, r, count == &x->values ? AS_VALUES : AS_TEXT))) {
        x->duplicates++;
        return EVX_OK;
    }
    put_marked(x, r, how, c->file_off + r->off, text);
    ++*count;
    return x->to->out.failed < 0 ? EVX_END : EVX_OK;
}

static bool wanted(recover *x, const evx_chunk *c, const evx_record *r)
{
    return !x->wanted || x->wanted(x->user, c, r);
}

evx_status recover_wevt(recover *x, const evx_chunk *c, const evx_record *r)
{
    evx_graft g;
    evx_out text;

    if (x->templates.count == 0 || evx_record_proves(&x->walk, c, r) == EVX_OK
        || !graft(x, &g, c, r))
        return EVX_SKIP;
    if (!wanted(x, &g.chunk, &g.record))
        return EVX_OK;
    if (write_text(x, &g.chunk, &g.record, c->file_off + r->off, &text) < 0)
        return EVX_SKIP;
    return finish(x, c, r, "wevt", &text, &x->grafted);
}

evx_status recover_put(recover *x, const evx_chunk *c, const evx_record *r, const char *how,
                       bool values)
{
    bool proved;
    evx_status st;
    evx_out text;

    if (is_known(x, c, r))
        return EVX_OK;
    proved = evx_record_proves(&x->walk, c, r) == EVX_OK;
    st = proved ? EVX_SKIP : recover_wevt(x, c, r);

    if (st != EVX_SKIP || ((proved || values) && !wanted(x, c, r)))
        return st == EVX_SKIP ? EVX_OK : st;
    st = EVX_E_TEMPLATE;
    if (proved) {
        st = write_text(x, c, r, c->file_off + r->off, &text);
    } else if (values) {
        evx_out_init(&text, scratch, sizeof scratch, NULL, NULL);
        st = evx_text_values(&x->text, c, r, &text);
    }
    if (st < 0) {
        x->unproved++;
        return EVX_SKIP;
    }
    return finish(x, c, r, how, &text, proved ? &x->proved : &x->values);
}

uint32_t recover_step(recover *x, const evx_record *r, uint32_t step)
{
    enum { IN_VAIN = 8 * EVX_CHUNK_SIZE };

    if (x->wasted > IN_VAIN)
        return r->off + r->size;
    x->wasted += r->size;
    return r->off + step;
}

evx_status recover_hidden(recover *x, const evx_chunk *c, const evx_record *parent)
{
    evx_record h;
    uint32_t from;
    bool ends;

    if (evx_record_hidden(c, parent, 0, &h) != EVX_OK)
        return EVX_OK;
    from = info_record_end(c, parent);
    ends = from != 0;
    while (evx_record_hidden(c, parent, from, &h) == EVX_OK) {
        if (recover_put(x, c, &h, "hidden", ends) == EVX_END)
            return EVX_END;
        from = h.off + h.size;
    }
    return EVX_OK;
}

evx_status recover_slack(recover *x, const evx_chunk *c)
{
    evx_window w = { c->base, c->len, c->file_off };
    uint32_t pos = (c->free_off + 7) & ~7u;
    evx_record r;

    if (c->damage & EVX_CHUNK_SIGNATURE)
        return EVX_OK;               /* all of it was read as records already                  */
    x->wasted = 0;
    while (evx_carve_record(&w, &pos, 8, &r) == EVX_OK) {
        evx_status st;
        r.origin = EVX_ORIGIN_SLACK;
        st = recover_put(x, c, &r, "slack", false);
        if (st == EVX_END)
            return EVX_END;
        if (st == EVX_SKIP)
            pos = recover_step(x, &r, 8);
    }
    return EVX_OK;
}

/* What --wevt came to: how many templates there were, and which were wanted and are not there. */
static void say_templates(const recover *x)
{
    char ids[RECOVER_MISSING * 10 + 8] = "";
    size_t len = 0;

    cli_say("recovered with templates of --wevt: %llu record%s; %llu template%s loaded",
            (unsigned long long)x->grafted, cli_s(x->grafted),
            (unsigned long long)x->templates.count, cli_s(x->templates.count));
    for (size_t i = 0; i < x->missing_count && i < RECOVER_MISSING; i++)
        len += (size_t)snprintf(ids + len, sizeof ids - len, " %08lx",
                                (unsigned long)x->missing[i]);
    if (x->missing_count > 0)
        cli_say("templates that records lack and --wevt has not, or has twice: their GUIDs begin "
                "with%s%s", ids, x->missing_count > RECOVER_MISSING ? " ..." : "");
}

enum { COUNTS = 160 };               /* bytes of a list of them                                */

/* Noughts are no news. */
static void add_count(char to[COUNTS], const char *before, uint64_t n, const char *behind)
{
    size_t len = strlen(to);

    if (n > 0)
        (void)snprintf(to + len, COUNTS - len, "%s%s%llu%s", len > 0 ? ", " : "", before,
                       (unsigned long long)n, behind);
}

void recover_say(const recover *x)
{
    char found[COUNTS] = "", left[COUNTS] = "";

    if (x->templates.count > 0)
        say_templates(x);
    add_count(found, "", x->proved, x->proved == 1 ? " record" : " records");
    add_count(found, "the values of ", x->values, " whose templates are lost");
    add_count(left, "", x->duplicates, " found twice");
    add_count(left, "", x->unproved, " that prove nothing");
    cli_say("recovered: %s%s%s", *found ? found : "nothing", *left ? "; left out: " : "", left);
}
