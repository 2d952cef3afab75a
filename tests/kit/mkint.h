/* tests/kit/mkint.h - what the writer's own files share. Nobody else includes it. */
#ifndef MKINT_H
#define MKINT_H

#include "mkevtx.h"

enum { MK_K_BYTES, MK_K_OWN, MK_K_TEXT, MK_K_TEXTZ, MK_K_TEXTS, MK_K_SID, MK_K_BODY };

void     mk_fail(mk_file *f, const char *why);
void     mk_put(mk_file *f, const void *p, size_t n);
void     mk_put_int(mk_file *f, uint64_t v, size_t n);
void     mk_set_int(mk_file *f, uint32_t chunk_off, uint64_t v, size_t n);
uint64_t mk_get_int(const uint8_t *p, size_t n);
void     mk_store(uint8_t *p, uint64_t v, size_t n);

/* UTF-8 -> UTF-16LE at the writer's position; returns the units written. */
uint32_t mk_put_utf16(mk_file *f, const char *utf8);
/* One code point of UTF-8 (a bad byte stands for itself); moves *s. */
uint32_t mk_utf8_next(const char **s);

void     mk_put_spec(mk_file *f, const char *spec, int definition);
void     mk_put_body(mk_file *f, const mk_body *b);
/* Closes a name whose units stand at the position as if inline; an old one takes its place. */
void     mk_end_name(mk_file *f, uint32_t at, uint32_t units_at, uint32_t n);

#endif
