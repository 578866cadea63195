/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as text: commas where they belong. */
#include "base/base.h"

void bfl_json_key(bfl_json_writer *w, const char *key) {
    if (w->comma) bfl_buf_add(w->out, ",");
    w->comma = true;
    if (key) bfl_buf_addf(w->out, "\"%s\":", key);
}

void bfl_json_open(bfl_json_writer *w, const char *key, const char *bracket) {
    bfl_json_key(w, key);
    bfl_buf_add(w->out, bracket);
    w->comma = false;
}

void bfl_json_close(bfl_json_writer *w, const char *bracket) {
    bfl_buf_add(w->out, bracket);
    w->comma = true;
}

void bfl_json_text(bfl_json_writer *w, const char *key, const char *z) {
    bfl_json_key(w, key);
    bfl_json_string(w->out, z);
}

void bfl_json_decimal(bfl_json_writer *w, const char *key, bfl_decimal value) {
    bfl_json_key(w, key);
    bfl_buf_decimal(w->out, value, -1);
}
