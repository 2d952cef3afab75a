/* fuzz/common_text.c - configurations of text, and what text must be that was written whole */
#include "check.h"
#include "fuzz.h"

void fuzz_choose_text(fuzz_dice *d, evx_text_config *config)
{
    static uint16_t ansi[128];

    memset(config, 0, sizeof *config);
    config->format = fuzz_one_in(d, 2) ? EVX_XML : EVX_JSON;
    config->style = fuzz_one_in(d, 3) ? EVX_STYLE_WINDOWS : EVX_STYLE_EVTX_DUMP;
    if (config->format == EVX_XML)
        config->flags = fuzz_pick(d, 4);        /* compact, declaration */
    else
        config->flags = fuzz_one_in(d, 2) ? EVX_TEXT_SEPARATE : 0;
    if (!fuzz_one_in(d, 4))
        config->kernels = fuzz_kernels(fuzz_pick(d, (uint32_t)fuzz_kernels_count()));
    if (fuzz_one_in(d, 4)) {
        for (size_t i = 0; i < 128; i++)
            ansi[i] = (uint16_t)fuzz_pick(d, 65536);
        config->ansi = ansi;
    }
}

static void must(const char *what, check_result r, const uint8_t *p, size_t len)
{
    size_t from = r.at > 120 ? r.at - 120 : 0, n = len - from < 240 ? len - from : 240;

    if (r.ok && r.doubles == 0)
        return;
    fprintf(stderr, "%s: %s at byte %zu of %zu:\n%.*s\n", what, r.why ? r.why : "keys twice", r.at,
            len, (int)n, (const char *)p + from);
    FUZZ_CHECK(r.ok && r.doubles == 0);
}

void fuzz_check_text(const evx_text_config *config, const uint8_t *p, size_t len)
{
    must("UTF-8", check_utf8(p, len), p, len);
    FUZZ_CHECK(memchr(p, 0, len) == NULL);
    if (config->format == EVX_JSON) {
        must("JSON", check_json(p, len), p, len);
        FUZZ_CHECK(memchr(p, '\n', len) == NULL);
        return;
    }
    must("XML", check_xml(p, len), p, len);
    FUZZ_CHECK((config->flags & EVX_TEXT_COMPACT) || config->style == EVX_STYLE_WINDOWS
               || p[len - 1] == '\n');
    FUZZ_CHECK(((config->flags & EVX_TEXT_DECLARATION) != 0)
               == (len >= 6 && memcmp(p, "<?xml ", 6) == 0));
}
