/* tests/vss/scenario.c - a line of words -> events and losses -> sessions and verdicts in a line */
#include "scenario.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const guids[4] = {
    "{0A000000-0000-0000-0000-00000000000a}:12", "0b000000-0000-0000-0000-00000000000B",
    "{0c000000-0000-0000-0000-00000000000c}", "0d000000-0000-0000-0000-00000000000d:3"
};

typedef struct reader {
    scenario *s;
    uint64_t minute, record;
    uint32_t file, computer, order;
    const char *channel;
    uint64_t pending;                /* losses that wait for the event behind them             */
} reader;

static void text(evx_text_view *v, const char *words)
{
    v->ptr = (const uint8_t *)words;
    v->len = (uint32_t)strlen(words);
    v->utf8 = 1;
}

static void add_data(evx_fields *f, const char *words)
{
    evx_value *v = &f->data[f->data_count++];

    f->data_total = f->data_count;
    v->type = EVX_UTF8;
    v->raw.ptr = (const uint8_t *)words;
    v->raw.len = strlen(words);
}

static void set_payload(evx_fields *f, const char *words)
{
    f->payload.type = EVX_BINARY;
    f->payload.raw.ptr = (const uint8_t *)words;
    f->payload.raw.len = strlen(words) + 1;
    f->present |= EVX_HAS_PAYLOAD;
}

static void apply(evx_fields *f, char letter)
{
    switch (letter) {
    case 'b': set_payload(f, "Backup in progress."); break;
    case 'i': set_payload(f, "Abort ignored."); break;
    case 'p': set_payload(f, "Volume snap occurring."); break;
    case 'x': add_data(f, "0x50d"); break;
    case 'e': add_data(f, "-2403"); break;
    case 't': f->present &= ~(uint32_t)EVX_HAS_TIME; break;
    case 'r': f->present &= ~(uint32_t)EVX_HAS_RECORD_ID; break;
    case 'c': f->present &= ~(uint32_t)EVX_HAS_CHANNEL; break;
    default: cr_assert_fail("no letter of the table: %c", letter);
    }
}

/* Losses in front of this event get their second neighbour. */
static void close_losses(reader *r, uint64_t time)
{
    for (; r->pending > 0; r->pending--)
        r->s->losses[r->s->loss_count - r->pending].after = time;
}

static void event(reader *r, const char *word)
{
    static evx_fields f;
    evx_vss_event *e = &r->s->events[r->s->event_count++];
    char *letters;

    memset(&f, 0, sizeof f);
    f.present = EVX_HAS_PROVIDER | EVX_HAS_EVENT_ID | EVX_HAS_TIME | EVX_HAS_RECORD_ID
              | EVX_HAS_CHANNEL;
    text(&f.provider, "msExchangeIS");
    text(&f.channel, r->channel);
    if (*word == '=')
        word++;
    else
        r->minute++;
    if (word[1] == ':') {
        add_data(&f, guids[word[0] - 'A']);
        word += 2;
    }
    f.time = EPOCH + r->minute * MINUTE;
    f.record_id = r->record++;
    f.event_id = (uint32_t)strtoul(word, &letters, 10) | 0x40040000u;
    while (*letters)
        apply(&f, *letters++);
    cr_assert(evx_vss_event_read(&f, e) == EVX_OK);
    e->file = r->file;
    e->computer = r->computer;
    e->order = r->order++;
    e->file_off = 100 * (uint64_t)r->order;
    if (f.present & EVX_HAS_TIME)
        close_losses(r, f.time);
}

static void lose(reader *r, const char *word)
{
    evx_loss *l = &r->s->losses[r->s->loss_count++];

    memset(l, 0, sizeof *l);
    l->file = r->file;
    l->file_off = 100 * (uint64_t)r->order + 50;
    l->before = r->order > 0 ? EPOCH + r->minute * MINUTE : 0;
    l->computer = *word ? (uint32_t)strtoul(word, NULL, 10) : EVX_ANY_COMPUTER;
    r->pending++;
}

static void one_word(reader *r, const char *word)
{
    switch (*word) {
    case '@': r->minute = strtoull(word + 1, NULL, 10) - 1; break;
    case '#': r->record = strtoull(word + 1, NULL, 10); break;
    case '&': r->computer = (uint32_t)strtoul(word + 1, NULL, 10); break;
    case '!': lose(r, word + 1); break;
    case '*': r->channel = word + 1; break;
    case '/':
        r->file++;
        r->pending = 0;              /* their files end here                                   */
        if (word[1] == '#')
            r->record = 1;
        break;
    default: event(r, word);
    }
}

