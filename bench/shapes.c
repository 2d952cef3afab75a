/* bench/shapes.c - logs of stated shape, made by the kit: what is measured, and why */
#include "shapes.h"

#include <stdio.h>
#include <string.h>

#define XMLNS "http://schemas.microsoft.com/win/2004/08/events/event"
#define FIRST_TIME 127998720000000000u       /* 2006-08-12: as good as any              */
enum { SECOND = 10000000, TEXT = 12000 };

/* What provider manifests give: literals, then slots; the nested EventData is slot 17. */
#define OUTER(provider, guid)                                                               \
    "<Event xmlns='" XMLNS "'><System><Provider Name='" provider "' Guid='\\{" guid "}'/>"    \
    "<EventID Qualifiers='{4:u16?}'>{3:u16?}</EventID><Version>{11:u8?}</Version>"          \
    "<Level>{0:u8?}</Level><Task>{2:u16?}</Task><Opcode>{1:u8?}</Opcode>"                   \
    "<Keywords>{5:hex64?}</Keywords><TimeCreated SystemTime='{6:time?}'/>"                  \
    "<EventRecordID>{10:u64?}</EventRecordID><Correlation ActivityID='{7:guid?}'/>"         \
    "<Execution ProcessID='{8:u32?}' ThreadID='{9:u32?}'/><Channel>{13:str?}</Channel>"     \
    "<Computer>{14:str?}</Computer><Security UserID='{12:sid?}'/></System>{17:xml?}</Event>"

static const char security[] = OUTER("Microsoft-Windows-Security-Auditing",
                                     "54849625-5478-4994-a5ba-3e3b0328c30d");
static const char service[] = OUTER("Contoso-Service", "0f67e49f-fe51-4e9f-b490-6f2948cc6027");

enum { OUTER_VALUES = 18 };

/* Pseudo-random, and the same on every machine. */
static uint32_t dice(uint32_t i, uint32_t salt)
{
    uint64_t x = ((uint64_t)i << 32 | salt) * 6364136223846793005u + 1442695040888963407u;

    x ^= x >> 29;
    return (uint32_t)(x * 0x9e3779b97f4a7c15u >> 33);
}

static void put(mk_log *g, const char *outer, uint32_t i, uint32_t id, const mk_body *data)
{
    uint64_t time = FIRST_TIME + (uint64_t)i * SECOND + dice(i, 1) % SECOND;
    mk_value v[OUTER_VALUES] = {
        mk_u8(dice(i, 2) % 8 == 0 ? 2 : 4), mk_u8(0), mk_u16((uint16_t)(12544 + id % 7)),
        mk_u16((uint16_t)id), mk_null(), mk_hex64(0x8020000000000000u), mk_filetime(time),
        mk_null(), mk_u32(4 * (dice(i, 3) % 900)), mk_u32(4 * (dice(i, 4) % 900)),
        mk_u64(i + 1), mk_u8((uint8_t)(id % 3)), mk_sid("S-1-5-18"),
        mk_str("Application"), mk_str("EX01.corp.example"), mk_null(), mk_null(), mk_xml(data)
    };

    (void)mk_record(&g->file, i + 1, time, mk_template(&g->file, outer), v, OUTER_VALUES);
}

/* ---- templates ----------------------------------------------------------------------------- */

static void put_small(mk_log *g, uint32_t i)
{
    static const char *const specs[4] = {
        "<EventData><Data Name='State'>{0:u32}</Data></EventData>",
        "<EventData><Data Name='param1'>{0:u32}</Data><Data Name='param2'>{1:str}</Data>"
        "</EventData>",
        "<EventData><Data Name='Handle'>{0:hex64}</Data></EventData>",
        "<UserData><Changed><Count>{0:u32}</Count><By>{1:str}</By></Changed></UserData>"
    };
    mk_value v[2] = { mk_u32(dice(i, 5) % 4096), mk_str("spooler") };
    mk_body data;

    if (i % 4 == 2)
        v[0] = mk_hex64(dice(i, 6));
    data = mk_nested(mk_template(&g->file, specs[i % 4]), v, i % 2 == 0 ? 1 : 2);
    put(g, service, i, 7000 + i % 4, &data);
}

