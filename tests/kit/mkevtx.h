/* tests/kit/mkevtx.h - writes EVTX logs as Windows does, and wrong in any way a test asks for */
/* A witness, not an echo: nothing here comes from src/ or include/; every constant was written
 * again from the format description. All memory is the caller's. Errors are sticky: check
 * `failed` once, at the end (mk_end answers {NULL, 0} then).
 *
 *     static uint8_t mem[4096 + 65536];
 *     static mk_file f;                                   (about 16 KiB: keep it off the stack)
 *     mk_begin(&f, mem, sizeof mem);
 *     uint32_t t = mk_template(&f, "<E><EventID>{0:u16}</EventID><D>{1:str?}</D></E>");
 *     mk_value v[] = { mk_u16(9606), mk_str("hello") };
 *     mk_record(&f, 1, mk_time("2006-09-02T02:00:00Z"), t, v, 2);
 *     mk_bytes log = mk_end(&f);
 *
 * The spec language (definitions and template-less events alike) is XML with a few marks:
 *   {N:type} {N:type?}  normal and optional substitution; type is a name of the table below,
 *                       with [] for an array, or a hex byte (0x8e)
 *   {}  {|}             an empty literal; a cut between two literals
 *   {raw:0c01ff..}      bytes as they are, anywhere a token may stand
 *   &amp; &name;        EntityRef          &#65;  CharRef        \uD800  one UTF-16 unit
 *   <![CDATA[..]]>      CDATASection       <?t d?> PI            \{ \< \\ \e  as is; nothing
 *   <X/>                token 03           <X></X> tokens 02 04
 *   <X @dep='7' @len='99' @list='3' @name='0x226' a='1'>   lies: the field's value, not the
 *                       right one; in attribute position, after the name they speak of
 * Types: null str ansi i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 bool bin guid size time systime sid
 *        hex32 hex64 xml
 */
#ifndef MKEVTX_H
#define MKEVTX_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { MK_FILE_HEADER = 4096, MK_CHUNK = 65536, MK_CHUNK_HEADER = 512 };
enum { MK_TEMPLATES = 256, MK_POKES = 128, MK_POKE_OWN = 16 };

/* Value types, as in a descriptor. */
enum {
    MK_NULL = 0x00, MK_STR = 0x01, MK_ANSI = 0x02, MK_I8 = 0x03, MK_U8 = 0x04, MK_I16 = 0x05,
    MK_U16 = 0x06, MK_I32 = 0x07, MK_U32 = 0x08, MK_I64 = 0x09, MK_U64 = 0x0a, MK_F32 = 0x0b,
    MK_F64 = 0x0c, MK_BOOL = 0x0d, MK_BIN = 0x0e, MK_GUID = 0x0f, MK_SIZE = 0x10, MK_TIME = 0x11,
    MK_SYSTIME = 0x12, MK_SID = 0x13, MK_HEX32 = 0x14, MK_HEX64 = 0x15, MK_XML = 0x21,
    MK_ARRAY = 0x80
};

typedef struct mk_bytes { uint8_t *ptr; size_t len; } mk_bytes;

struct mk_body;

/* One value of an instance. Make it with the functions below; `data` is borrowed until written. */
typedef struct mk_value {
    uint8_t type;                /* the descriptor's type byte                          */
    uint8_t pad;                 /* the descriptor's fourth byte: 0 in every real log   */
    uint8_t kind;                /* private: how `data` turns into bytes                */
    uint8_t own_len;
    uint8_t own[16];             /* scalars live here                                   */
    const void *data;
    size_t len;
    uint32_t lie;                /* 1 + the size the descriptor claims; 0 = the truth   */
} mk_value;

#define MK_PLAIN 0xffffffffu                /* mk_body.tmpl: no template, `spec` instead */
enum {
    MK_BARE   = 1,               /* no fragment header 0f 01 01 00 (live logs, nested)   */
    MK_NO_EOF = 2,
    MK_LIE_COUNT = 4,            /* `count` instead of n                                 */
    MK_LIE_ID    = 8,            /* `id` instead of the GUID's first four bytes          */
    MK_LIE_DEF   = 16,           /* `def` as definition offset; no definition is written */
    MK_NO_TABLES = 32            /* names and definition stay out of the chunk's tables  */
};

/* One stream: a record's body, or (chained by next: several instances) a value of type 0x21. */
typedef struct mk_body {
    uint32_t flags, tmpl;
    const char *spec;
    const mk_value *v;
    size_t n;
    uint32_t count, id, def;
    const struct mk_body *next;  /* follows in the same stream, before its EOF           */
} mk_body;

typedef struct mk_tmpl { const char *spec; uint8_t guid[16]; uint32_t def; } mk_tmpl;
typedef struct mk_poked {
    size_t off, len;
    const uint8_t *bytes;        /* NULL: own                                            */
    uint8_t own[MK_POKE_OWN];
    int late;
} mk_poked;

typedef struct mk_file {
    /* Knobs: set between mk_begin and the first record; defaults are what Windows writes. */
    uint16_t major, minor;       /* 3.1                                                  */
    uint32_t flags;              /* file flags: 1 dirty, 2 full, 4 no CRC                */
    uint32_t chunk_flags;        /* 1                                                    */
    uint64_t number;             /* of the next record, counted since the log was cleared */
    uint8_t padding;             /* byte behind a record's EOF                           */
    uint8_t wire;                /* 1: names as on the wire, in the record and for good  */
    uint8_t loose;               /* 1: a record may hold more than its chunk: fail softly */

    /* To look at. */
    const char *failed;          /* NULL, or the first reason                            */
    uint8_t *mem;
    size_t cap, chunk_at;        /* file offset of the current chunk; 0 = none yet       */
    uint32_t pos, chunks;        /* chunk offset of the next byte                        */
    uint64_t next_id;

    /* private */
    uint32_t full, templates, pokes, stream_flags;
    uint8_t before[64];          /* chunk header fields before the last record           */
    mk_tmpl tmpl[MK_TEMPLATES];
    mk_poked poke[MK_POKES];
} mk_file;

