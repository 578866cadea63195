/* SPDX-License-Identifier: Apache-2.0 */
/* Several datasets of one study: a line "=tu.csv" begins a file. */
#include "sdtm.h"

enum { FILES = 8, NAME_SIZE = 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char marker[] = "\n=";
    char file_names[FILES][NAME_SIZE];
    bfl_table_bytes files[FILES];
    size_t count = 0;
    bfl_text rest = fuzz_text(data, size);
    while (rest.size && count < FILES) {
        bfl_text line = bfl_text_split(&rest, '\n');
        if (line.size < 2 || line.data[0] != '=') continue;
        size_t length = line.size - 1 < NAME_SIZE - 1 ? line.size - 1 : NAME_SIZE - 1;
        memcpy(file_names[count], line.data + 1, length);
        file_names[count][length] = '\0';
        bfl_text body = rest;
        size_t end = bfl_text_find_nocase(rest, bfl_text_of(marker));
        if (end != SIZE_MAX) body.size = end + 1;
        rest = (bfl_text){body.data + body.size, rest.size - body.size};
        if (!bfl_utf8_valid(bfl_text_of(file_names[count]), NULL) || !file_names[count][0]) continue;
        files[count] = (bfl_table_bytes){file_names[count], body};
        count++;
    }
    return fuzz_sdtm(files, count);
}