static void put_logon(mk_log *g, uint32_t i)
{
    char user[32], address[32], logon[40];
    mk_value v[12];
    mk_body data;

    sprintf(user, "user%04u", (unsigned)(dice(i, 7) % 300));
    sprintf(address, "10.%u.%u.%u", (unsigned)(dice(i, 8) % 4), (unsigned)(dice(i, 9) % 256),
            (unsigned)(dice(i, 10) % 256));
    sprintf(logon, "{%08x-1f2e-4a6b-9c8d-%012x}", (unsigned)dice(i, 11), (unsigned)dice(i, 12));
    v[0] = mk_sid("S-1-5-21-1004336348-1177238915-682003330-512");
    v[1] = mk_str("EX01$");
    v[2] = mk_str("CORP");
    v[3] = mk_hex64(0x3e7);
    v[4] = mk_sid("S-1-5-21-1004336348-1177238915-682003330-1107");
    v[5] = mk_str(user);
    v[6] = mk_str("CORP");
    v[7] = mk_hex64(dice(i, 13));
    v[8] = mk_u32(dice(i, 14) % 11);
    v[9] = mk_str("C:\\Windows\\System32\\services.exe");
    v[10] = mk_guid(logon);
    v[11] = mk_str(address);
    data = mk_nested(mk_template(&g->file,
        "<EventData><Data Name='SubjectUserSid'>{0:sid}</Data>"
        "<Data Name='SubjectUserName'>{1:str}</Data><Data Name='SubjectDomainName'>{2:str}</Data>"
        "<Data Name='SubjectLogonId'>{3:hex64}</Data><Data Name='TargetUserSid'>{4:sid}</Data>"
        "<Data Name='TargetUserName'>{5:str}</Data><Data Name='TargetDomainName'>{6:str}</Data>"
        "<Data Name='TargetLogonId'>{7:hex64}</Data><Data Name='LogonType'>{8:u32}</Data>"
        "<Data Name='ProcessName'>{9:str}</Data><Data Name='LogonGuid'>{10:guid}</Data>"
        "<Data Name='IpAddress'>{11:str}</Data></EventData>"), v, 12);
    put(g, security, i, dice(i, 15) % 4 == 0 ? 4634 : 4624, &data);
}

/* So many templates that each is met a few times in a chunk, at another place in the next one. */
static void put_many(mk_log *g, uint32_t i)
{
    enum { MANY = 200 };
    static char specs[MANY][192];
    uint32_t which = dice(i, 16) % MANY;
    mk_value v[2] = { mk_u32(dice(i, 17)), mk_str("a value of middling length") };
    mk_body data;

    sprintf(specs[which], "<EventData><Data Name='Field%u'>{0:u32}</Data>"
            "<Data Name='Text%u'>{1:str}</Data></EventData>", (unsigned)which, (unsigned)which);
    data = mk_nested(mk_template(&g->file, specs[which]), v, 2);
    put(g, service, i, 1000 + which, &data);
}

/* ---- text ---------------------------------------------------------------------------------- */

/* Words, one behind the other, until `bytes` are there. */
static const char *text_of(const char *const *words, uint32_t count, uint32_t i, size_t bytes)
{
    static char text[TEXT + 256];
    size_t len = 0;

    for (uint32_t n = 0; len < bytes && len < TEXT; n++) {
        const char *word = words[dice(i, 100 + n) % count];
        memcpy(text + len, word, strlen(word));
        len += strlen(word);
    }
    text[len] = 0;
    return text;
}

static void put_text(mk_log *g, uint32_t i, const char *text)
{
    mk_value v[2] = { mk_u32(i % 7), mk_str(text) };
    mk_body data = mk_nested(mk_template(&g->file,
        "<EventData><Data Name='MessageNumber'>{0:u32}</Data>"
        "<Data Name='ScriptBlockText'>{1:str}</Data></EventData>"), v, 2);

    put(g, service, i, 4104, &data);
}

static void put_long(mk_log *g, uint32_t i)
{
    static const char *const words[] = {
        "function Get-Thing {\r\n", "    $path = \"C:\\Program Files\\Contoso\"\r\n", "    if (",
        "$value -ne $null) { ", "Write-Output 'done' | Out-Null }\r\n", "}\r\n", "# a remark\r\n",
        "    [Parameter(Mandatory = $true)][string]$Name", "foreach ($item in $list) ", "& \"x\" "
    };

    put_text(g, i, text_of(words, 10, i, 1000 + dice(i, 18) % 7000));
}

static void put_cyrillic(mk_log *g, uint32_t i)
{
    static const char *const words[] = {
        "Служба ", "перешла ", "в состояние ", "работает. ", "Учётная запись ", "успешно ",
        "вошла ", "в систему ", "компьютер ", "12 "
    };

    put_text(g, i, text_of(words, 10, i, 100 + dice(i, 19) % 900));
}

static void put_cjk(mk_log *g, uint32_t i)
{
    static const char *const words[] = {
        "サービスは", "開始しました。", "アカウントが", "正常に", "ログオン", "系统", "已成功",
        "启动服务，", "计算机", "12"
    };

    put_text(g, i, text_of(words, 10, i, 100 + dice(i, 20) % 900));
}

/* ---- structure ----------------------------------------------------------------------------- */