/* ---- a log, from begin to end ------------------------------------------- */
void     mk_begin(mk_file *f, uint8_t *mem, size_t cap);
void     mk_chunk(mk_file *f);                          /* the next record opens a new one  */
uint32_t mk_template(mk_file *f, const char *spec);     /* handle; the GUID is spec's hash  */
uint32_t mk_template_guid(mk_file *f, const char *spec, const uint8_t guid[16]);
/* All of them return the record's file offset, 0 on failure. A full chunk is followed by a new. */
size_t   mk_record(mk_file *f, uint64_t id, uint64_t written, uint32_t tmpl,
                   const mk_value *v, size_t n);
size_t   mk_record_plain(mk_file *f, uint64_t id, uint64_t written, const char *spec);
size_t   mk_record_body(mk_file *f, uint64_t id, uint64_t written, const mk_body *b);
size_t   mk_record_raw(mk_file *f, uint64_t id, uint64_t written, const void *p, size_t n);
mk_bytes mk_end(mk_file *f);                            /* fields, pokes, checksums         */

/* ---- wrong on purpose ---------------------------------------------------- */
/* Offsets count from the start of the file. mk_poke comes last: checksums do not know of it.
 * mk_poke_sealed comes before the checksums, so that the damage reaches the parser. Up to 16
 * bytes are copied, more are borrowed until mk_end. */
void     mk_poke(mk_file *f, size_t off, const void *bytes, size_t n);
void     mk_poke_sealed(mk_file *f, size_t off, const void *bytes, size_t n);
void     mk_poke_int(mk_file *f, size_t off, uint64_t v, size_t n);          /* little-endian */
void     mk_poke_sealed_int(mk_file *f, size_t off, uint64_t v, size_t n);
void     mk_swallow(mk_file *f, size_t record);   /* its size grows over the next record      */
void     mk_slack(mk_file *f);                    /* the last record becomes slack: fso < it  */
uint32_t mk_name_at(const mk_file *f, const char *name);     /* chunk offset, 0 = not there   */
uint32_t mk_def_at(const mk_file *f, uint32_t tmpl);         /* same, of a definition         */

/* ---- provider resources ---------------------------------------------------- */
/* A template of a WEVT_TEMPLATE resource ("TEMP"), in mem; the GUID is the one that mk_template
 * gives this spec. Up to 64 KiB; f is only used meanwhile, and says why there is none. */
mk_bytes mk_temp(mk_file *f, uint8_t *mem, size_t cap, const char *spec, uint32_t values);

/* ---- on finished bytes ---------------------------------------------------- */
uint32_t mk_crc32(uint32_t crc, const void *p, size_t n);    /* IEEE; begin with 0            */
void     mk_fix(uint8_t *file, size_t len);                  /* all checksums, also of a cut file */
void     mk_fix_chunk(uint8_t *chunk, size_t len);
size_t   mk_trim(const mk_file *f);               /* file length without the last slot's rest  */
void     mk_rotate(uint8_t *file, size_t len, uint32_t by);  /* ring order: oldest slot = by   */

/* ---- values ---------------------------------------------------------------- */
mk_value mk_null(void);
mk_value mk_null_sized(uint8_t n);                /* live logs: NULL that still has n <= 16 bytes */
mk_value mk_str(const char *utf8);                /* no terminator; NULL pointer = mk_null        */
mk_value mk_strz(const char *utf8);               /* with one                                     */
mk_value mk_strs(const char *const *utf8, size_t n);         /* 0x81                              */
mk_value mk_ansi(const char *s);                  /* with its NUL, as Windows does                */
mk_value mk_i8(int8_t v);
mk_value mk_u8(uint8_t v);
mk_value mk_i16(int16_t v);
mk_value mk_u16(uint16_t v);
mk_value mk_i32(int32_t v);
mk_value mk_u32(uint32_t v);
mk_value mk_i64(int64_t v);
mk_value mk_u64(uint64_t v);
mk_value mk_f32(float v);
mk_value mk_f64(double v);
mk_value mk_bool(uint32_t v);
mk_value mk_bin(const void *p, size_t n);
mk_value mk_guid(const char *text);               /* "{1-2-3-4-5}", braces optional               */
mk_value mk_size32(uint32_t v);
mk_value mk_size64(uint64_t v);
mk_value mk_filetime(uint64_t v);
mk_value mk_systime(const uint16_t v[8]);         /* borrowed                                     */
mk_value mk_sid(const char *text);                /* "S-1-5-18"; at most 255 sub-authorities      */
mk_value mk_hex32(uint32_t v);
mk_value mk_hex64(uint64_t v);
mk_value mk_xml(const mk_body *b);                /* nested stream                                */
mk_value mk_raw(uint8_t type, const void *p, size_t n);      /* anything as anything              */
mk_body  mk_nested(uint32_t tmpl, const mk_value *v, size_t n);
mk_body  mk_nested_plain(const char *spec);

/* ---- text helpers ----------------------------------------------------------- */
uint64_t mk_time(const char *iso);                /* "2006-09-02T02:00:00.1234567Z"; else decimal */
void     mk_iso(uint64_t filetime, int digits, char out[40]);
size_t   mk_escape(char *out, size_t cap, const char *utf8); /* text -> spec; its length          */

#ifdef __cplusplus
}
#endif
#endif
