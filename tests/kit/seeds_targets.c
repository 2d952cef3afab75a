/* tests/kit/seeds_targets.c - chunks for the targets that look for more than tokens and values. */
#include "mklog.h"
#include "seeds.h"

#include <string.h>

static uint8_t mem[KIT_SEED_MEM];
static mk_file file;
static mk_log g;

#define T0 128016720000000000u
enum { CH = MK_FILE_HEADER, R1 = CH + MK_CHUNK_HEADER };

static void done(kit_take take, void *user, const char *name)
{
    take(user, name, kit_seed_chunk(&file));
}

static size_t record_size(size_t at) { return (size_t)mem[at + 4] | (size_t)mem[at + 5] << 8; }

/* Records of one template; returns where the second one begins. */
static size_t few_records(unsigned n)
{
    mk_begin(&file, mem, sizeof mem);
    uint32_t t = mk_template(&file, "<Event><EventID>{0:u16}</EventID><D>{1:str}</D></Event>");
    for (unsigned i = 1; i <= n; i++) {
        mk_value v[2] = { mk_u16((uint16_t)i), mk_str("words") };
        (void)mk_record(&file, i, T0 + i, t, v, 2);
    }
    return R1 + record_size(R1);
}

/* ---- chunks ----------------------------------------------------------------------- */

void kit_seeds_chunks(kit_take take, void *user)
{
    size_t second = few_records(3);
    done(take, user, "sound");
    second = few_records(4);
    mk_swallow(&file, second);
    done(take, user, "swallowed");
    (void)few_records(3);
    mk_slack(&file);
    done(take, user, "slack");
    second = few_records(3);
    mk_poke_sealed_int(&file, second, 0, 4);
    done(take, user, "lost");
    second = few_records(3);
    mk_poke_sealed_int(&file, second + 4, 0xfffffff8u, 4);
    done(take, user, "size-huge");
    (void)few_records(3);
    mk_poke_int(&file, mk_trim(&file) - 4, 0, 4);
    done(take, user, "copy");
    (void)few_records(2);
    mk_poke_sealed_int(&file, CH, 0, 8);
    done(take, user, "no-signature");
    (void)few_records(2);
    mk_poke_sealed_int(&file, CH + 48, 0, 4);
    done(take, user, "no-end");
    second = few_records(3);
    mk_bytes cut = kit_seed_chunk(&file);
    cut.len -= 30;
    take(user, "cut", cut);
}

void kit_seeds_sums(kit_take take, void *user)
{
    (void)few_records(2);
    done(take, user, "sound");
    (void)few_records(2);
    mk_poke_int(&file, CH + 124, 0, 4);
    done(take, user, "header-sum");
    (void)few_records(2);
    mk_poke_int(&file, CH + 52, 0, 4);
    done(take, user, "data-sum");
    mk_begin(&file, mem, sizeof mem);
    file.chunk_flags |= 4;
    (void)mk_record_plain(&file, 1, T0, "<E/>");
    done(take, user, "no-sums");
}

/* ---- fields ----------------------------------------------------------------------- */

static void event(kit_take take, void *user, const char *name, uint32_t flags, const mk_event *e)
{
    mk_log_begin(&g, mem, sizeof mem);
    g.flags = flags;
    (void)mk_log_event(&g, e);
    take(user, name, kit_seed_chunk(&g.file));
}

void kit_seeds_fields(kit_take take, void *user)
{
    static const mk_event begins = { "2006-09-02T02:00:00Z", 9604, NULL, NULL, 0, NULL, NULL, 0 };
    static const mk_event refused = { "2006-09-02T02:02:00Z", 9607, "0x50d|x",
                                      "Backup in progress.", 7, NULL, NULL, 0 };
    static const mk_event instance = { NULL, 9606, "58d7d4e8-0a5c-4e2b-9d3c-3b1f1f6f2a10|a<&>",
                                       "Volume snap occurring.", 0, "H\xc3\xb6st", NULL, 0 };
    static const mk_event other = { "2020-01-01T00:00:00Z", 1, "a||c", NULL, 1, "host",
                                    "Microsoft-Windows-Sysmon", 2 };
    event(take, user, "begins", 0, &begins);
    event(take, user, "refused", 0, &refused);
    event(take, user, "refused-single", MK_LOG_NO_ARRAY, &refused);
    event(take, user, "instance", MK_LOG_LIVE, &instance);
    event(take, user, "forwarded", MK_LOG_FORWARDED, &refused);
    event(take, user, "other", MK_LOG_NO_BINARY, &other);
    mk_begin(&file, mem, sizeof mem);
    (void)mk_record_plain(&file, 1, T0, "<Event><System><Provider Name='a&lt;b' Guid='{}'/>"
        "<EventID Qualifiers='16384'>9607</EventID><Level>4</Level><Task>0x1c</Task>"
        "<Keywords>0x80000000000000</Keywords><TimeCreated SystemTime='2006-09-02T02:02:00.5Z'/>"
        "<EventRecordID>18446744073709551615</EventRecordID><Execution ProcessID='1' ThreadID='2'/>"
        "<Computer>EX01</Computer><Security UserID='S-1-5-18'/></System><EventData><Data>one</Data>"
        "<Data Name='n'>two</Data><Binary>4261636B</Binary></EventData></Event>");
    done(take, user, "literals");
}

/* ---- fast ways -------------------------------------------------------------------- */

