/* src/cli/dump_options.c - the options of evx dump -> a renderer's configuration, a filter */
#include "dump.h"

#include <stdlib.h>
#include <string.h>

static int set_format(dump_options *d, const dump_arguments *a)
{
    static const char *const formats[] = { "xml", "json", "jsonl", NULL };
    static const char *const styles[] = { "evtx_dump", "windows", NULL };
    int format = a->format ? cli_choice(a->format, formats) : 0;
    int style = a->style ? cli_choice(a->style, styles) : 0;
    bool windows = style == EVX_STYLE_WINDOWS;

    if (style < 0)
        return cli_usage("dump: no style '%s'; there are evtx_dump and windows", a->style);
    if (format < 0)
        return cli_usage("dump: no format '%s'; there are xml, json, jsonl", a->format);
    if (a->root && format != 0)
        return cli_usage("dump: --root makes one XML document: use it with -o xml; lines of "
                         "-o jsonl need none");
    d->config.format = format == 0 ? EVX_XML : EVX_JSON;
    d->config.flags = format > 0 ? (a->separate ? EVX_TEXT_SEPARATE : 0u)
                                 : (a->root || windows ? 0u : EVX_TEXT_DECLARATION)
                                       | (a->compact ? EVX_TEXT_COMPACT : 0u);
    d->config.style = (uint32_t)style;
    d->numbered = format < 2 && !a->bare && !a->root && !windows;
    d->root = a->root;
    d->lines = !a->root || windows;  /* what ends with no line break of its own gets one */
    return CLI_CLEAN;
}

static void say_codecs(void)
{
    char line[1024];
    size_t len = 0;

    for (size_t i = 0; cli_codepage_name(i) != NULL; i++) {
        const char *name = cli_codepage_name(i);
        size_t add = strlen(name);
        if (add + 2 > sizeof line - len)
            break;
        line[len++] = ' ';
        memcpy(line + len, name, add);
        len += add;
    }
    line[len] = 0;
    cli_say("there are:%s", line);
}

static int set_codec(evx_text_config *config, const char *name)
{
    if (!name)
        return CLI_CLEAN;
    config->ansi = cli_codepage(name);
    if (config->ansi)
        return CLI_CLEAN;
    if (cli_codepage_wide(name))
        cli_say("dump: '%s' has more than one byte for a character, and evx reads code pages of "
                "one", name);
    else
        cli_say("dump: no code page '%s'", name);
    say_codecs();
    return CLI_USAGE;
}

/* ---- numbers in lists ----------------------------------------------------------------------- */

/* A number that ends where it should. */
static bool read_number(const char *text, size_t len, uint64_t *n)
{
    char number[24];

    if (len >= sizeof number)
        return false;
    memcpy(number, text, len);
    number[len] = 0;
    return cli_number(number, n);
}

/* "3", "3-9" or "3-", up to the comma or the end. The end of an open one is `most`. */
static bool read_range(const char *text, size_t len, uint64_t most, dump_range *r)
{
    const char *dash = memchr(text, '-', len);
    size_t first = dash ? (size_t)(dash - text) : len;

    if (!read_number(text, first, &r->first))
        return false;
    r->last = dash ? most : r->first;
    return (!dash || first + 1 == len || read_number(dash + 1, len - first - 1, &r->last))
        && r->first <= r->last && r->last <= most;
}

static int set_events(dump_options *d, const char *text)
{
    size_t count = 1;

    if (!text)
        return CLI_CLEAN;
    for (const char *p = text; *p; p++)
        count += *p == ',';
    d->ranges = calloc(count, sizeof *d->ranges);
    if (!d->ranges)
        return cli_usage("dump: --events: out of memory");
    for (const char *at = text; d->range_count < count; d->range_count++) {
        size_t len = strcspn(at, ",");
        if (!read_range(at, len, UINT64_MAX, &d->ranges[d->range_count]))
            return cli_usage("dump: --events wants record numbers, the smaller one first, as in "
                             "7,10-20,30-, not '%s'", text);
        at += len + 1;
    }
    return CLI_CLEAN;
}

/* "4624,4700-4799" */
static int set_event_ids(dump_options *d, const char *text)
{
    static uint32_t ids[65536];
    dump_range r = { 0, 0 };

    for (const char *at = text; text; at++) {
        size_t len = strcspn(at, ",");
        if (!read_range(at, len, UINT16_MAX, &r)
            || r.last - r.first >= sizeof ids / sizeof ids[0] - d->filter.event_id_count)
            return cli_usage("dump: --event-id wants event ids, 0 to 65535, as in "
                             "4624,4700-4799, not '%.40s'", text);
        for (uint64_t id = r.first; id <= r.last; id++)
            ids[d->filter.event_id_count++] = (uint32_t)id;
        at += len;
        if (*at == 0)
            break;
    }
    d->filter.event_ids = ids;
    return CLI_CLEAN;
}

