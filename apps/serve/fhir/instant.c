/* SPDX-License-Identifier: Apache-2.0 */
/* Instants of FHIR: a day, a time and a zone; nothing of it may be left out. */
#include "serve/fhir/fhir.h"

#include <boneflare/base.h>

enum { LEAST_YEAR = 1970, MONTHS = 12, HOURS = 24, SIXTY = 60, DIGITS_MS = 3, MOST_ZONE_HOURS = 14 };

typedef struct scan {
    const char *at;
    bool good;
} scan;

static int32_t digits(scan *s, int count) {
    int32_t value = 0;
    for (int i = 0; i < count && s->good; i++) {
        s->good = *s->at >= '0' && *s->at <= '9';
        if (s->good) value = value * 10 + (*s->at++ - '0');
    }
    return value;
}

static void mark(scan *s, char c) {
    s->good = s->good && *s->at == c;
    if (s->good) s->at++;
}

/* A day that the calendar has. */
static int32_t day_of(scan *s) {
    int32_t year = digits(s, 4), y = 0, m = 0, d = 0;
    mark(s, '-');
    int32_t month = digits(s, 2);
    mark(s, '-');
    int32_t day = digits(s, 2);
    s->good = s->good && year >= LEAST_YEAR && month >= 1 && month <= MONTHS && day >= 1;
    if (!s->good) return 0;
    int32_t number = bfl_civil_day(year, month, day);
    bfl_civil_from_day(number, &y, &m, &d);
    s->good = y == year && m == month && d == day;
    return number;
}

/* Fractions after the third digit do not count. */
static int64_t milliseconds(scan *s) {
    int64_t ms = 0, unit = 100;
    if (!s->good || *s->at != '.') return 0;
    s->at++;
    s->good = *s->at >= '0' && *s->at <= '9';
    for (; *s->at >= '0' && *s->at <= '9'; s->at++, unit /= 10) ms += unit * (*s->at - '0');
    return ms;
}

/* Minutes east of Greenwich. */
static int64_t zone(scan *s) {
    if (!s->good) return 0;
    if (*s->at == 'Z') {
        s->at++;
        return 0;
    }
    int sign = *s->at == '-' ? -1 : 1;
    s->good = *s->at == '+' || *s->at == '-';
    if (s->good) s->at++;
    int32_t hours = digits(s, 2);
    mark(s, ':');
    int32_t minutes = digits(s, 2);
    s->good = s->good && hours <= MOST_ZONE_HOURS && minutes < SIXTY;
    return (int64_t)sign * (hours * SIXTY + minutes);
}

bool serve_fhir_instant(const char *text, int64_t *ms) {
    scan s = {text, true};
    int64_t day = day_of(&s);
    mark(&s, 'T');
    int32_t hour = digits(&s, 2);
    mark(&s, ':');
    int32_t minute = digits(&s, 2);
    mark(&s, ':');
    int32_t second = digits(&s, 2);
    int64_t fraction = milliseconds(&s), east = zone(&s);
    if (!s.good || *s.at || hour >= HOURS || minute >= SIXTY || second > SIXTY) return false;
    *ms = (((day * HOURS + hour) * SIXTY + minute - east) * SIXTY + second) * 1000 + fraction;
    return true;
}