void kit_seeds_fast(kit_take take, void *user)
{
    static const char *const three[] = { "one", "", "three" };
    (void)few_records(3);
    done(take, user, "alike");
    mk_begin(&file, mem, sizeof mem);
    mk_value n[2] = { mk_str("x<y"), mk_u32(7) };
    uint32_t t = mk_template(&file, "<Event a='{1:u32}'><D Name='N'>{0:str?}</D></Event>");
    for (uint64_t i = 1; i < 5; i++) {
        n[0] = i == 3 ? mk_null() : i == 4 ? mk_u16(1) : mk_str("x<y\"");
        (void)mk_record(&file, i, T0 + i, t, n, 2);
    }
    done(take, user, "types-change");
    mk_begin(&file, mem, sizeof mem);
    t = mk_template(&file, "<E><D>{0:str[]}</D></E>");
    for (uint64_t i = 1; i < 4; i++) {
        mk_value v[1] = { mk_strs(three, i) };
        (void)mk_record(&file, i, T0 + i, t, v, 1);
    }
    done(take, user, "arrays");
    mk_begin(&file, mem, sizeof mem);
    uint32_t outer = mk_template(&file, "<Event><System/>{0:xml?}</Event>");
    uint32_t a = mk_template(&file, "<A><P>{0:str}</P><Q>{1:time}</Q></A>");
    uint32_t b = mk_template(&file, "<B><P>{0:str}</P><Q>{1:sid}</Q></B>");
    for (uint64_t i = 0; i < 4; i++) {
        mk_value in[2] = { mk_str("p"), i % 2 ? mk_sid("S-1-5-18") : mk_filetime(T0 + i) };
        mk_body nested = mk_nested(i % 2 ? b : a, in, 2);
        mk_value v[1] = { mk_xml(&nested) };
        (void)mk_record(&file, i + 1, T0 + i, outer, v, 1);
    }
    done(take, user, "nested-in-turn");
    mk_begin(&file, mem, sizeof mem);
    for (uint64_t i = 1; i < 4; i++) (void)mk_record_plain(&file, i, T0 + i, "<E a='1'>x<F/></E>");
    done(take, user, "plain");
}

/* ---- carving ---------------------------------------------------------------------- */

void kit_seeds_carving(kit_take take, void *user)
{
    static uint8_t blob[8192], legacy_mem[1024];
    static mk_evt legacy;
    mk_evt_event e = { .id = 1, .time = 1157162520, .source = "S", .computer = "C",
                       .strings = "one|two" };
    size_t second = few_records(3), n;
    mk_bytes chunk = kit_seed_chunk(&file), out = { blob, 0 };
    take(user, "chunk", chunk);
    memset(blob, '*', sizeof blob);
    memcpy(blob + 5, chunk.ptr, chunk.len);
    out.len = chunk.len + 9;
    take(user, "chunk-at-5", out);
    n = record_size(second);
    memset(blob, 0, 64);
    memcpy(blob + 3, mem + second, n);
    memcpy(blob + 3 + n, mem + second, n - 8);
    memcpy(blob + 2 * n, mem + second, n);
    out.len = 3 * n + 1;
    take(user, "records", out);
    memcpy(blob, chunk.ptr, chunk.len);
    memcpy(blob + 520, chunk.ptr, chunk.len);
    out.len = chunk.len + 520;
    take(user, "chunk-in-chunk", out);
    mk_evt_begin(&legacy, legacy_mem, sizeof legacy_mem);
    legacy.trim = 1;
    (void)mk_evt_record(&legacy, &e);
    (void)mk_evt_record(&legacy, &e);
    mk_bytes log = mk_evt_end(&legacy);
    memcpy(blob + 1, log.ptr, log.len);
    out.len = log.len + 1;
    take(user, "legacy", out);
}

/* ---- provider resources ------------------------------------------------------------ */

/* Templates in the first 2,048 bytes, behind them a chunk whose records lost the first of them. */
static void resource(kit_take take, void *user, const char *name, const char *spec, uint32_t values,
                     int nested)
{
    enum { RESOURCE = 2048 };
    static uint8_t out[RESOURCE + MK_CHUNK];
    mk_bytes all = { out, 0 }, temp = mk_temp(&file, mem, sizeof mem, spec, values), chunk;
    memset(out, 0, RESOURCE);
    memcpy(out + 16, temp.ptr, temp.len);
    temp = mk_temp(&file, mem, sizeof mem, "<Other>{0:str}</Other>", 1);
    memcpy(out + 1200, temp.ptr, temp.len);
    mk_begin(&file, mem, sizeof mem);
    mk_value v[3] = { mk_str("first"), mk_u32(7), mk_null() };
    uint32_t lost = mk_template(&file, spec);
    uint32_t outer = mk_template(&file, "<Event>{0:xml}</Event>");
    for (uint64_t i = 1; i < 3; i++) {
        mk_body in = mk_nested(lost, v, values);
        mk_value whole[1] = { mk_xml(&in) };
        if (nested) (void)mk_record(&file, i, T0, outer, whole, 1);
        else (void)mk_record(&file, i, T0, lost, v, values);
    }
    mk_poke_sealed_int(&file, CH + mk_def_at(&file, lost) + 4, 0xdeadbeefu, 4);
    chunk = kit_seed_chunk(&file);
    memcpy(out + RESOURCE, chunk.ptr, chunk.len);
    all.len = RESOURCE + chunk.len;
    take(user, name, all);
}

void kit_seeds_resources(kit_take take, void *user)
{
    resource(take, user, "one", "<EventData><D Name='A'>{0:str}</D><D>{1:u32}</D></EventData>", 2,
             0);
    resource(take, user, "nested", "<UserData a='{1:u32}'>{0:str?}</UserData>", 3, 1);
    resource(take, user, "literal", "<E>text&amp;&#65;<![CDATA[c]]><?t d?></E>", 0, 0);
}
