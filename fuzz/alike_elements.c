/* fuzz/alike_elements.c - decisions -> the kit's spec of a definition, or of plain elements */
#include "alike.h"

enum { SPEC = 1 << 16, SPECS = 1 << 20, DEPTH = 8, LITERAL = 300 };
enum { CLOSE = 8192 };               /* for a piece, and the end of all that is open          */

static char specs[SPECS];
static size_t specs_used;

typedef struct spec {
    alike *a;
    char *text;
    size_t at;
    const alike_definition *d;       /* NULL: plain elements                                  */
    bool attribute;
} spec;

void alike_elements_begin(void)
{
    specs_used = 0;
}

static void say(spec *s, const char *text)
{
    size_t n = strlen(text);

    FUZZ_CHECK(n < SPEC - s->at);
    memcpy(s->text + s->at, text, n + 1);
    s->at += n;
}

static void say_number(spec *s, const char *format, uint32_t n)
{
    char one[24];

    (void)snprintf(one, sizeof one, format, (unsigned)n);
    say(s, one);
}

static bool has_room(const spec *s)
{
    return s->at < SPEC - CLOSE;
}

/* ---- content --------------------------------------------------------------------------------- */

/* Letters as they are, anything else as an escape. */
static void put_text(spec *s)
{
    uint8_t size = alike_take(s->a), fill = alike_take(s->a), special = alike_take(s->a);
    uint32_t n = alike_length(size < 0xf0 ? size % 7 : size);

    n = n < LITERAL ? n : LITERAL;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t unit = alike_unit(i, n, fill, special);
        say_number(s, unit >= 'a' && unit <= 'z' ? "%c" : "\\u%04x", unit);
    }
    if (n == 0)
        say(s, "{}");
    else if (size >= 0xc0)
        say(s, "{|}");
}

/* One of its values, or one that no record has. */
static void put_value(spec *s, bool optional)
{
    uint8_t i = alike_take(s->a), type = alike_take(s->a);
    uint32_t value = i < 0xf8 ? i % s->d->values : i;

    say_number(s, "{%u:", value);
    say_number(s, "0x%02x", type < 0xe0 && value < s->d->values ? s->d->type[value]
                                                                : alike_type(type));
    say(s, optional ? "?}" : "}");
}

static void put_reference(spec *s)
{
    static const char *const entities[] = { "amp", "lt", "gt", "quot", "apos", "other" };
    uint8_t which = alike_take(s->a);

    if (which % 2 != 0) {
        say(s, "&");
        say(s, entities[which / 2 % 6]);
        say(s, ";");
    } else
        say_number(s, "&#%u;", alike_unit(0, 1, 0, which / 2));
}

static void put_piece(spec *s)
{
    uint8_t what = alike_take(s->a) % 16;

    if (what < 10 && s->d)
        put_value(s, what >= 5);
    else if (what == 13)
        put_reference(s);
    else if (what == 14) {
        say(s, "<![CDATA[");
        put_text(s);
        say(s, "]]>");
    } else if (what == 15 && !s->attribute) {
        say(s, "<?target ");
        put_text(s);
        say(s, "?>");
    } else
        put_text(s);
}

/* ---- elements -------------------------------------------------------------------------------- */

/* Some are what JSON makes of others. */
static const char *const names[] = { "Event", "Data", "EventData", "Data", "System", "UserData",
                                     "a", "a", "Data_1", "a_1", "a_attributes", "Provider",
                                     "EventID", "\xc3\x89l\xc3\xa9ment", "x-1.y_z", "Name" };
static const char *const attributes[] = { "Name", "Name", "a", "Guid", "Qualifiers", "xmlns",
                                          "a_1", "\xc3\xa9" };

static void put_attribute(spec *s)
{
    uint8_t which = alike_take(s->a);

    say(s, " ");
    say(s, attributes[which % 8]);
    say(s, "='");
    s->attribute = true;
    for (uint32_t n = which / 8 % 3; n > 0 && has_room(s); n--)
        put_piece(s);
    s->attribute = false;
    say(s, "'");
}

