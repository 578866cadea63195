/* SPDX-License-Identifier: Apache-2.0 */
/* What one header says as numbers. A number that is no number, or no sense, sets the image aside: nothing is guessed. */
#include "format/dicom/series.h"

#include <math.h>
#include <string.h>

static const double AXIS_TOLERANCE = 1e-3, LEAST_SPACING_MM = 0.01, MOST_SPACING_MM = 100, MOST_PLACE_MM = 1e5;
static const double LEAST_SLOPE = 1e-4, MOST_SLOPE = 1e3, MOST_INTERCEPT = 1e5, MOST_COUNT = 1e9;

/* DICOM also allows ".5" and "5.". */
static bool number(bfl_text text, double *out) {
    char whole[64];
    size_t size = 0;
    bfl_decimal value;
    text = bfl_text_trim(text);
    if (text.size == 0 || text.size > sizeof whole / 2) return false;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i], last = i ? text.data[i - 1] : '+',
                   next = i + 1 < text.size ? text.data[i + 1] : 'e';
        if (c == '.' && !(last >= '0' && last <= '9')) whole[size++] = '0';
        if (c == '.' && !(next >= '0' && next <= '9')) continue;
        whole[size++] = c;
    }
    if (bfl_decimal_parse((bfl_text){whole, size}, &value, NULL)) return false;
    *out = bfl_decimal_double(value);
    return true;
}

static bool numbers(const char *z, size_t count, double most, double *out) {
    bfl_text rest = bfl_text_of(z);
    for (size_t i = 0; i < count; i++)
        if (!number(bfl_text_split(&rest, '\\'), &out[i]) || !(fabs(out[i]) <= most)) return false;
    return rest.size == 0;
}

static double dot(const double a[3], const double b[3]) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

static void unit(double v[3]) {
    const double length = sqrt(dot(v, v));
    for (int x = 0; x < 3; x++) v[x] /= length;
}

/* Unit axes at right angles; headers round them. */
static bool read_axes(const char *z, double axis[3][3]) {
    double both[6];
    if (!numbers(z, 6, 2, both)) return false;
    memcpy(axis[0], both, sizeof axis[0]);
    memcpy(axis[1], both + 3, sizeof axis[1]);
    for (int a = 0; a < 2; a++)
        if (!(fabs(dot(axis[a], axis[a]) - 1) < AXIS_TOLERANCE)) return false;
    if (!(fabs(dot(axis[0], axis[1])) < AXIS_TOLERANCE)) return false;
    unit(axis[0]);
    const double lean = dot(axis[0], axis[1]);
    for (int x = 0; x < 3; x++) axis[1][x] -= lean * axis[0][x];
    unit(axis[1]);
    for (int x = 0; x < 3; x++)
        axis[2][x] = axis[0][(x + 1) % 3] * axis[1][(x + 2) % 3] - axis[0][(x + 2) % 3] * axis[1][(x + 1) % 3];
    return true;
}

static bool read_place(const bfl_dicom_head *head, bfl_dicom_slice *s) {
    double rows_then_columns[2];
    if (!numbers(head->text[BFL_TAG_POSITION], 3, MOST_PLACE_MM, s->position)) return false;
    if (!read_axes(head->text[BFL_TAG_ORIENTATION], s->axis)) return false;
    if (!numbers(head->text[BFL_TAG_SPACING], 2, MOST_SPACING_MM, rows_then_columns)) return false;
    s->spacing_mm[0] = rows_then_columns[1];
    s->spacing_mm[1] = rows_then_columns[0];
    s->at_mm = dot(s->position, s->axis[2]);
    return s->spacing_mm[0] >= LEAST_SPACING_MM && s->spacing_mm[1] >= LEAST_SPACING_MM;
}

static bool read_rescale(const bfl_dicom_head *head, bfl_dicom_slice *s) {
    const char *type = head->text[BFL_TAG_RESCALE_TYPE];
    if (*type && strcmp(type, "HU") != 0 && strcmp(type, "US") != 0) return false; /* US: unspecified */
    return numbers(head->text[BFL_TAG_SLOPE], 1, MOST_SLOPE, &s->slope) && fabs(s->slope) >= LEAST_SLOPE &&
           numbers(head->text[BFL_TAG_INTERCEPT], 1, MOST_INTERCEPT, &s->intercept);
}

static bool has(const char *list, const char *word) {
    return bfl_text_find_nocase(bfl_text_of(list), bfl_text_of(word)) != SIZE_MAX;
}

static bool is_screen(const bfl_dicom_head *head) {
    static const char SECONDARY_CAPTURE[] = "1.2.840.10008.5.1.4.1.1.7";
    return head->samples != 1 || strcmp(head->text[BFL_TAG_PHOTOMETRIC], "MONOCHROME2") != 0 ||
           has(head->text[BFL_TAG_IMAGE_TYPE], "SCREEN") ||
           bfl_text_starts(bfl_text_of(head->text[BFL_TAG_SOP_CLASS]), bfl_text_of(SECONDARY_CAPTURE));
}

/* What the image is, before any number of it is read. */
static bfl_aside kind_of(const bfl_dicom_head *head) {
    const char *type = head->text[BFL_TAG_IMAGE_TYPE], *frames = head->text[BFL_TAG_FRAMES];
    double count = 1;
    if (!head->has_pixels || head->rows < 1 || head->columns < 1) return BFL_ASIDE_NO_IMAGE;
    if (strcmp(head->text[BFL_TAG_MODALITY], "CT") != 0) return BFL_ASIDE_OTHER_MODALITY;
    if (has(type, "LOCALIZER") || has(type, "SCOUT")) return BFL_ASIDE_LOCALIZER;
    if (is_screen(head)) return BFL_ASIDE_SCREEN;
    return *frames && (!numbers(frames, 1, 1, &count) || count < 1) ? BFL_ASIDE_FRAMES : BFL_ASIDE_NOT;
}

static bool has_depth(const bfl_dicom_head *head) {
    return (head->bits == 8 || head->bits == 16) && head->bits_stored >= 1 && head->bits_stored <= head->bits &&
           head->high_bit + 1 >= head->bits_stored && head->high_bit < head->bits;
}

/* 0 when it is not told. */
static double told(const bfl_dicom_head *head, bfl_dicom_tag tag) {
    double value = 0;
    return numbers(head->text[tag], 1, MOST_COUNT, &value) && value > 0 ? value : 0;
}

bfl_aside bfl_dicom_slice_of(const bfl_dicom_head *head, bfl_dicom_slice *out) {
    const bfl_aside kind = kind_of(head);
    if (kind != BFL_ASIDE_NOT) return kind;
    if (!has_depth(head)) return BFL_ASIDE_DEPTH;
    if (!read_place(head, out)) return BFL_ASIDE_NO_PLACE;
    if (!read_rescale(head, out)) return BFL_ASIDE_NO_RESCALE;
    out->head = head;
    out->derived = has(head->text[BFL_TAG_IMAGE_TYPE], "DERIVED\\SECONDARY");
    out->thickness_mm = fmin(told(head, BFL_TAG_THICKNESS), MOST_SPACING_MM);
    out->acquisition = told(head, BFL_TAG_ACQUISITION);
    out->instance = told(head, BFL_TAG_INSTANCE);
    return BFL_ASIDE_NOT;
}