void scenario_read(scenario *s, const char *words)
{
    static char copy[4096];
    reader r = { .s = s, .record = 1, .channel = "Application" };

    memset(s, 0, sizeof *s);
    cr_assert(strlen(words) < sizeof copy);
    strcpy(copy, words);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        one_word(&r, word);
}

void scenario_solve(scenario *s)
{
    evx_vss_input in = { s->events, 0, s->losses, s->loss_count, NULL, 4 };

    s->event_count = in.event_count = evx_vss_sort(s->events, s->event_count);
    s->out.sessions = s->sessions;
    s->out.session_cap = 2 * SCENARIO_MAX;
    s->out.writers = s->writers;
    s->out.writer_cap = SCENARIO_MAX;
    cr_assert(evx_vss_solve(&in, &s->out) == EVX_OK);
}

/* ---- results in a line ---------------------------------------------------------------------- */

static char line[1 << 16];
static size_t used;

static void put(const char *format, long long n)
{
    used += (size_t)snprintf(line + used, sizeof line - used, format, n);
}

static void put_word(const char *word)
{
    if (used > 0 && line[used - 1] != ' ')
        put(" ", 0);
    while (*word)
        put("%c", *word++);
}

static void put_session(const scenario *s, const evx_vss_writer *w, const evx_vss_session *x)
{
    put_word(evx_vss_state_text(x->state));
    if (!(x->flags & EVX_VSS_CERTAIN))
        put("?", 0);
    if (x->blocked_by >= 0)
        put("<%lld", x->blocked_by - (long long)w->first_session);
    if (x->blocked_by_candidate >= 0)
        put("<%c", 'A' - 10 + s->writers[x->blocked_by_candidate].instance.b[3]);
}

const char *scenario_result(const scenario *s)
{
    used = 0;
    line[0] = 0;
    for (size_t i = 0; i < s->out.writer_count; i++) {
        const evx_vss_writer *w = &s->writers[i];
        if (i > 0)
            put(";", 0);
        for (uint32_t k = 0; k < w->sessions; k++)
            put_session(s, w, &s->sessions[w->first_session + k]);
        put_word("|");
        put_word(evx_vss_verdict_text(w->verdict));
        if (w->last_known != w->verdict) {
            put_word("last");
            put_word(evx_vss_verdict_text(w->last_known));
        }
    }
    return line;
}

static void put_time(uint64_t time)
{
    if (time == 0)
        put("-", 0);
    else
        put("%lld", (long long)((time - EPOCH) / MINUTE));
}

const char *scenario_windows(const scenario *s)
{
    used = 0;
    line[0] = 0;
    for (size_t i = 0; i < s->out.session_count; i++) {
        put_word(evx_vss_state_text(s->sessions[i].state));
        put("[", 0);
        put_time(s->sessions[i].begin);
        put(",", 0);
        put_time(s->sessions[i].end);
        put("]", 0);
    }
    for (size_t i = 0; i < s->out.writer_count; i++) {
        put_word("since ");
        put_time(s->writers[i].since);
    }
    return line;
}

const char *scenario_members(const scenario *s)
{
    used = 0;
    line[0] = 0;
    for (size_t i = 0; i < s->event_count; i++) {
        if (i > 0)
            put(" ", 0);
        if (s->events[s->events[i].at].session < 0)
            put("-", 0);
        else
            put("%lld", s->events[s->events[i].at].session);
    }
    return line;
}

static scenario scene;

static const scenario *solve(const char *words)
{
    scenario_read(&scene, words);
    scenario_solve(&scene);
    return &scene;
}

const char *solved(const char *words)
{
    return scenario_result(solve(words));
}

const char *windows(const char *words)
{
    return scenario_windows(solve(words));
}

const char *members(const char *words)
{
    return scenario_members(solve(words));
}

void check_rows(const char *(*view)(const char *words), const row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *got = view(rows[i].words);
        cr_expect(strcmp(got, rows[i].expected) == 0,
                  "\n  log      %s\n  expected %s\n  got      %s", rows[i].words,
                  rows[i].expected, got);
    }
}
