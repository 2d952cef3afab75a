/* src/cli/report_window.c - the records around a session's beginning: read again, or a command */
#include "report.h"

#include <stdio.h>
#include <string.h>

/* Of a command: how many logs it names, the bytes of a name, those of a note behind them. */
enum { FILES_MAX = 8, WORD_MAX = 3072, MORE = 16 };

/* Records stand in the order of their ids. Their times may differ from it by this much. */
#define SLACK_TICKS (60 * 60 * 10000000ull)

/* Bytes of the file that are one span: so are chunks in a row, unless a log is small. */
enum { SPAN_MOST = 16 * EVX_CHUNK_SIZE };

static uint8_t slot[EVX_CHUNK_SIZE];
static uint64_t memory[EVX_READER_MEMORY / sizeof(uint64_t)];

/* Could a stretch of time hold records that are near to one of the sessions? */
static bool meets(const report *r, uint64_t first, uint64_t last)
{
    uint64_t low = first < last ? first : last, high = first < last ? last : first;

    for (size_t i = 0; i < r->near_count; i++)
        if (r->nears[i].from <= high + SLACK_TICKS && low <= r->nears[i].to + SLACK_TICKS)
            return true;
    return false;
}

static bool is_inside(const report *r, uint32_t computer, uint64_t time)
{
    for (size_t i = 0; i < r->near_count; i++)
        if (time >= r->nears[i].from && time <= r->nears[i].to
            && r->out.sessions[r->nears[i].session].computer == computer)
            return true;
    return false;
}

static uint64_t time_of(evx_reader *reader, const evx_chunk *c, const evx_record *record)
{
    static evx_fields f;

    if (evx_fields_some(reader, c, record, &f, EVX_HAS_TIME) < 0 || !(f.present & EVX_HAS_TIME))
        return 0;
    return f.time;
}

/* Is any of its records near to one? What cannot be told is read. */
static bool chunk_meets(const report *r, evx_reader *reader, const evx_chunk *c)
{
    evx_records it;
    evx_record record;
    evx_status st;
    uint64_t time;

    evx_records_begin(&it, c);
    while ((st = evx_records_next(&it, &record)) != EVX_END) {
        time = st == EVX_OK ? time_of(reader, c, &record) : 0;
        if (st == EVX_OK && (time == 0 || meets(r, time, time)))
            return true;
    }
    return false;
}

void report_add_span(report *r, const evx_chunk *c, uint64_t low, uint64_t high)
{
    report_file *f = &r->files[r->file_count - 1];
    report_span *s = f->spans > 0 ? &r->spans[r->span_count - 1] : NULL;
    uint64_t end = c->file_off + c->len;

    if (s && s->end == c->file_off && end - s->off <= SPAN_MOST && (s->low != 0) == (low != 0)) {
        s->end = end;
        s->low = low < s->low ? low : s->low;
        s->high = high > s->high ? high : s->high;
        return;
    }
    r->spans = report_more(r->spans, r->span_count, &r->span_cap, sizeof *r->spans);
    r->spans[r->span_count++] = (report_span){ c->file_off, end, low, high };
    f->spans++;
}

static void read_chunk(report *r, evx_reader *reader, const evx_chunk *c)
{
    static evx_fields f;
    static const evx_text_view none = { (const uint8_t *)"", 0, 1 };
    evx_records it;
    evx_record record;
    evx_status st;

    evx_records_begin(&it, c);
    while ((st = evx_records_next(&it, &record)) != EVX_END) {
        uint32_t computer;
        if (st != EVX_OK || evx_fields_read(reader, c, &record, &f) < 0
            || !(f.present & EVX_HAS_TIME))
            continue;
        computer = report_number(&r->computers, f.present & EVX_HAS_COMPUTER ? &f.computer : &none,
                                 0);
        if (is_inside(r, computer, f.time))
            report_enter(r, &f, computer);
    }
}

static void read_slot(report *r, evx_reader *reader, uint64_t off, uint32_t len)
{
    evx_window w = { slot, len, off };
    evx_chunk c;
    evx_status st = evx_chunk_open(&c, &w);

    evx_reader_renew(reader);
    if ((st == EVX_OK || st == EVX_E_CHUNK_SIGNATURE) && chunk_meets(r, reader, &c))
        read_chunk(r, reader, &c);
}

static void read_span(report *r, evx_reader *reader, int fd, const report_span *s)
{
    int error = 0;
    size_t len = sizeof slot;

    if (!cli_seek(fd, s->off))
        return;
    for (uint64_t off = s->off; off < s->end && len == sizeof slot && error == 0; off += len) {
        size_t left = s->end - off < sizeof slot ? (size_t)(s->end - off) : sizeof slot;
        len = cli_read(fd, slot, left, &error);
        read_slot(r, reader, off, (uint32_t)len);
    }
}

