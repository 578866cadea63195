/* SPDX-License-Identifier: Apache-2.0 */
/* Overlays: JSON that may change parameters, and nothing else; what changes is said by `overridden` and by the hash. */
#include "fuzz.h"

#include <boneflare/rules.h>

static bool any_overridden(const bfl_rulebook *book) {
    for (size_t i = 0; i < bfl_rulebook_count(book); i++)
        if (bfl_rulebook_at(book, i)->overridden) return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bfl_rulebook *book = NULL, *plain = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_rulebook_open(fuzz_text(data, size), &book, &err);
    if (status != BFL_OK) {
        fuzz_check_error(&err, status);
        PROMISE(book == NULL);
        return 0;
    }
    PROMISE(bfl_rulebook_open(bfl_text_of(""), &plain, NULL) == BFL_OK);
    PROMISE(bfl_rulebook_count(book) == bfl_rulebook_count(plain));
    bool same = strcmp(bfl_rulebook_sha256(book), bfl_rulebook_sha256(plain)) == 0;
    PROMISE(same == !any_overridden(book));
    bfl_rulebook_free(book);
    bfl_rulebook_free(plain);
    return 0;
}
