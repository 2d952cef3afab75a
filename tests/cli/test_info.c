/* tests/cli/test_info.c - evx info: what it says about logs, whole, turned, damaged and hostile */
#include "mklog.h"
#include "run.h"
#include "scenes.h"

TestSuite(info, .init = run_begin, .fini = run_end, .timeout = 120);

static void check_has(const char *text, const char *words)
{
    cr_expect(strstr(text, words), "'%s' is not in:\n%s", words, text);
}

/* A log of two days: three events of Exchange, one of somebody else. */
static void save_small(const char *name)
{
    static uint8_t mem[MK_FILE_HEADER + MK_CHUNK];
    static mk_log g;
    static const mk_event events[] = {
        { "2006-09-02T02:00:00Z", 9604, NULL, NULL, 0, NULL, NULL, 0 },
        { "2006-09-02T02:02:00.1234567Z", 9606, NULL, "Volume snap occurring.", 0, NULL, NULL, 0 },
        { "2006-09-01T23:00:00Z", 7, "a|b", NULL, 0, "ex02", "Backup \"Agent\"", 0 },
        { "2006-09-03T02:00:00Z", 9604, NULL, NULL, 0, NULL, NULL, 0 },
    };
    mk_bytes b;

    mk_log_begin(&g, mem, sizeof mem);
    mk_log_events(&g, events, 4);
    b = mk_log_end(&g);
    cr_assert(b.ptr, "%s", g.file.failed);
    run_save(name, b.ptr, b.len);
}

/* ---- the two shapes, to the letter ----------------------------------------------------------- */

Test(info, help_fits_a_screen)
{
    run r = { 0 };
    size_t column = 0;

    run_evx(&r, "info", "--help");
    cr_expect(r.status == 0 && strstr(r.out, "usage: evx info") && run_lines(r.out) <= 24);
    for (const char *p = r.out; *p; p++) {
        column = *p == '\n' ? 0 : column + 1;
        cr_expect(column <= 80);
    }
    run_evx(&r, "info");
    cr_expect(r.status == 2 && strstr(r.err, "info: no path given"));
    run_evx(&r, "info", "--jsn", "a");
    cr_expect(r.status == 2 && strstr(r.err, "did you mean --json?"));
    run_evx(&r, "info", "-", "-");
    cr_expect(r.status == 2 && strstr(r.err, "'-' can be given once"));
    run_free(&r);
}

Test(info, the_text)
{
    static const char text[] = "a.evtx\n"
                               "  size       69632 bytes\n"
                               "  version    3.1\n"
                               "  flags      none\n"
                               "  header     sound\n"
                               "  chunks     1 in 1 slot, 0 empty\n"
                               "  records    4: 4 decoded, 0 recovered, 0 lost\n"
                               "  order      ascending\n"
                               "  ids        1 to 4\n"
                               "  first      2006-09-01T23:00:00.0000000Z\n"
                               "  last       2006-09-03T02:00:00.0000000Z\n"
                               "  providers  2\n"
                               "        3 MSExchangeIS\n"
                               "        1 Backup \"Agent\"\n"
                               "  channels   1\n"
                               "        4 Application\n"
                               "  computers  2\n"
                               "        3 EX01\n"
                               "        1 ex02\n";
    run r = { 0 };

    save_small("a.evtx");
    run_evx(&r, "info", "a.evtx");
    cr_expect(r.status == 0 && !*r.err && strcmp(r.out, text) == 0, "%d %s%s", r.status, r.out,
              r.err);
    run_free(&r);
}