static void put_array(mk_log *g, uint32_t i)
{
    static const char *const items[] = {
        "Microsoft Exchange", "08.02.0255.000", "", "0x80070005", "First Storage Group",
        "/o=Contoso/ou=First Administrative Group/cn=Recipients/cn=backup", "17", "a & b"
    };
    static const uint8_t bytes[24] = { 1, 2, 3 };
    mk_value v[3] = { mk_strs(items + i % 3, 3 + dice(i, 21) % 3), mk_u32(sizeof bytes),
                      mk_bin(bytes, sizeof bytes) };
    mk_body data = mk_nested(mk_template(&g->file,
        "<EventData><Data>{0:str[]?}</Data><Binary>{2:bin?}</Binary></EventData>"), v, 3);

    put(g, service, i, 1000 + i % 5, &data);
}

static void put_deep(mk_log *g, uint32_t i)
{
    enum { DEEP = 12 };
    mk_body level[DEEP];
    mk_value v[DEEP][2];
    uint32_t inner = mk_template(&g->file, "<Leaf><A x='{0:u32}'><B><C>{1:str}</C></B></A></Leaf>");
    uint32_t outer = mk_template(&g->file, "<Level n='{0:u32}'><In>{1:xml}</In></Level>");

    for (uint32_t d = 0; d < DEEP; d++) {
        v[d][0] = mk_u32(d);
        v[d][1] = d == 0 ? mk_str("at the bottom") : mk_xml(&level[d - 1]);
        level[d] = mk_nested(d == 0 ? inner : outer, v[d], 2);
    }
    put(g, service, i, 2000, &level[DEEP - 1]);
}

/* ---- logs of an Exchange server ------------------------------------------------------------ */

static void event(mk_log *g, uint32_t i, uint32_t id, const char *provider, const char *strings)
{
    char time[40];
    mk_event e = { time, id, strings, NULL, 0, NULL, provider, 0 };

    mk_iso(FIRST_TIME + (uint64_t)i * SECOND, 7, time);
    (void)mk_log_event(g, &e);
}

static void put_daily(mk_log *g, uint32_t i)
{
    char strings[96];

    sprintf(strings, "%u|%u|First Storage Group|C:\\Exchsrvr\\mdbdata\\E00.log",
            (unsigned)(dice(i, 22) % 9000), (unsigned)(dice(i, 23) % 64));
    event(g, i, 100 + dice(i, 24) % 40, i % 3 == 0 ? "ESE" : "MSExchangeTransport", strings);
}

static void put_forwarded(mk_log *g, uint32_t i)
{
    g->flags = MK_LOG_FORWARDED;
    g->channel = "ForwardedEvents";
    put_daily(g, i);
}

/* A backup that ends: what one writes into the log. */
static const uint16_t backup[] = { 9604, 9606, 9608, 9610, 9612, 9648, 9616 };
enum { BACKUP = sizeof backup / sizeof backup[0] };

/* A night's backup stands in one place, as it does in real logs. */
static void put_exchange(mk_log *g, uint32_t i)
{
    uint32_t at = i % (100 * BACKUP);

    if (at < BACKUP)
        event(g, i, backup[at], "MSExchangeIS", NULL);
    else
        put_daily(g, i);
}

/* The worst case: every chunk has some. */
static void put_exchange_even(mk_log *g, uint32_t i)
{
    if (i % 100 == 0)
        event(g, i, backup[i / 100 % BACKUP], "MSExchangeIS", NULL);
    else
        put_daily(g, i);
}

static const shape shapes[] = {
    { "small", "many small records, four templates", put_small },
    { "logon", "one template of twelve values: texts, SIDs, numbers, a GUID", put_logon },
    { "many", "two hundred templates", put_many },
    { "long", "texts of 1 to 8 KB with quotes and line breaks, as scripts have", put_long },
    { "cyrillic", "texts in a script of two bytes a letter", put_cyrillic },
    { "cjk", "texts in scripts of three bytes a letter", put_cjk },
    { "arrays", "arrays of strings, and binary", put_array },
    { "deep", "twelve nested instances", put_deep },
    { "forwarded", "forwarded events: no templates, literal texts", put_forwarded },
    { "daily", "an Exchange server without its backups", put_daily },
    { "exchange", "1 % backup events of Exchange, a night's in one place", put_exchange },
    { "exchange-even", "1 % backup events of Exchange, some in each chunk", put_exchange_even }
};

const shape *shape_at(size_t i)
{
    return i < sizeof shapes / sizeof shapes[0] ? &shapes[i] : NULL;
}

const shape *shape_named(const char *name)
{
    const shape *s;

    for (size_t i = 0; (s = shape_at(i)) != NULL; i++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

size_t shape_room(uint32_t chunks)
{
    return MK_FILE_HEADER + ((size_t)chunks + 1) * MK_CHUNK;
}

mk_bytes shape_make(const shape *s, uint32_t chunks, mk_log *g, uint8_t *mem)
{
    mk_log_begin(g, mem, shape_room(chunks));
    for (uint32_t i = 0; g->file.chunks <= chunks && !g->file.failed; i++)
        s->put(g, i);
    return mk_log_end(g);
}
