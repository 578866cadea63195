/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoints as text, CSV and JSON. */
#include "endpoints.h"

#include <string.h>

static const char *day_text(const bfl_record *record, int32_t day, char *buffer, size_t size) {
    (void)bfl_record_format_day(record, day, buffer, size);
    return buffer;
}

static bool is_time(const bfl_endpoint *e) {
    return e->state == BFL_ENDPOINT_EVENT || e->state == BFL_ENDPOINT_CENSORED;
}

/* ---- text ---- */

static void text_line(FILE *out, const bfl_record *record, const bfl_endpoint *e) {
    char day[32] = "";
    (void)fprintf(out, "  %-28s ", e->name);
    if (e->state == BFL_ENDPOINT_NOT_DERIVED)
        (void)fprintf(out, "-, %s\n", e->cause);
    else if (is_time(e))
        (void)fprintf(out, "%s days, %s: %s on %s\n", e->value, bfl_endpoint_state_word(e->state), e->cause,
                      day_text(record, e->day, day, sizeof day));
    else if (e->has_day)
        (void)fprintf(out, "%s on %s\n", e->value, day_text(record, e->day, day, sizeof day));
    else
        (void)fprintf(out, "%s\n", strcmp(e->value, "Y") == 0 ? "yes" : "no");
}

static void text_reasons(FILE *out, const bfl_record *record, const bfl_reason *reasons, size_t count) {
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "      %s [%s]", reasons[i].finding, reasons[i].rule->id);
        for (size_t k = 0; k < reasons[i].event_count; k++) {
            bfl_source source = bfl_record_source(record, reasons[i].events[k]);
            (void)fprintf(out, "%s%s:%u", k ? ", " : " ", source.file, source.row);
        }
        (void)fputc('\n', out);
    }
}

void cli_endpoints_text(FILE *out, const bfl_record *record, const bfl_endpoints *e) {
    char day[32];
    (void)fprintf(out, "Patient %s, %s\n", record->patient.id, e->criterion_name);
    for (size_t i = 0; i < e->visit_count; i++) {
        const bfl_endpoint_visit *v = &e->visits[i];
        (void)fprintf(out, "  %-28s %s", day_text(record, v->day, day, sizeof day), bfl_response_word(v->recorded));
        if (v->read != v->recorded) (void)fprintf(out, ", read as %s", bfl_response_word(v->read));
        (void)fprintf(out, "%s\n", v->missed ? ", missed" : "");
    }
    text_reasons(out, record, e->readings, e->reading_count);
    for (int i = 0; i < BFL_ENDPOINT_COUNT; i++) {
        text_line(out, record, &e->items[i]);
        text_reasons(out, record, e->items[i].reasons, e->items[i].reason_count);
    }
    (void)fputc('\n', out);
}

void cli_endpoints_policies(FILE *out, const bfl_rulebook *rulebook, const bfl_endpoint_options *options) {
    char text[64];
    (void)fputs("Policies\n", out);
    for (int i = 0; i < BFL_POLICY_COUNT; i++) {
        (void)bfl_endpoint_options_format(options, (bfl_policy)i, text, sizeof text);
        (void)fprintf(out, "  %-32s %s\n", text, bfl_policy_rule(rulebook, (bfl_policy)i)->title);
    }
}

void cli_endpoints_list(FILE *out, const bfl_rulebook *rulebook, const bfl_endpoint_options *options) {
    char text[64];
    for (int i = 0; i < BFL_POLICY_COUNT; i++) {
        bfl_policy policy = (bfl_policy)i;
        const bfl_rule *rule = bfl_policy_rule(rulebook, policy);
        (void)bfl_endpoint_options_format(options, policy, text, sizeof text);
        (void)fprintf(out, "%s%s\n  %s\n  takes    ", i ? "\n" : "", text, rule->title);
        for (size_t k = 0; bfl_policy_choice(policy, k); k++)
            (void)fprintf(out, "%s%s", k ? ", " : "", bfl_policy_choice(policy, k));
        if (!bfl_policy_choice(policy, 0))
            (void)fprintf(out, "a whole number%s%s", bfl_policy_unlimited(policy)[0] ? ", " : "",
                          bfl_policy_unlimited(policy));
        (void)fprintf(out, "\n  meaning  %s\n", rule->text);
        if (rule->reason[0]) (void)fprintf(out, "  why      %s\n", rule->reason);
        (void)fprintf(out, "  known    %s", bfl_known_word(rule->known));
        for (size_t k = 0; k < rule->source_count; k++) (void)fprintf(out, "%s%s", k ? ", " : ": ", rule->sources[k]);
        (void)fputc('\n', out);
    }
}

/* ---- CSV ---- */

static void csv_field(FILE *out, const char *text, char end) {
    if (!strpbrk(text, ",\"\r\n"))
        (void)fputs(text, out);
    else {
        (void)fputc('"', out);
        for (; *text; text++) (void)fprintf(out, "%s%c", *text == '"' ? "\"" : "", *text);
        (void)fputc('"', out);
    }
    (void)fputc(end, out);
}

void cli_endpoints_csv_head(FILE *out) {
    (void)fputs("patient,criterion,endpoint,name,state,value,start_day,day,date,cause,rule,reason,policies\n", out);
}