Test(info, the_document)
{
    static const char text[] =
        "{\"schema\":\"evx.info/1\",\"files\":[\n"
        "{\"path\":\"a.evtx\",\"error\":null,\"format\":\"evtx\",\"bytes\":69632,"
        "\"header\":{\"version\":\"3.1\",\"dirty\":false,\"full\":false,\"no_checksums\":false,"
        "\"checksum_wrong\":false,\"version_unknown\":false,\"cut\":false,"
        "\"signature_wrong\":false,\"sizes_unusual\":false,"
        "\"oldest_slot\":0,\"newest_slot\":0,\"chunk_count\":1,\"next_record\":5},"
        "\"chunks\":{\"slots\":1,\"present\":1,\"empty\":0,\"damaged\":0,\"no_signature\":0,"
        "\"free_offset\":0,\"cut\":0,\"header_checksum\":0,\"data_checksum\":0,"
        "\"bytes_missing\":0},"
        "\"records\":{\"present\":4,\"decoded\":4,\"recovered\":0,\"lost\":0,\"lost_bytes\":0,"
        "\"lost_is_minimum\":false},"
        "\"order\":{\"kind\":\"ascending\",\"oldest_slot\":0,\"newest_slot\":0,\"runs\":["
        "{\"first_slot\":0,\"last_slot\":0,\"first_id\":1,\"last_id\":4}],\"runs_unlisted\":0},"
        "\"record_ids\":{\"first\":1,\"last\":4},\"header_ids\":{\"first\":1,\"last\":4},"
        "\"times\":{\"first\":\"2006-09-01T23:00:00.0000000Z\","
        "\"last\":\"2006-09-03T02:00:00.0000000Z\"},"
        "\"providers\":{\"without\":0,\"unlisted\":0,\"names\":["
        "{\"name\":\"MSExchangeIS\",\"records\":3},"
        "{\"name\":\"Backup \\\"Agent\\\"\",\"records\":1}]},"
        "\"channels\":{\"without\":0,\"unlisted\":0,\"names\":["
        "{\"name\":\"Application\",\"records\":4}]},"
        "\"computers\":{\"without\":0,\"unlisted\":0,\"names\":["
        "{\"name\":\"EX01\",\"records\":3},{\"name\":\"ex02\",\"records\":1}]},"
        "\"losses\":[],\"losses_unlisted\":0},\n"
        "{\"path\":\"gone.evtx\",\"error\":\"No such file or directory\"}\n"
        "]}\n";
    run r = { 0 };

    save_small("a.evtx");
    run_evx(&r, "info", "--json", "a.evtx", "gone.evtx");
    cr_expect(r.status == 1 && strcmp(r.out, text) == 0, "%d %s%s", r.status, r.out, r.err);
    check_has(r.err, "gone.evtx: No such file");
    run_free(&r);
}

/* ---- inputs and statuses --------------------------------------------------------------------- */

Test(info, many_inputs)
{
    run r = { 0 };
    size_t len;

    cr_assert(mkdir("f", 0700) == 0);
    save_small("f/b.evtx");
    save_small("f/a.evtx");
    run_save("f/notes.txt", "no log", 6);
    run_evx(&r, "info", "f");
    cr_expect(r.status == 0 && strstr(r.out, "f/a.evtx\n") == r.out);
    check_has(r.out, "\n\nf/b.evtx\n");
    check_has(r.out, "\n\n2 logs, 8 records, 0 of them lost\n");
    r.in = run_load("f/a.evtx", &len);
    r.in_len = len;
    r.piece = 777;
    run_evx(&r, "info", "--json", "-");
    cr_expect(r.status == 0);
    check_has(r.out, "{\"path\":\"-\",\"error\":null,");
    run_evx(&r, "info", "-");
    cr_expect(strncmp(r.out, "standard input\n  size       69632 bytes\n", 38) == 0, "%s", r.out);
    free((void *)r.in);
    run_free(&r);
}

Test(info, nothing_readable)
{
    run r = { 0 };

    run_save("text", "Elf?", 4);
    run_save("short", "ElfFile\0and no more", 19);
    run_evx(&r, "info", "text", "gone", "short");
    cr_expect(r.status == 3 && r.out_len == 0 && run_lines(r.err) == 3, "%s%s", r.out, r.err);
    run_evx(&r, "info", "--json", "text", "-");
    cr_expect(r.status == 3);
    cr_expect(strcmp(r.out, "{\"schema\":\"evx.info/1\",\"files\":[\n"
                            "{\"path\":\"text\",\"error\":\"no event log: it begins neither "
                            "with \\\"ElfFile\\\" nor as a legacy log; evx carve finds records in "
                            "any bytes\"},\n"
                            "{\"path\":\"-\",\"error\":\"is empty\"}\n]}\n") == 0, "%s", r.out);
    r.out_path = "/dev/full";
    save_small("a.evtx");
    run_evx(&r, "info", "a.evtx");
    cr_expect(r.status == 4);
    run_free(&r);
}

/* ---- order ----------------------------------------------------------------------------------- */

