/* src/cli/io_windows.c - the same as io.c for Windows: wide paths, binary descriptors, consoles */
#ifdef _WIN32

#include "windows_text.h"

#include <windows.h>

#include <psapi.h>

#ifndef ENABLE_VIRTUAL_TERMINAL_PROCESSING
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x0004
#endif

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *cli_error_text(int error)
{
    return strerror(error);
}

/* ---- the beginning, the end, and terminals ------------------------------------------------- */

int cli_interrupted(void)
{
    return 0;
}

int cli_io_end(int status)
{
    return status;
}

static HANDLE handle_of(int fd)
{
    return (HANDLE)_get_osfhandle(fd);
}

static UINT code_page_before;
static DWORD mode_before;

static void restore_console(void)
{
    if (code_page_before != 0)
        (void)SetConsoleOutputCP(code_page_before);
    if (mode_before != 0)
        (void)SetConsoleMode(handle_of(CLI_OUT), mode_before);
}

/* Consoles take UTF-8 and colours when they are asked to, and are left as they were found. Those
 * of old systems take no colours; who asks for a terminal's kind must learn that. */
static void prepare_console(void)
{
    DWORD mode;

    if (cli_is_terminal(CLI_OUT) || cli_is_terminal(CLI_ERR)) {
        code_page_before = GetConsoleOutputCP();
        (void)SetConsoleOutputCP(CP_UTF8);
        (void)atexit(restore_console);
    }
    if (!GetConsoleMode(handle_of(CLI_OUT), &mode))
        return;
    if (SetConsoleMode(handle_of(CLI_OUT), mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING))
        mode_before = mode;
    else
        (void)_putenv("TERM=dumb");
}

static void nothing(const wchar_t *a, const wchar_t *b, const wchar_t *c, unsigned d, uintptr_t e)
{
    (void)a, (void)b, (void)c, (void)d, (void)e;
}

/* The run time asks what is to be done about a descriptor that is none: no more than an error. */
static void keep_descriptors(void)
{
    (void)_set_invalid_parameter_handler(nothing);
    for (int fd = CLI_IN; fd <= CLI_ERR; fd++) {
        if (_get_osfhandle(fd) < 0)
            (void)_wopen(L"NUL", fd == CLI_IN ? _O_WRONLY : _O_RDONLY);
        (void)_setmode(fd, _O_BINARY);
    }
}

/* Where it fails for want of memory, the words of main serve: they differ beyond ASCII only. */
static char **utf8_words(int *argc, char **argv)
{
    int count = 0;
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), &count);
    char **words = wide ? calloc((size_t)count + 1, sizeof *words) : NULL;

    if (!words)
        return argv;
    for (int i = 0; i < count; i++) {
        words[i] = cli_from_wide(wide[i]);
        if (!words[i])
            return argv;
    }
    (void)LocalFree(wide);
    *argc = count;
    return words;
}

char **cli_io_begin(int *argc, char **argv)
{
    keep_descriptors();
    prepare_console();
    return utf8_words(argc, argv);
}

bool cli_is_terminal(int fd)
{
    DWORD mode;

    return GetConsoleMode(handle_of(fd), &mode) != 0;
}

unsigned cli_columns(int fd)
{
    CONSOLE_SCREEN_BUFFER_INFO info;

    if (!GetConsoleScreenBufferInfo(handle_of(fd), &info))
        return 80;
    return (unsigned)(info.srWindow.Right - info.srWindow.Left + 1);
}

uint64_t cli_clock(void)
{
    return GetTickCount64();
}

uint64_t cli_clock_ns(void)
{
    LARGE_INTEGER ticks, each;
    uint64_t whole, rest;

    (void)QueryPerformanceFrequency(&each);
    (void)QueryPerformanceCounter(&ticks);
    whole = (uint64_t)(ticks.QuadPart / each.QuadPart);
    rest = (uint64_t)(ticks.QuadPart % each.QuadPart);
    return whole * 1000000000u + rest * 1000000000u / (uint64_t)each.QuadPart;
}

