/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences put together from their pieces: the many short ones that every visit and every value is told in. */
#include "base/base.h"

char *bfl_arena_join(bfl_arena *arena, size_t most, const bfl_text *pieces, size_t count) {
    size_t size = 0;
    for (size_t i = 0; i < count; i++) size += pieces[i].size;
    char *sentence = bfl_arena_take(arena, (size < most ? size : most) + 1), *end = sentence;
    for (size_t i = 0; i < count; i++) {
        size_t room = most - (size_t)(end - sentence);
        bfl_text piece = pieces[i].size < room ? pieces[i] : (bfl_text){pieces[i].data, room};
        bfl_copy_short(end, piece.data, piece.size);
        end += piece.size;
    }
    *end = '\0';
    return sentence;
}

bfl_text bfl_digits_decimal(bfl_digits *digits, bfl_decimal value, int places) {
    if (places >= 0) value = bfl_decimal_round(value, places);
    char *end = digits->room + sizeof digits->room, *at = bfl_decimal_digits(value, end);
    return (bfl_text){at, (size_t)(end - at)};
}

bfl_text bfl_digits_whole(bfl_digits *digits, int64_t value) {
    return bfl_digits_decimal(digits, (bfl_decimal){value, 0}, -1);
}