Test(info, a_ring_and_other_orders)
{
    run_log *l = run_make(5, 10);
    run r = { .in = l->bytes.ptr, .in_len = l->bytes.len };
    uint8_t *slot = l->bytes.ptr + MK_FILE_HEADER, *spare = malloc(MK_CHUNK);

    mk_rotate(l->bytes.ptr, l->bytes.len, 2);
    run_evx(&r, "info", "-");
    check_has(r.out, "  order      ring, the log has wrapped: oldest slot 2, newest 1\n");
    run_evx(&r, "info", "--json", "-");
    check_has(r.out, "\"order\":{\"kind\":\"ring\",\"oldest_slot\":2,\"newest_slot\":1,\"runs\":["
                     "{\"first_slot\":0,\"last_slot\":1,\"first_id\":31,\"last_id\":50},"
                     "{\"first_slot\":2,\"last_slot\":4,\"first_id\":1,\"last_id\":30}],");
    memcpy(spare, slot, MK_CHUNK);                           /* swap the first and the last */
    memcpy(slot, slot + 4 * MK_CHUNK, MK_CHUNK);
    memcpy(slot + 4 * MK_CHUNK, spare, MK_CHUNK);
    run_evx(&r, "info", "-");
    check_has(r.out, "  order      mixed: oldest slot 2, newest 1\n"
                     "    slots 0 to 1: records 21 to 50\n"
                     "    slots 2 to 4: records 1 to 40\n");
    cr_expect(r.status == 0);
    memset(slot, 0, 5 * MK_CHUNK);
    run_evx(&r, "info", "-");
    cr_expect(r.status == 1);                                /* the header counts five */
    check_has(r.out, "  chunks     0 in 5 slots, 5 empty\n");
    check_has(r.out, "  order      none\n");
    cr_expect(!strstr(r.out, "ids") && !strstr(r.out, "first") && !strstr(r.out, "providers"));
    run_evx(&r, "info", "--json", "-");
    check_has(r.out, "\"order\":{\"kind\":\"none\",\"oldest_slot\":null,\"newest_slot\":null,"
                     "\"runs\":[],\"runs_unlisted\":0},\"record_ids\":null,\"header_ids\":null,"
                     "\"times\":null,");
    run_free(&r);
    free(spare);
    free(l);
}

Test(info, exported_ids_differ)
{
    static uint8_t mem[KIT_SCENE_MEM];
    static mk_log g;
    const kit_scene *s;
    run r = { 0 };
    mk_bytes b = { NULL, 0 };

    for (size_t i = 0; (s = kit_scene_at(i)) != NULL && !b.ptr; i++)
        if (strcmp(s->name, "export") == 0)
            b = kit_scene_make(s, &g, mem, sizeof mem);
    cr_assert(b.ptr);
    r.in = b.ptr;
    r.in_len = b.len;
    run_evx(&r, "info", "-");
    check_has(r.out, "  ids        2210 to 2282; in the record headers 1 to 73\n");
    run_free(&r);
}

/* ---- damage ---------------------------------------------------------------------------------- */

/* The last record is cut off in its data: its id would look as if the log had been exported. */
Test(info, a_record_read_in_part_spoils_no_range)
{
    run r = { 0 };
    size_t len, last = 0;
    uint32_t size;
    char *log;

    save_small("a.evtx");
    log = run_load("a.evtx", &len);
    for (size_t i = MK_FILE_HEADER; i + 4 < len; i++)
        if (memcmp(log + i, "**\0\0", 4) == 0)
            last = i;
    memcpy(&size, log + last + 4, sizeof size);
    run_save("a.evtx", log, last + size - 8);
    run_evx(&r, "info", "a.evtx");
    cr_expect(r.status == 1 && strstr(r.out, "\n  ids        1 to 3\n"), "%s%s", r.out, r.err);
    run_free(&r);
    free(log);
}

Test(info, flags_and_versions)
{
    run_log *l = run_make(1, 3);
    run r = { .in = l->bytes.ptr, .in_len = l->bytes.len };

    l->bytes.ptr[120] = 7;
    l->bytes.ptr[36] = 2;
    mk_fix(l->bytes.ptr, l->bytes.len);
    run_evx(&r, "info", "-");
    check_has(r.out, "  version    3.2\n"
                     "  flags      dirty (not closed, or copied live), full, no checksums\n"
                     "  header     sound\n");
    l->bytes.ptr[120] = 0;
    l->bytes.ptr[38] = 4;
    l->bytes.ptr[40] = 1;
    run_evx(&r, "info", "-");
    check_has(r.out, "  version    4.2\n  flags      none\n"
                     "  header     checksum wrong, version unknown, sizes unusual\n");
    cr_expect(r.status == 0);
    run_free(&r);
    free(l);
}