static void put_element(spec *s, uint32_t depth)
{
    uint8_t which = alike_take(s->a), shape = alike_take(s->a);
    const char *name = names[which % 16];

    say(s, "<");
    say(s, name);
    for (uint32_t n = which / 16 % 4; n > 0; n--)
        put_attribute(s);
    if (shape >= 0xe0 && depth > 0) {
        say(s, "/>");
        return;
    }
    say(s, ">");
    for (uint32_t n = shape % 6; n > 0 && has_room(s); n--) {
        uint8_t inside = alike_take(s->a);
        if (inside % 2 != 0 && depth < DEPTH)
            put_element(s, depth + 1);
        else
            put_piece(s);
    }
    say(s, "</");
    say(s, name);
    say(s, ">");
}

/* ---- events ---------------------------------------------------------------------------------- */

/* A value of its own, mostly once: in an element, or in an attribute. */
static void put_field(spec *s, uint32_t value)
{
    uint8_t how = alike_take(s->a);

    if (how % 8 == 5)
        put_element(s, DEPTH - 1);
    else if (how % 8 != 6) {
        say(s, how % 8 == 4 ? "<D a='" : how % 8 == 7 ? "<D Name='x'>" : "<D>");
        say_number(s, "{%u:", value);
        say_number(s, how % 8 < 3 ? "0x%02x?}" : "0x%02x}", s->d->type[value]);
        say(s, how % 8 == 4 ? "'/>" : "</D>");
    }
}

/* Mostly by that name, with the first `values`. */
static void put_section(spec *s, const char *name, uint8_t which, uint32_t values)
{
    if (which % 16 == 15)
        name = names[which / 16];
    say(s, "<");
    say(s, name);
    if (which % 16 == 14)
        put_attribute(s);
    say(s, ">");
    for (uint32_t i = 0; i < values && has_room(s); i++)
        put_field(s, i);
    say(s, "</");
    say(s, name);
    say(s, ">");
}

/* What logs have: the event around its data, which are those of another definition, in the last
 * value. Sometimes something stands in the way. */
static void put_around(spec *s)
{
    uint8_t which = alike_take(s->a), odd = alike_take(s->a);

    say(s, which % 2 != 0 ? "<Event xmlns='x'>" : "<Event>");
    put_section(s, "System", which, s->d->values - 1);
    if (odd % 16 == 1)
        put_piece(s);
    say(s, odd % 16 == 2 ? "<EventData>" : "");
    say_number(s, "{%u:0x21?}", s->d->values - 1);
    say(s, odd % 16 == 2 ? "</EventData>" : "");
    if (odd % 16 == 3)
        put_piece(s);
    say(s, "</Event>");
}

static void put_inside(spec *s)
{
    uint8_t which = alike_take(s->a), odd = alike_take(s->a);

    put_section(s, which % 2 != 0 ? "EventData" : "UserData", which, s->d->values);
    if (odd % 16 == 1)
        put_element(s, 0);
}

/* ---- specs ----------------------------------------------------------------------------------- */

static const char *make(alike *a, const alike_definition *d, alike_kind is)
{
    spec s = { a, specs + specs_used, 0, d, false };

    if (specs_used + SPEC > SPECS)
        return "<Event/>";
    if (is == ALIKE_AROUND)
        put_around(&s);
    else if (is == ALIKE_INSIDE)
        put_inside(&s);
    else
        put_element(&s, 0);
    specs_used += s.at + 1;
    return s.text;
}

const char *alike_definition_spec(alike *a, alike_definition *d, alike_kind is)
{
    uint8_t n = alike_take(a), type = 0;

    d->values = n < 0xf0 ? 1 + n % 8 : ALIKE_VALUES;
    for (uint32_t i = 0; i < d->values; i++) {
        type = (uint8_t)(i < 8 ? alike_take(a) : type + 7);
        d->type[i] = alike_type(type);
        if (is != ALIKE_ANY && type < 0xc0)
            d->type[i] = d->type[i] % 0x80 < 3 || d->type[i] == MK_XML ? MK_STR : d->type[i];
    }
    if (is == ALIKE_AROUND)
        d->type[d->values - 1] = MK_XML;
    return make(a, d, is);
}

const char *alike_plain_spec(alike *a)
{
    return make(a, NULL, ALIKE_ANY);
}
