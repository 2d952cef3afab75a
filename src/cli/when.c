/* src/cli/when.c - FILETIME <-> ISO 8601: written in UTC with seven digits, read as people write */
#include "cli.h"

enum {
    DAYS_IN_400_YEARS = 146097,
    DAYS_TO_MARCH_1600 = 306,        /* back from 1601-01-01                                   */
    SECONDS_A_DAY = 86400,
    TICKS = 10000000                 /* a second                                               */
};

/*
 * Days since 1601-01-01 -> a date of the Gregorian calendar. Years are counted from March, so that
 * the day that leap years add is the last: then 153 days are five months, whichever they are.
 */
static void date_of(uint64_t days, uint64_t *year, unsigned *month, unsigned *day)
{
    uint64_t at = days + DAYS_TO_MARCH_1600, era = at / DAYS_IN_400_YEARS;
    unsigned left = (unsigned)(at % DAYS_IN_400_YEARS);
    unsigned years = (left - left / 1460 + left / 36524 - left / 146096) / 365;
    unsigned in_year = left - (365 * years + years / 4 - years / 100);
    unsigned march = (5 * in_year + 2) / 153;

    *day = in_year - (153 * march + 2) / 5 + 1;
    *month = march < 10 ? march + 3 : march - 9;
    *year = 1600 + era * 400 + years + (*month <= 2);
}

/* At least so many digits, and the character behind them. */
static char *put(char *to, unsigned n, unsigned width, char behind)
{
    unsigned count = 1;

    for (unsigned rest = n / 10; rest != 0; rest /= 10)
        count++;
    count = count < width ? width : count;
    for (unsigned i = count; i > 0; n /= 10)
        to[--i] = (char)('0' + n % 10);
    to[count] = behind;
    return to + count + 1;
}

const char *cli_when(char to[CLI_WHEN], uint64_t filetime)
{
    uint64_t seconds = filetime / TICKS, year;
    unsigned second = (unsigned)(seconds % SECONDS_A_DAY), month, day;
    char *at;

    date_of(seconds / SECONDS_A_DAY, &year, &month, &day);
    at = put(to, (unsigned)year, 4, '-');
    at = put(at, month, 2, '-');
    at = put(at, day, 2, 'T');
    at = put(at, second / 3600, 2, ':');
    at = put(at, second / 60 % 60, 2, ':');
    at = put(at, second % 60, 2, '.');
    *put(at, (unsigned)(filetime % TICKS), 7, 'Z') = 0;
    return to;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Exactly so many digits. */
static bool digits(const char **at, unsigned n, unsigned *value)
{
    *value = 0;
    for (; n > 0; n--, ++*at) {
        if (**at < '0' || **at > '9')
            return false;
        *value = *value * 10 + (unsigned)(**at - '0');
    }
    return true;
}

static bool is(const char **at, char c)
{
    bool here = **at == c;

    *at += here;
    return here;
}

/* A date of the Gregorian calendar as days since 1601-01-01; the other way round of date_of. */
static uint64_t days_of(unsigned year, unsigned month, unsigned day)
{
    unsigned march = month > 2 ? month - 3 : month + 9, years = year - (month <= 2) - 1600;

    return years * (uint64_t)365 + years / 4 - years / 100 + years / 400 + (153 * march + 2) / 5
        + day - 1 - DAYS_TO_MARCH_1600;
}

static bool read_date(const char **at, uint64_t *days)
{
    unsigned year, month, day, month_then, day_then;
    uint64_t year_then;

    if (!digits(at, 4, &year) || !is(at, '-') || !digits(at, 2, &month) || !is(at, '-')
        || !digits(at, 2, &day) || year < 1601 || month < 1 || month > 12 || day < 1)
        return false;
    *days = days_of(year, month, day);
    date_of(*days, &year_then, &month_then, &day_then);
    return month_then == month && day_then == day;   /* no 30th of February */
}

/* "02:00", "02:00:59", "02:00:59.25": seconds of the day, and what is behind the point in ticks. */
static bool read_clock(const char **at, unsigned *seconds, unsigned *ticks)
{
    unsigned hour, minute, second = 0, unit = TICKS;

    if (!digits(at, 2, &hour) || !is(at, ':') || !digits(at, 2, &minute))
        return false;
    if (is(at, ':')) {
        if (!digits(at, 2, &second))
            return false;
        if (is(at, '.') && (**at < '0' || **at > '9'))
            return false;
        for (; **at >= '0' && **at <= '9'; ++*at)
            *ticks += (unsigned)(**at - '0') * (unit /= 10);
    }
    *seconds = hour * 3600 + minute * 60 + second;
    return hour < 24 && minute < 60 && second < 60;
}

/* "Z", "+01:00", "-0330" or nothing: seconds that the clock is ahead of UTC. */
static bool read_zone(const char **at, int *ahead)
{
    int sign = **at == '+' ? 1 : **at == '-' ? -1 : 0;
    unsigned hour, minute;

    *ahead = 0;
    if (sign == 0)
        return is(at, 'Z') || is(at, 'z') || **at == 0;
    ++*at;
    if (!digits(at, 2, &hour))
        return false;
    (void)is(at, ':');
    if (!digits(at, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *ahead = sign * (int)(hour * 3600 + minute * 60);
    return true;
}

bool cli_when_read(const char *text, uint64_t *filetime)
{
    uint64_t days;
    unsigned seconds = 0, ticks = 0;
    int ahead = 0;
    int64_t total;

    if (!read_date(&text, &days))
        return false;
    if ((is(&text, 'T') || is(&text, 't') || is(&text, ' '))
        && (!read_clock(&text, &seconds, &ticks) || !read_zone(&text, &ahead)))
        return false;
    total = (int64_t)(days * SECONDS_A_DAY + seconds) - ahead;
    *filetime = (uint64_t)total * TICKS + ticks;
    return *text == 0 && total >= 0;
}

int cli_when_option(const char *command, const char *option, const char *text, uint64_t *filetime)
{
    *filetime = 0;
    if (!text || cli_when_read(text, filetime))
        return CLI_CLEAN;
    return cli_usage("%s: --%s wants a time as in 2006-09-02 or 2006-09-02T02:00:00Z (UTC), "
                     "not '%s'", command, option, text);
}
