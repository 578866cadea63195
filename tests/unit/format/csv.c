/* SPDX-License-Identifier: Apache-2.0 */
/* The CSV grammar: RFC 4180, and what is not. */
#include "test.h"

#include "format/csv.h"

/* Writes every row as "line:a|b|c;" and every problem as "line!column;". */
static const char *rows_of(bfl_arena *arena, const char *bytes, size_t size, size_t field_bytes) {
    bfl_csv *csv = BFL_NEW(arena, bfl_csv);
    bfl_buf out = {.arena = arena};
    bfl_csv_open(csv, arena, (bfl_text){bytes, size}, field_bytes);
    for (bfl_csv_result r = bfl_csv_next(csv); r != BFL_CSV_END; r = bfl_csv_next(csv)) {
        if (r != BFL_CSV_ROW) {
            static const char *const marks[] = {"", "", "quote", "open", "field limit", "count limit"};
            bfl_buf_addf(&out, "%u!%u %s;", csv->line, csv->column, marks[r]);
            continue;
        }
        bfl_buf_addf(&out, "%u:", csv->line);
        for (size_t i = 0; i < csv->field_count; i++) {
            if (i) bfl_buf_add(&out, "|");
            bfl_buf_add_text(&out, csv->fields[i]);
        }
        bfl_buf_add(&out, ";");
    }
    return bfl_buf_z(&out);
}

static void check(const char *bytes, const char *expected) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_TEXT(rows_of(arena, bytes, strlen(bytes), 100), expected);
    bfl_arena_free(arena);
}

TEST(rows_and_fields) {
    check("", "");
    check("a", "1:a;");
    check("a,b\nc,d\n", "1:a|b;2:c|d;");
    check("a,b\r\nc,d", "1:a|b;2:c|d;");
    check("a,b\rc,d\r", "1:a|b;2:c|d;");
    check(",\n,,\n", "1:|;2:||;");
    check(" a , b \n", "1: a | b ;");
    check("\n\r\n\na\n\n\nb\n", "4:a;7:b;");
}

TEST(quoted_fields) {
    check("\"a\",\"b\"\n", "1:a|b;");
    check("\"a,b\",c\n", "1:a,b|c;");
    check("\"say \"\"yes\"\"\",c\n", "1:say \"yes\"|c;");
    check("\"\",\"\"\"\"\n", "1:|\";");
    check("\"two\nlines\",b\nc,d\n", "1:two\nlines|b;3:c|d;");
    check("\"two\r\nlines\",b\r\nc\r\n", "1:two\r\nlines|b;3:c;");
    check("\"end\"", "1:end;");
}

TEST(a_bad_row_costs_one_row) {
    check("a\"b,c\nz\n", "1!1 quote;2:z;");
    check("x,\"a\"b,c\nz\n", "1!2 quote;2:z;");
    check("x,\"never closed\nz,e\nf,g\n", "1!2 open;2:z|e;3:f|g;");
    check("\"", "1!1 open;");
    check("a,b\n\"\"\"\nc\n", "1:a|b;2!1 open;3:c;");
}

TEST(limits) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_TEXT(rows_of(arena, "abcd,e\nf\n", 9, 4), "1:abcd|e;2:f;");
    CHECK_TEXT(rows_of(arena, "abcde,e\nf\n", 10, 4), "1!1 field limit;2:f;");
    CHECK_TEXT(rows_of(arena, "\"abcde\",e\nf\n", 12, 4), "1!1 field limit;2:f;");
    CHECK_TEXT(rows_of(arena, "\"a\nb\nc\nz\ne\nf\ng\n", 15, 4), "1!1 open;2:b;3:c;4:z;5:e;6:f;7:g;");
    char commas[BFL_CSV_FIELDS + 2];
    memset(commas, ',', sizeof commas);
    CHECK_TEXT(rows_of(arena, commas, BFL_CSV_FIELDS, 4), "1!257 count limit;");
    CHECK(strstr(rows_of(arena, commas, BFL_CSV_FIELDS - 1, 4), "limit") == NULL);
    bfl_arena_free(arena);
}

TEST(what_is_written_reads_the_same) {
    static const char *const fields[] = {"",         "plain", "a,b", "say \"yes\"", "two\nlines", "cr\r",
                                         " spaced ", "\"",    ","};
    bfl_arena *arena = bfl_arena_new();
    bfl_buf buf = {.arena = arena};
    size_t count = sizeof fields / sizeof *fields;
    for (size_t i = 0; i < count; i++) {
        if (i) bfl_buf_add(&buf, ",");
        bfl_csv_write(&buf, bfl_text_of(fields[i]));
    }
    bfl_csv *csv = BFL_NEW(arena, bfl_csv);
    bfl_csv_open(csv, arena, (bfl_text){buf.data, buf.size}, 100);
    CHECK_INT(bfl_csv_next(csv), BFL_CSV_ROW);
    CHECK_INT(csv->field_count, count);
    for (size_t i = 0; i < csv->field_count && i < count; i++)
        CHECK(bfl_text_equal(csv->fields[i], bfl_text_of(fields[i])));
    bfl_arena_free(arena);
}

TEST_CASES(CASE(rows_and_fields), CASE(quoted_fields), CASE(a_bad_row_costs_one_row), CASE(limits),
           CASE(what_is_written_reads_the_same))