uint64_t cli_peak(void)
{
    PROCESS_MEMORY_COUNTERS used;

    return K32GetProcessMemoryInfo(GetCurrentProcess(), &used, sizeof used)
           ? used.PeakWorkingSetSize : 0;
}

unsigned cli_processors(void)
{
    SYSTEM_INFO info;

    GetSystemInfo(&info);
    return info.dwNumberOfProcessors > 1 ? info.dwNumberOfProcessors : 1;
}

int cli_processor(void)
{
    return -1;                       /* Windows spreads threads by itself                     */
}

void cli_leave_processor(int taken, unsigned number)
{
    (void)taken;
    (void)number;
}

/* ---- files --------------------------------------------------------------------------------- */

/* Links are symbolic links and mount points; other reparse points are files kept elsewhere. */
static bool is_link(const wchar_t *path)
{
    WIN32_FIND_DATAW found;
    HANDLE h = FindFirstFileW(path, &found);

    if (h == INVALID_HANDLE_VALUE)
        return false;
    (void)FindClose(h);
    return (found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)
        && (found.dwReserved0 == IO_REPARSE_TAG_SYMLINK
            || found.dwReserved0 == IO_REPARSE_TAG_MOUNT_POINT);
}

int cli_kind(const char *path, bool no_follow, int *error)
{
    wchar_t *wide = cli_wide_path(path);
    DWORD bits = wide ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;
    int kind = CLI_FILE;

    *error = 0;
    if (bits == INVALID_FILE_ATTRIBUTES) {
        *error = wide ? cli_errno_of(GetLastError()) : ENOMEM;
        kind = 0;
    } else if (bits & FILE_ATTRIBUTE_DIRECTORY) {
        kind = no_follow && is_link(wide) ? CLI_LINK_TO_FOLDER : CLI_FOLDER;
    } else if (bits & FILE_ATTRIBUTE_DEVICE) {
        kind = CLI_OTHER;
    }
    free(wide);
    return kind;
}