/* "17" or "100-200"; an open end: "100-" */
static int set_record_ids(dump_options *d, const char *text)
{
    dump_range r = { 0, 0 };

    if (!text)
        return CLI_CLEAN;
    if (!read_range(text, strlen(text), UINT64_MAX, &r) || r.last == 0)
        return cli_usage("dump: --record-id wants EventRecordIDs, from 1 on, as 17, 100-200 or "
                         "100-, not '%s'; --events takes several ranges, of the record headers' "
                         "numbers", text);
    d->filter.first_id = r.first;
    d->filter.last_id = r.last;
    return CLI_CLEAN;
}

/* ---- words in lists ------------------------------------------------------------------------- */

static const char *const levels[] = { "always", "critical", "error", "warning", "information",
                                      "verbose", NULL };

/* One word of a list; its end, or NULL when it is too long. */
static const char *word_of(const char *at, char *to, size_t cap)
{
    size_t len = strcspn(at, ",");

    if (len >= cap)
        return NULL;
    memcpy(to, at, len);
    to[len] = 0;
    return at + len;
}

/* Windows writes Information, scripts write INFO. */
static void to_lower(char *word)
{
    for (; *word; word++)
        if (*word >= 'A' && *word <= 'Z')
            *word = (char)(*word - 'A' + 'a');
}

static int level_of(char *word)
{
    uint64_t n;

    to_lower(word);
    if (strcmp(word, "info") == 0)
        return 4;
    if (strcmp(word, "warn") == 0)
        return 3;
    return cli_number(word, &n) && n < 32 ? (int)n : cli_choice(word, levels);
}

static int set_levels(dump_options *d, const char *text)
{
    char word[16];

    for (const char *at = text; at; at = *at ? at + 1 : NULL) {
        int named;
        at = word_of(at, word, sizeof word);
        named = at ? level_of(word) : -1;
        if (named < 0)
            return cli_usage("dump: --level wants numbers or critical, error, warning, "
                             "information, verbose, not '%s'", text);
        d->filter.levels |= 1u << named;
    }
    return CLI_CLEAN;
}

/* Options whose condition is turned around: in the order of the bits of EVX_FILTER_... */
static int set_exclude(dump_options *d, const dump_arguments *a)
{
    static const char *const words[] = { "event-id", "provider", "channel", "computer", "time",
                                         "record-id", "level", NULL };
    const bool given[] = { a->event_id, a->provider, a->channel, a->computer,
                           a->since || a->until, a->record_id, a->level };
    char word[16];

    for (const char *at = a->exclude; at; at = *at ? at + 1 : NULL) {
        int bit;
        at = word_of(at, word, sizeof word);
        bit = at ? cli_choice(word, words) : -1;
        if (bit < 0)
            return cli_usage("dump: --exclude turns conditions around: event-id, provider, "
                             "channel, computer, time, record-id, level; not '%s'", a->exclude);
        if (!given[bit])
            return cli_usage("dump: --exclude %s has no condition to turn around", word);
        d->filter.exclude |= 1u << bit;
    }
    return CLI_CLEAN;
}

static int set_times(dump_options *d, const dump_arguments *a)
{
    int status = cli_when_option("dump", "since", a->since, &d->filter.since);

    if (status == CLI_CLEAN)
        status = cli_when_option("dump", "until", a->until, &d->filter.until);
    if (status == CLI_CLEAN && a->until && d->filter.until <= d->filter.since)
        status = cli_usage("dump: --until is not behind --since");
    return status;
}

/* An empty one is mostly a variable of a script's that was not set. */
static int set_names(dump_options *d, const dump_arguments *a)
{
    d->filter.provider = a->provider;
    d->filter.channel = a->channel;
    d->filter.computer = a->computer;
    if ((a->provider && !*a->provider) || (a->channel && !*a->channel)
        || (a->computer && !*a->computer))
        return cli_usage("dump: --provider, --channel and --computer want a name");
    return CLI_CLEAN;
}

static int set_filter(dump_options *d, const dump_arguments *a)
{
    int status = set_times(d, a);

    if (status == CLI_CLEAN)
        status = set_event_ids(d, a->event_id);
    if (status == CLI_CLEAN)
        status = set_record_ids(d, a->record_id);
    if (status == CLI_CLEAN)
        status = set_levels(d, a->level);
    if (status == CLI_CLEAN)
        status = set_names(d, a);
    if (status == CLI_CLEAN)
        status = set_exclude(d, a);
    d->filtered = a->since || a->until || a->event_id || a->record_id || a->level || a->provider
               || a->channel || a->computer;
    return status;
}

int dump_options_read(dump_options *d, const dump_arguments *a)
{
    uint64_t n = 0;
    int status = CLI_CLEAN;

    memset(d, 0, sizeof *d);
    if (a->threads && !cli_number(a->threads, &n))
        status = cli_usage("dump: --threads wants a number, not '%s'", a->threads);
    d->threads = n == 0 ? cli_processors() : n < 64 ? (unsigned)n : 64u;
    if (status == CLI_CLEAN)
        status = set_format(d, a);
    if (status == CLI_CLEAN)
        status = set_codec(&d->config, a->codec);
    if (status == CLI_CLEAN)
        status = set_events(d, a->events);
    if (status == CLI_CLEAN)
        status = set_filter(d, a);
    return status;
}

void dump_options_free(dump_options *d)
{
    free(d->ranges);
    d->ranges = NULL;
}
