/* SPDX-License-Identifier: Apache-2.0 */
/* What is typed to name a store and a head of its audit log: never a secret in what is printed, never a head that reads otherwise. */
#include "fuzz.h"

#include "store/store.h"
#include "url.h"
#include "words.h"

static const char secret[] = "S3CR3T";

static char *joined(const char *before, const uint8_t *data, size_t size) {
    size_t length = strlen(before);
    char *text = calloc(1, length + size + 1);
    PROMISE(text);
    memcpy(text, before, length);
    for (size_t i = 0; i < size; i++) text[length + i] = data[i] ? (char)data[i] : ' ';
    return text;
}

static void check_plain(const char *url) {
    char plain[120], all[8192];
    size_t used = store_url_plain(url, plain, sizeof plain);
    PROMISE(used == strlen(plain) && used < sizeof plain);
    used = store_url_plain(url, all, sizeof all);
    PROMISE(used == strlen(all) && strncmp(all, plain, strlen(plain)) == 0);
    for (const char *c = all; *c; c++) PROMISE((unsigned char)*c >= ' ' && *c != 0x7f);
}

static void check_secret(const char *before, const uint8_t *data, size_t size) {
    char plain[8192], *url = joined(before, data, size);
    (void)store_url_plain(url, plain, sizeof plain);
    PROMISE(!strstr(plain, secret) || strstr(url + strlen(before), secret));
    free(url);
}

static void check_url(const char *url) {
    const sql_back_end *back_end = NULL;
    const char *address = NULL;
    bfl_error err = {0};
    bfl_status status = url_read(url, &back_end, &address, &err);
    if (status != BFL_OK) {
        fuzz_check_error(&err, status);
        PROMISE(!back_end && !address);
        return;
    }
    PROMISE(back_end && address >= url && address <= url + strlen(url) && *address);
}

static void check_head(const char *text) {
    store_head head = {.count = -7}, again;
    char written[STORE_HEAD_SIZE];
    bfl_error err = {0};
    bfl_status status = store_head_parse(text, &head, &err);
    if (status != BFL_OK) {
        fuzz_check_error(&err, status);
        PROMISE(head.count == -7);
        return;
    }
    store_head_format(&head, written);
    PROMISE(strcmp(written, text) == 0);
    PROMISE(store_head_parse(written, &again, NULL) == BFL_OK && again.count == head.count);
    PROMISE(memcmp(again.hash, head.hash, sizeof head.hash) == 0);
}

/* A question to the index holds nothing of its own grammar but what we put there. */
static void check_words(const sql_back_end *back_end, const char *text) {
    char question[200];
    size_t words = words_question(back_end, text, question, sizeof question);
    PROMISE(strlen(question) < sizeof question && (words == 0) == (question[0] == '\0'));
    size_t quotes = 0;
    for (const char *c = question; *c; c++) {
        quotes += *c == back_end->word_start[0];
        PROMISE(*c == back_end->word_start[0] || strchr(" &:*", *c) || (unsigned char)*c >= 0x80 ||
                (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z'));
    }
    PROMISE(quotes == 2 * words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 4000) return 0;
    char *text = joined("", data, size);
    check_plain(text);
    check_url(text);
    check_head(text);
    check_words(&sqlite_back_end, text);
    check_words(&postgresql_back_end, text);
    free(text);
    check_secret("postgresql://ann:S3CR3T@", data, size);
    check_secret("postgres://:S3CR3T@", data, size);
    check_secret("postgresql://host/db?password=S3CR3T&", data, size);
    check_secret("postgresql://host/db?%70assword=S3CR3T&", data, size);
    return 0;
}
