/* src/text/json_key.c - the key of a JSON member, alone in its object */
#include "text/text.h"

void evxi_json_key_text(evxi_writer *w, evxi_sink *s, uint32_t node, bool content)
{
    evx_utf16 name;

    if (content) {
        evxi_put_content(w, s, node + 1, w->nodes[node].end, MODE_JSON);
        return;
    }
    name = evxi_name_of(w, node);
    evxi_put_utf16(s, w->kernels, name.ptr, name.units, MODE_JSON);
}

void evxi_json_suffix(evxi_sink *s, uint32_t suffix)
{
    if (suffix == 0)
        return;
    evxi_put_byte(s, '_');
    evxi_put_u64(s, suffix);
}

/*
 * "#attributes" and "#text" are keys of ours. No XML name begins like them, so they are looked up
 * only where a key does, and then once for the object, which is the one on top.
 */
static void reserve(evxi_writer *w, uint16_t object)
{
    static const uint8_t attributes[] = "#attributes", text[] = "#text";
    evxi_frame *f = w->depth > 0 ? &w->frames[w->depth - 1] : NULL;

    if (!f || f->serial != object)
        return;
    if (f->flags & EVXI_HAS_ATTRIBUTES)
        (void)evxi_keys_add(w, object, attributes, sizeof attributes - 1);
    if (f->flags & EVXI_HAS_TEXT)
        (void)evxi_keys_add(w, object, text, sizeof text - 1);
    f->flags &= (uint16_t)~(EVXI_HAS_ATTRIBUTES | EVXI_HAS_TEXT);
}

/* The key in the buffer. */
static uint32_t look_up(evxi_writer *w, uint16_t object, size_t len)
{
    if (w->key[0] == '#')
        reserve(w, object);
    return evxi_keys_add(w, object, w->key, len);
}

uint32_t evxi_json_find_suffix(evxi_writer *w, uint16_t object, uint32_t node, bool content,
                               uint32_t own, const char *tail)
{
    evxi_sink key = { w->key, w->key + EVXI_KEY_MAX, 0, w->sink.limit, NULL };

    evxi_json_key_text(w, &key, node, content);
    evxi_json_suffix(&key, own);
    for (; *tail; tail++)
        evxi_put_byte(&key, (uint8_t)*tail);
    return look_up(w, object, (size_t)key.count);
}

void evxi_json_key(evxi_writer *w, uint32_t node, bool content, uint32_t suffix)
{
    evxi_put_byte(&w->sink, '"');
    evxi_json_key_text(w, &w->sink, node, content);
    evxi_json_suffix(&w->sink, suffix);
    EVXI_PUT(&w->sink, "\":");
}

/* The text that was looked up stands in the buffer for keys, if all of it has room there. */
void evxi_json_key_alone(evxi_writer *w, uint16_t object, uint32_t node, bool content)
{
    evxi_sink key = { w->key, w->key + EVXI_KEY_MAX, 0, w->sink.limit, NULL };
    uint32_t suffix;

    evxi_json_key_text(w, &key, node, content);
    suffix = look_up(w, object, (size_t)key.count);
    if (key.count > EVXI_KEY_MAX || w->key[0] == '#') {
        evxi_json_key(w, node, content, suffix);
        return;
    }
    evxi_put_byte(&w->sink, '"');
    evxi_put(&w->sink, w->key, (size_t)key.count);
    evxi_json_suffix(&w->sink, suffix);
    EVXI_PUT(&w->sink, "\":");
}