/* Policies in force, separated by spaces. */
static void csv_policies(FILE *out, const bfl_endpoint_options *options) {
    char text[64];
    for (int i = 0; i < BFL_POLICY_COUNT; i++) {
        (void)bfl_endpoint_options_format(options, (bfl_policy)i, text, sizeof text);
        (void)fprintf(out, "%s%s", i ? " " : "", text);
    }
    (void)fputc('\n', out);
}

void cli_endpoints_csv(FILE *out, const bfl_record *record, const bfl_endpoints *endpoints) {
    for (int i = 0; i < BFL_ENDPOINT_COUNT; i++) {
        const bfl_endpoint *e = &endpoints->items[i];
        char day[32];
        csv_field(out, record->patient.id, ',');
        csv_field(out, endpoints->criterion, ',');
        csv_field(out, e->id, ',');
        csv_field(out, e->name, ',');
        csv_field(out, bfl_endpoint_state_word(e->state), ',');
        csv_field(out, e->value, ',');
        if (is_time(e)) (void)fprintf(out, "%d", (int)e->start);
        (void)fputc(',', out);
        if (e->has_day) (void)fprintf(out, "%d", (int)e->day);
        (void)fputc(',', out);
        bool dated = e->has_day && record->has_calendar;
        csv_field(out, dated ? day_text(record, e->day, day, sizeof day) : "", ',');
        csv_field(out, e->cause, ',');
        csv_field(out, e->reason_count ? e->reasons[e->reason_count - 1].rule->id : "", ',');
        csv_field(out, e->reason_count ? e->reasons[e->reason_count - 1].finding : "", ',');
        csv_policies(out, &endpoints->options);
    }
}

/* ---- JSON ---- */

static void json_text(FILE *out, const char *text) {
    (void)fputc('"', out);
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == '"' || *p == '\\')
            (void)fprintf(out, "\\%c", *p);
        else if (*p < ' ')
            (void)fprintf(out, "\\u%04x", (unsigned)*p);
        else
            (void)fputc(*p, out);
    }
    (void)fputc('"', out);
}

static void json_member(FILE *out, const char *key, const char *text) {
    (void)fprintf(out, ",\"%s\":", key);
    json_text(out, text);
}

static void json_reasons(FILE *out, const bfl_record *record, const bfl_reason *reasons, size_t count) {
    (void)fputs(",\"reasons\":[", out);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "%s{\"rule\":\"%s\"", i ? "," : "", reasons[i].rule->id);
        json_member(out, "finding", reasons[i].finding);
        (void)fputs(",\"events\":[", out);
        for (size_t k = 0; k < reasons[i].event_count; k++) {
            bfl_source source = bfl_record_source(record, reasons[i].events[k]);
            (void)fprintf(out, "%s\"%s:%u\"", k ? "," : "", source.file, source.row);
        }
        (void)fputs("]}", out);
    }
    (void)fputc(']', out);
}

static void json_endpoint(FILE *out, const bfl_record *record, const bfl_endpoint *e) {
    char day[32];
    (void)fprintf(out, "{\"endpoint\":\"%s\"", e->id);
    json_member(out, "name", e->name);
    json_member(out, "state", bfl_endpoint_state_word(e->state));
    if (e->state != BFL_ENDPOINT_NOT_DERIVED) json_member(out, "value", e->value);
    if (is_time(e)) (void)fprintf(out, ",\"days\":%d,\"start_day\":%d", (int)e->days, (int)e->start);
    if (e->has_day) (void)fprintf(out, ",\"day\":%d", (int)e->day);
    if (e->has_day && record->has_calendar) json_member(out, "date", day_text(record, e->day, day, sizeof day));
    if (e->cause[0]) json_member(out, "cause", e->cause);
    json_reasons(out, record, e->reasons, e->reason_count);
    (void)fputc('}', out);
}

static void json_policies(FILE *out, const bfl_endpoint_options *options) {
    char text[64];
    (void)fputs(",\"policies\":{", out);
    for (int i = 0; i < BFL_POLICY_COUNT; i++) {
        (void)bfl_endpoint_options_format(options, (bfl_policy)i, text, sizeof text);
        (void)fprintf(out, "%s\"%s\":\"%s\"", i ? "," : "", bfl_policy_name((bfl_policy)i), strchr(text, '=') + 1);
    }
    (void)fputs("},\"visits\":[", out);
}

void cli_endpoints_json(FILE *out, const bfl_record *record, const bfl_endpoints *e) {
    (void)fputs("{\"patient\":", out);
    json_text(out, record->patient.id);
    json_member(out, "criterion", e->criterion);
    json_policies(out, &e->options);
    for (size_t i = 0; i < e->visit_count; i++)
        (void)fprintf(out, "%s{\"day\":%d,\"recorded\":\"%s\",\"read\":\"%s\",\"missed\":%s}", i ? "," : "",
                      (int)e->visits[i].day, bfl_response_word(e->visits[i].recorded),
                      bfl_response_word(e->visits[i].read), e->visits[i].missed ? "true" : "false");
    (void)fputc(']', out);
    json_reasons(out, record, e->readings, e->reading_count);
    (void)fputs(",\"endpoints\":[", out);
    for (int i = 0; i < BFL_ENDPOINT_COUNT; i++) {
        if (i) (void)fputc(',', out);
        json_endpoint(out, record, &e->items[i]);
    }
    (void)fputs("]}\n", out);
}