void report_read_window(report *r, const report_file *f)
{
    evx_reader reader;
    int fd, error;

    if (f->first != 0 && !meets(r, f->first, f->last))
        return;
    if (evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, sizeof memory, NULL) < 0)
        return;
    fd = cli_open(f->path, true, &error);
    if (fd < 0)
        return;                      /* it was there a moment ago; the report goes on without  */
    for (size_t i = 0; i < f->spans; i++) {
        const report_span *s = &r->spans[f->first_span + i];
        if (s->low == 0 || meets(r, s->low, s->high))
            read_span(r, &reader, fd, s);
    }
    (void)cli_close(fd);
}

/* ---- the command ----------------------------------------------------------------------------- */

static void put(char *to, size_t cap, const char *text, size_t len)
{
    size_t used = strlen(to);

    if (len < cap - used) {
        memcpy(to + used, text, len);
        to[used + len] = 0;
    }
}

static bool is_plain(const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./+,:@%";

    return *text && text[strspn(text, plain)] == 0 && *text != '-';
}

/* Would a terminal change it, or be changed by it? */
static bool is_unsafe(const char *text, size_t len)
{
    static char shown[4 * WORD_MAX + 1];

    return cli_printable(shown, sizeof shown, text, len) != len || memcmp(shown, text, len) != 0;
}

/* 'x', or as bash, zsh and ksh read it $'\033', where x could not be printed. Its length. */
static size_t quote(char *to, const char *text)
{
    bool escaped = is_unsafe(text, strlen(text));
    size_t n = 0;

    if (escaped)
        to[n++] = '$';
    to[n++] = '\'';
    for (; *text; text++) {
        uint8_t c = (uint8_t)*text;
        if (escaped && (c < 0x20 || c >= 0x7f || c == '\'' || c == '\\'))
            n += (size_t)snprintf(to + n, 5, "\\%03o", c);
        else if (c == '\'')
            n += (size_t)snprintf(to + n, 5, "'\\''");
        else
            to[n++] = (char)c;
    }
    to[n++] = '\'';
    return n;
}

/* A word as a shell wants it, behind a blank: whole, or false. */
static bool put_word(char *to, size_t cap, const char *before, const char *word)
{
    static char quoted[4 * WORD_MAX + 4];
    size_t len = strlen(word);

    if (len > WORD_MAX)
        return false;
    if (is_plain(word))
        memcpy(quoted, word, len);       /* NOLINT(bugprone-not-null-terminated-result) */
    else
        len = quote(quoted, word);
    if (strlen(before) + len >= cap - strlen(to))
        return false;
    put(to, cap, before, strlen(before));
    put(to, cap, quoted, len);
    return true;
}

/* A time of the command line: whole seconds, `up`: the next one. */
static void put_option(char *to, size_t cap, const char *option, uint64_t time, bool up)
{
    char stamp[CLI_WHEN];

    (void)cli_when(stamp, time + (up ? 9999999 : 0));
    put(to, cap, option, strlen(option));
    put(to, cap, stamp, strcspn(stamp, "."));
    put(to, cap, "Z", 1);
}

/* Times of several computers lie side by side, in their logs and in these. */
static void put_computer(const report *r, uint32_t computer, char *to, size_t cap)
{
    size_t len;
    const char *name = report_text_of(&r->computers, computer, &len);

    if (r->computers.count > 1 && len > 0 && strlen(name) == len)
        (void)put_word(to, cap, " --computer=", name);
}

/* A path, or what stands for one: half a path is worse than none. */
static bool put_log(char *to, size_t cap, const char *path)
{
    return (strcmp(path, "-") != 0 && put_word(to, cap, *path == '-' ? " ./" : " ", path))
        || put_word(to, cap, " ", "LOG");
}

void report_command(const report *r, const report_near *n, char *to, size_t cap)
{
    const evx_vss_session *s = &r->out.sessions[n->session];
    uint32_t seen[FILES_MAX], files = 0, k;
    bool all = true;

    to[0] = 0;
    put_option(to, cap, "evx dump --since ", n->from, false);
    put_option(to, cap, " --until ", n->to + 1, true);
    put_computer(r, s->computer, to, cap);
    for (int32_t e = s->first_event; e >= 0; e = report_next_event(r, s, e)) {
        for (k = 0; k < files && seen[k] != r->events[e].file; k++)
            ;
        if (k < files)
            continue;
        all &= files < FILES_MAX && put_log(to, cap - MORE, r->files[r->events[e].file].path);
        if (files < FILES_MAX)
            seen[files++] = r->events[e].file;
    }
    if (!all)
        put(to, cap, " # and more logs", MORE);
}