Test(info, damage_by_kind)
{
    run_log *l = run_make(5, 10);
    uint8_t *slot = l->bytes.ptr + MK_FILE_HEADER;
    run r = { .in = l->bytes.ptr, .in_len = MK_FILE_HEADER + 4 * MK_CHUNK + 100 };

    memset(slot, 0xee, MK_CHUNK);                            /* nothing of it is left */
    slot[1 * MK_CHUNK + 128] ^= 1;                           /* only its header's checksum */
    l->bytes.ptr[l->at[25] + 16] ^= 1;                       /* only its records' checksum */
    memset(l->bytes.ptr + l->at[35] + 24, 0xee, 40);         /* a record, and its checksum */
    run_evx(&r, "info", "-");
    cr_expect(r.status == 1);
    check_has(r.out, "  chunks     5 in 5 slots, 0 empty\n"
                     "  damage     5 chunks\n"
                     "        1 without signature\n"
                     "        1 cut by the end of the file\n"
                     "        1 header checksum wrong\n"
                     "        2 data checksum wrong\n"
                     "  missing    65436 bytes of the last slot\n"
                     "  records    32: 29 decoded, 0 recovered, at least 3 lost (");
    check_has(r.out, "  losses     3\n    0x1200  65024 bytes  chunk signature missing\n");
    check_has(r.out, " bytes  input ends inside a chunk\n");
    check_has(r.err, "evx: standard input: at least 3 of 32 records lost\n");
    cr_expect(run_lines(r.err) == 1, "%s", r.err);
    run_evx(&r, "info", "-v", "--no-sandbox", "-");
    cr_expect(run_lines(r.err) == 7, "%s", r.err);
    run_evx(&r, "info", "--json", "-");
    check_has(r.out, "\"damaged\":5,\"no_signature\":1,\"free_offset\":0,\"cut\":1,"
                     "\"header_checksum\":1,\"data_checksum\":2,\"bytes_missing\":65436}");
    check_has(r.out, "\"losses\":[{\"offset\":4608,\"bytes\":65024,\"records\":1,\"status\":-785,"
                     "\"reason\":\"chunk signature missing\",\"from\":null,"
                     "\"to\":\"2006-09-02T02:00:00.0000000Z\"},");
    run_free(&r);
    free(l);
}

Test(info, many_losses_are_counted_not_listed)
{
    run_log *l = run_make(2, 100);
    run r = { .in = l->bytes.ptr, .in_len = l->bytes.len };

    for (size_t i = 1; i < 60; i += 2)
        memset(l->bytes.ptr + l->at[i] + 24, 0xee, 4);
    run_evx(&r, "info", "-");
    check_has(r.out, "  losses     30\n");
    check_has(r.out, "    and 10 more (-v shows them)\n");
    run_evx(&r, "info", "-v", "-");
    cr_expect(!strstr(r.out, " more"));
    run_free(&r);
    free(l);
}

Test(info, any_bytes_at_all)
{
    run_log *l = run_make(3, 40);
    run r = { .in = l->bytes.ptr, .in_len = l->bytes.len };
    uint8_t *whole = malloc(l->bytes.len);
    uint32_t x = 3;

    memcpy(whole, l->bytes.ptr, l->bytes.len);
    for (unsigned i = 0; i < 40; i++) {
        memcpy(l->bytes.ptr, whole, l->bytes.len);
        for (unsigned k = 0; k < 8u << i % 8; k++) {
            x = x * 1664525u + 1013904223u;
            l->bytes.ptr[8 + (x >> 8) % (l->bytes.len - 8)] = (uint8_t)x;
        }
        run_evx(&r, "info", "--json", "-");
        cr_expect(r.status <= 1 && r.out_len > 8 && strcmp(r.out + r.out_len - 4, "\n]}\n") == 0,
                  "%u: %d %s", i, r.status, r.err);
    }
    run_free(&r);
    free(whole);
    free(l);
}

