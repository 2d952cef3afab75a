/* tests/kit/mkwevt.c - templates as a provider's DLL carries them */
#include "mkint.h"

#include <string.h>

enum { TEMP_HEAD = 40, DEFINITION_HEAD = 24, ITEM = 20 };

/* The definition is written into a log with names as on the wire; the head is put in front. */
mk_bytes mk_temp(mk_file *f, uint8_t *mem, size_t cap, const char *spec, uint32_t values)
{
    mk_bytes none = { NULL, 0 }, temp;
    uint8_t guid[16], *p;
    uint32_t def, body;

    mk_begin(f, mem, cap);
    f->wire = 1;
    mk_record(f, 1, 0, mk_template(f, spec), NULL, 0);
    if (f->failed) return none;
    def = mk_def_at(f, 0);
    p = f->mem + f->chunk_at + def;
    memcpy(guid, p + 4, sizeof guid);
    body = (uint32_t)mk_get_int(p + 20, 4);
    p += DEFINITION_HEAD - TEMP_HEAD;
    temp.ptr = p;
    temp.len = TEMP_HEAD + body + ITEM * (size_t)values;
    memcpy(p, "TEMP", 4);
    mk_store(p + 4, temp.len, 4);
    mk_store(p + 8, values, 4);
    mk_store(p + 12, values, 4);
    mk_store(p + 16, 0x1000 + body, 4);
    mk_store(p + 20, 1, 4);
    memcpy(p + 24, guid, sizeof guid);
    memset(p + TEMP_HEAD + body, 0, ITEM * (size_t)values);
    return temp;
}
