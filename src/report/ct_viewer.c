/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page that shows both scans with NiiVue. Pages opened from a folder may not fetch files, so the volumes lie in a script beside it,
 * on the working grid, which is fine enough to look at.
 */
#include "report/ct_viewer_page.h" /* generated from ct_viewer.html */

#include "report/ct_picture.h"
#include <boneflare/report.h>

#include <sodium.h>

static void add_volume(bfl_buf *out, const bfl_ct *ct, const char *name, bfl_ct_image which, bool last) {
    const bfl_text packed = bfl_ct_packed(out->arena, ct, which);
    const size_t room = sodium_base64_ENCODED_LEN(packed.size, sodium_base64_VARIANT_ORIGINAL);
    char *text = bfl_arena_alloc(out->arena, room, 1);
    (void)sodium_bin2base64(text, room, (const unsigned char *)packed.data, packed.size,
                            sodium_base64_VARIANT_ORIGINAL);
    bfl_buf_addf(out, "\"%s\":\"", name);
    bfl_buf_add(out, text);
    bfl_buf_add(out, last ? "\"" : "\",\n");
}

static void add_finding(bfl_buf *out, const bfl_finding *f, bool last) {
    bfl_json_writer j = {.out = out};
    bfl_json_open(&j, NULL, "{");
    bfl_json_text(&j, "id", f->lesion);
    bfl_json_text(&j, "words", f->words);
    bfl_json_text(&j, "place", f->place);
    bfl_json_key(&j, "denser");
    bfl_buf_add(out, f->change_hu > 0 ? "true" : "false");
    bfl_json_open(&j, "mm", "["); /* right, front, head: NIfTI's space */
    for (int x = 0; x < 3; x++)
        bfl_json_decimal(&j, NULL, bfl_decimal_from_double(x < 2 ? -f->centre_mm[x] : f->centre_mm[x], 1));
    bfl_json_close(&j, "]");
    bfl_json_close(&j, "}");
    bfl_buf_add(out, last ? "\n" : ",\n");
}

typedef struct viewing {
    const bfl_ct *ct;
    bfl_text whole;
} viewing;

static bfl_status write_data(bfl_arena *arena, void *context, bfl_error *err) {
    viewing *v = context;
    bfl_buf out = {.arena = arena};
    (void)err;
    bfl_buf_add(&out, "const BONEFLARE = {volumes: {\n");
    add_volume(&out, v->ct, "followup", BFL_CT_FOLLOWUP_COARSE, false);
    add_volume(&out, v->ct, "baseline", BFL_CT_BASELINE_COARSE, false);
    add_volume(&out, v->ct, "change", BFL_CT_CHANGE, false);
    add_volume(&out, v->ct, "findings", BFL_CT_FINDINGS, true);
    bfl_buf_add(&out, "\n}, findings: [\n");
    const size_t count = bfl_ct_finding_count(v->ct);
    for (size_t n = 0; n < count; n++) add_finding(&out, bfl_ct_finding(v->ct, n), n + 1 == count);
    bfl_buf_add(&out, "]};\n");
    v->whole = (bfl_text){out.data, out.size};
    return BFL_OK;
}

static bfl_status write_page(bfl_arena *arena, void *context, bfl_error *err) {
    viewing *v = context;
    bfl_buf out = {.arena = arena};
    (void)err;
    for (size_t i = 0; ct_viewer_page[i]; i++) bfl_buf_add(&out, ct_viewer_page[i]);
    v->whole = (bfl_text){out.data, out.size};
    return BFL_OK;
}

static bfl_status put(const bfl_ct *ct, bfl_arena_body body, bfl_sink sink, bfl_error *err) {
    if (!ct || !sink.write) return bfl_fail(err, BFL_EINVAL, "", 0, "a comparison and a sink are needed");
    if (bfl_ct_refused(ct))
        return bfl_fail(err, BFL_ENOTFOUND, "", 0, "the scans were not compared: %s", bfl_ct_refused(ct));
    viewing v = {.ct = ct};
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_status status = bfl_arena_run(arena, body, &v, err);
    if (!status && !sink.write(sink.context, v.whole.data, v.whole.size))
        status = bfl_fail(err, BFL_EIO, "", 0, "the viewer could not be written");
    bfl_arena_free(arena);
    return status;
}

bfl_status bfl_report_ct_viewer(const bfl_ct *ct, bfl_sink sink, bfl_error *err) {
    return put(ct, write_page, sink, err);
}
bfl_status bfl_report_ct_viewer_data(const bfl_ct *ct, bfl_sink sink, bfl_error *err) {
    return put(ct, write_data, sink, err);
}