static bool identity(const char *path, BY_HANDLE_FILE_INFORMATION *info)
{
    wchar_t *wide = cli_wide_path(path);
    DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    HANDLE h = INVALID_HANDLE_VALUE;
    bool known;

    if (wide)
        h = CreateFileW(wide, 0, share, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    free(wide);
    if (h == INVALID_HANDLE_VALUE)
        return false;
    known = GetFileInformationByHandle(h, info) != 0;
    (void)CloseHandle(h);
    return known;
}

static bool same(const BY_HANDLE_FILE_INFORMATION *x, const BY_HANDLE_FILE_INFORMATION *y)
{
    return x->dwVolumeSerialNumber == y->dwVolumeSerialNumber
        && x->nFileIndexHigh == y->nFileIndexHigh && x->nFileIndexLow == y->nFileIndexLow;
}

bool cli_same_file(const char *a, const char *b)
{
    BY_HANDLE_FILE_INFORMATION x, y;

    return identity(a, &x) && identity(b, &y) && same(&x, &y);
}

bool cli_is_output(const char *path)
{
    BY_HANDLE_FILE_INFORMATION in, out;
    HANDLE h = handle_of(CLI_OUT);

    if (GetFileType(h) != FILE_TYPE_DISK || !GetFileInformationByHandle(h, &out))
        return false;
    if (path ? !identity(path, &in) : !GetFileInformationByHandle(handle_of(CLI_IN), &in))
        return false;
    return same(&in, &out);
}

/* Logs are opened while the service writes, renames and deletes them: everything is shared. */
int cli_open(const char *path, bool regular, int *error)
{
    wchar_t *wide = cli_wide_path(path);
    DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    HANDLE h = INVALID_HANDLE_VALUE;
    int fd = -1;

    if (wide)
        h = CreateFileW(wide, GENERIC_READ, share, NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN,
                        NULL);
    *error = !wide ? ENOMEM : h == INVALID_HANDLE_VALUE ? cli_errno_of(GetLastError()) : 0;
    free(wide);
    if (*error != 0)
        return -1;
    if (regular && GetFileType(h) != FILE_TYPE_DISK)
        *error = EINVAL;
    else if ((fd = _open_osfhandle((intptr_t)h, _O_RDONLY | _O_BINARY | _O_NOINHERIT)) < 0)
        *error = errno;
    if (fd < 0)
        (void)CloseHandle(h);
    return fd;
}

uint64_t cli_size(int fd)
{
    LARGE_INTEGER size;
    HANDLE h = handle_of(fd);
    __int64 at;

    if (GetFileType(h) != FILE_TYPE_DISK || !GetFileSizeEx(h, &size))
        return 0;
    at = _telli64(fd);
    return at >= 0 && size.QuadPart > at ? (uint64_t)(size.QuadPart - at) : 0;
}

size_t cli_read(int fd, uint8_t *buf, size_t len, int *error)
{
    size_t have = 0;

    *error = 0;
    while (have < len && *error == 0) {
        size_t ask = len - have < 1u << 20 ? len - have : 1u << 20;
        int n = _read(fd, buf + have, (unsigned)ask);
        if (n == 0)
            break;
        if (n > 0)
            have += (size_t)n;
        else
            *error = errno;
    }
    return have;
}

size_t cli_read_at(int fd, uint64_t off, uint8_t *buf, size_t len, int *error)
{
    size_t have = 0;
    DWORD n = 1;

    *error = 0;
    while (have < len && n != 0) {
        uint64_t from = off + have;
        OVERLAPPED at = { .Offset = (DWORD)from, .OffsetHigh = (DWORD)(from >> 32) };
        n = 0;
        if (!ReadFile(handle_of(fd), buf + have, (DWORD)(len - have), &n, &at)
            && GetLastError() != ERROR_HANDLE_EOF)
            *error = EIO;
        have += n;
    }
    return have;
}

bool cli_back(int fd, uint64_t by)
{
    return GetFileType(handle_of(fd)) == FILE_TYPE_DISK
        && _lseeki64(fd, -(__int64)by, SEEK_CUR) >= 0;
}

uint64_t cli_place(int fd)
{
    return (uint64_t)_lseeki64(fd, 0, SEEK_CUR);
}

bool cli_seek(int fd, uint64_t off)
{
    return cli_size(fd) > 0 && _lseeki64(fd, (__int64)off, SEEK_SET) >= 0;
}

int cli_write(int fd, const void *data, size_t len)
{
    const uint8_t *p = data;

    while (len > 0) {
        unsigned ask = len < 1u << 15 ? (unsigned)len : 1u << 15;   /* consoles take no more */
        int n = _write(fd, p, ask);
        if (n < 0)
            return _doserrno == ERROR_NO_DATA ? EPIPE : errno;
        if (n == 0)
            return ENOSPC;
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

int cli_close(int fd)
{
    return _close(fd) == 0 ? 0 : errno;
}

bool cli_is_pipe_error(int error)
{
    return error == EPIPE;
}

static void make_parents(wchar_t *path)
{
    for (wchar_t *at = path; *at; at++)
        if (*at == L'\\' && at > path) {
            *at = 0;
            (void)CreateDirectoryW(path, NULL);
            *at = L'\\';
        }
}

int cli_create(const char *path, int *error)
{
    wchar_t *wide = cli_wide_path(path);
    int fd = -1;

    if (wide) {
        make_parents(wide);
        fd = _wopen(wide, _O_WRONLY | _O_CREAT | _O_TRUNC | _O_BINARY | _O_NOINHERIT,
                    _S_IREAD | _S_IWRITE);
    }
    *error = fd < 0 ? errno : 0;
    free(wide);
    return fd;
}

#else
typedef int cli_io_is_in_io_c;       /* a file of C holds something */
#endif