/* ---- names ----------------------------------------------------------------------------------- */

enum { MANY_NAMES = 20000, MANY_CAP = 16 << 20 };

/* Records whose providers are named by a printf format of their number. */
static mk_bytes make_names(uint8_t *mem, unsigned count, const char *format)
{
    static mk_file f;
    static char name[4000];
    uint32_t t;

    mk_begin(&f, mem, MANY_CAP);
    t = mk_template(&f, "<Event><System><Provider Name='{0:str}'/><EventID>7</EventID>"
                        "<Computer>{1:str}</Computer></System></Event>");
    for (unsigned i = 0; i < count; i++) {
        mk_value v[2];
        snprintf(name, sizeof name, format, i);
        v[0] = mk_str(name);
        v[1] = mk_str(i % 2 ? "b" : "a");
        mk_record(&f, i + 1, mk_time("2006-09-02T02:00:00Z"), t, v, 2);
    }
    return mk_end(&f);
}

Test(info, the_most_frequent_names_first)
{
    uint8_t *mem = malloc(MANY_CAP);
    mk_bytes b = make_names(mem, 12, "p%02u");
    run r = { .in = b.ptr, .in_len = b.len };

    run_evx(&r, "info", "-");
    check_has(r.out, "  providers  12\n        1 p00\n        1 p01\n");
    check_has(r.out, "        1 p09\n        2 of 2 others (-v shows them)\n");
    check_has(r.out, "  computers  2\n        6 a\n        6 b\n");
    cr_expect(!strstr(r.out, "channels"));
    run_evx(&r, "info", "-v", "-");
    check_has(r.out, "        1 p11\n  computers");
    run_evx(&r, "info", "--json", "-");
    check_has(r.out, "{\"name\":\"p11\",\"records\":1}]},"
                     "\"channels\":{\"without\":12,\"unlisted\":0,\"names\":[]},");
    run_free(&r);
    free(mem);
}

Test(info, hostile_names_stay_names)
{
    uint8_t *mem = malloc(MANY_CAP);
    mk_bytes b = make_names(mem, 1, "\x1b[31m\n\"\\\xe2\x80\xae%u");
    run r = { .in = b.ptr, .in_len = b.len };
    char format[3000];

    run_evx(&r, "info", "-");
    check_has(r.out, "        1 \\x1b[31m\\x0a\"\\\\u{202e}0\n");
    run_evx(&r, "info", "--json", "-");
    check_has(r.out, "{\"name\":\"\\u001B[31m\\n\\\"\\\\\\u202E0\",\"records\":1}");
    /* names longer than what is kept: cut inside a character, so one character earlier */
    memset(format, 'n', sizeof format);
    memcpy(format + 1022, "\xe2\x82\xac%u", 6);
    b = make_names(mem, 3, format);
    r.in = b.ptr;
    r.in_len = b.len;
    run_evx(&r, "info", "--json", "-");
    check_has(r.out, "nnn\",\"records\":3}]}");
    cr_expect(!strstr(r.out, "\xe2\x82"));
    run_free(&r);
    free(mem);
}

Test(info, memory_for_names_is_bounded)
{
    uint8_t *mem = malloc(MANY_CAP);
    mk_bytes b = make_names(mem, MANY_NAMES, "provider number %u");
    run r = { .in = b.ptr, .in_len = b.len };

    cr_assert(b.ptr);
    run_evx(&r, "info", "-");
    check_has(r.out, "  providers  16384 and more\n");
    check_has(r.out, "     3616 of names past the first 16384\n");
    check_has(r.out, "  computers  2\n    10000 a\n    10000 b\n");
    cr_expect(RUN_SANITIZED || r.peak_kib < 16384, "%ld KiB", r.peak_kib);
    run_free(&r);
    free(mem);
}

/* Its first chunk is at offset 0, which is no sign that none was seen yet. */
Test(info, chunks_without_a_file_header)
{
    run_log *l = run_make(2, 5);
    run r = { .in = l->bytes.ptr + MK_FILE_HEADER, .in_len = l->bytes.len - MK_FILE_HEADER };

    run_evx(&r, "info", "--json", "-");
    check_has(r.out, "\"order\":{\"kind\":\"ascending\",\"oldest_slot\":0,\"newest_slot\":1,");
    check_has(r.out, "\"present\":10,");
    run_free(&r);
    free(l);
}
