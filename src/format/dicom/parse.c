/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PS3.5 chapter 7 and PS3.10 chapter 7, as far as a header needs: explicit and implicit VR, both byte orders, sequences of
 * known and unknown length. Every length is held against the file before anything is read.
 */
#include "format/dicom/read.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PREAMBLE = 128, META_AT = 132, MOST_DEPTH = 64, SHORTEST_PART = 3 };
static const uint32_t PIXELS = 0x7fe00010, SYNTAX = 0x00020010, PATIENT_NAME = 0x00100010, PATIENT_ID = 0x00100020,
                      PATIENT_BIRTH = 0x00100030, PATIENT_SEX = 0x00100040;

static const uint32_t TEXT_TAGS[BFL_TAGS] = {0x00020010, 0x00080016, 0x00080018, 0x00080008, 0x00080020, 0x00080030,
                                             0x00080060, 0x0008103e, 0x00180050, 0x0020000d, 0x0020000e, 0x00200012,
                                             0x00200013, 0x00200032, 0x00200037, 0x00200052, 0x00280004, 0x00280008,
                                             0x00280030, 0x00281052, 0x00281053, 0x00281054};

static bool fill(int fd, size_t from, size_t size, char *out) {
    while (size) {
        const ssize_t got = pread(fd, out, size, (off_t)from);
        if (got <= 0) return false;
        out += got;
        from += (size_t)got;
        size -= (size_t)got;
    }
    return true;
}

bool bfl_dicom_peek(bfl_dicom_input *in, size_t from, size_t size, void *out) {
    if (from > in->size || size > in->size - from) return false;
    if (in->fd < 0) {
        memcpy(out, in->data + from, size);
        return true;
    }
    if (from < in->window_at || from + size > in->window_at + in->window_size) {
        in->window_at = from;
        in->window_size = in->size - from < BFL_DICOM_WINDOW ? in->size - from : BFL_DICOM_WINDOW;
        if (size > in->window_size || !fill(in->fd, from, in->window_size, in->window)) {
            in->window_size = 0;
            return false;
        }
    }
    memcpy(out, in->window + (from - in->window_at), size);
    return true;
}

bool bfl_dicom_open(const bfl_dicom_source *source, bfl_dicom_input *in) {
    struct stat about;
    *in = (bfl_dicom_input){.fd = -1, .data = source->data, .size = source->size};
    if (source->data) return true;
    in->fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (in->fd < 0 || fstat(in->fd, &about) != 0 || !S_ISREG(about.st_mode)) return false;
    in->size = (size_t)about.st_size;
    return true;
}

void bfl_dicom_close(const bfl_dicom_input *in) {
    if (in->fd >= 0) (void)close(in->fd);
}

bool bfl_dicom_bytes(const bfl_dicom_source *source, size_t from, size_t size, void *out) {
    bfl_dicom_input in;
    bool read = bfl_dicom_open(source, &in) && from <= in.size && size <= in.size - from;
    if (read && in.fd < 0)
        memcpy(out, in.data + from, size);
    else if (read)
        read = fill(in.fd, from, size, out);
    bfl_dicom_close(&in);
    return read;
}

/* ---- elements ---- */

static uint32_t unsigned_of(const unsigned char *bytes, size_t size, bool big_endian) {
    uint32_t value = 0;
    for (size_t b = 0; b < size; b++) value |= (uint32_t)bytes[big_endian ? size - 1 - b : b] << (8 * b);
    return value;
}

static bool has_long_length(const unsigned char vr[2]) {
    static const char LONG[] = "OB OD OF OL OV OW SQ SV UC UN UR UT UV";
    for (size_t i = 0; i + 1 < sizeof LONG; i += 3)
        if (memcmp(vr, LONG + i, 2) == 0) return true;
    return false;
}

bool bfl_dicom_next(bfl_dicom_input *in, size_t at, bfl_dicom_coding c, bfl_dicom_element *out) {
    unsigned char head[12];
    if (!bfl_dicom_peek(in, at, 8, head)) return false;
    out->tag = unsigned_of(head, 2, c.big_endian) << 16 | unsigned_of(head + 2, 2, c.big_endian);
    out->at = at + 8;
    out->implicit_inside = false;
    if (c.implicit || out->tag >> 16 == 0xfffe) {
        out->length = unsigned_of(head + 4, 4, c.big_endian);
    } else if (!has_long_length(head + 4)) {
        out->length = unsigned_of(head + 6, 2, c.big_endian);
    } else {
        if (!bfl_dicom_peek(in, at, sizeof head, head)) return false;
        out->length = unsigned_of(head + 8, 4, c.big_endian);
        out->at = at + sizeof head;
        out->implicit_inside = memcmp(head + 4, "UN", 2) == 0;
    }
    return true;
}

/* ---- what is kept ---- */

typedef struct taking {
    bfl_dicom_input *in;
    bfl_dicom_coding coding;
    bfl_dicom_head *head;
    bfl_dicom_identity *identity; /* NULL: nobody asks who it is */
    char id[BFL_DICOM_TEXT], name[BFL_DICOM_TEXT], birth[BFL_DICOM_TEXT], sex[BFL_DICOM_TEXT];
} taking;

/* Without the blanks that DICOM puts around a value. */
void bfl_dicom_take_text(bfl_dicom_input *in, const bfl_dicom_element *e, char out[BFL_DICOM_TEXT]) {
    char raw[BFL_DICOM_TEXT] = {0};
    size_t size = e->length < BFL_DICOM_TEXT - 1 ? e->length : BFL_DICOM_TEXT - 1;
    if (!bfl_dicom_peek(in, e->at, size, raw)) return;
    bfl_text text = bfl_text_trim((bfl_text){raw, strlen(raw)});
    for (size_t i = 0; i < text.size; i++)
        out[i] = (char)(text.data[i] >= ' ' && text.data[i] <= '~' ? text.data[i] : '?');
    out[text.size] = '\0';
}

/* As written, for a hash: a name may hold any letters. */
static void take_raw(const taking *t, const bfl_dicom_element *e, char *out) {
    const size_t size = e->length < BFL_DICOM_TEXT - 1 ? e->length : BFL_DICOM_TEXT - 1;
    if (!bfl_dicom_peek(t->in, e->at, size, out)) return;
    out[size] = '\0';
}

static void take_short(const taking *t, const bfl_dicom_element *e, uint16_t *out) {
    unsigned char bytes[2];
    if (e->length >= 2 && bfl_dicom_peek(t->in, e->at, 2, bytes))
        *out = (uint16_t)unsigned_of(bytes, 2, t->coding.big_endian);
}

static void take_identity(const taking *t, const bfl_dicom_element *e) {
    char *to = NULL;
    switch (e->tag) {
    case 0x00080005: to = t->identity->character_set; break;
    case 0x00080050: to = t->identity->accession; break;
    case 0x00080090: to = t->identity->referring; break;
    case 0x00100010: to = t->identity->name; break;
    case 0x00100020: to = t->identity->id; break;
    case 0x00100030: to = t->identity->birth_date; break;
    case 0x00100040: to = t->identity->sex; break;
    case 0x00200010: to = t->identity->study_id; break;
    default: return;
    }
    take_raw(t, e, to);
    const bfl_text text = bfl_text_trim(bfl_text_of(to));
    memmove(to, text.data, text.size);
    to[text.size] = '\0';
}

static void take(taking *t, const bfl_dicom_element *e) {
    bfl_dicom_head *h = t->head;
    if (t->identity) take_identity(t, e);
    switch (e->tag) {
    case 0x00280002: take_short(t, e, &h->samples); return;
    case 0x00280010: take_short(t, e, &h->rows); return;
    case 0x00280011: take_short(t, e, &h->columns); return;
    case 0x00280100: take_short(t, e, &h->bits); return;
    case 0x00280101: take_short(t, e, &h->bits_stored); return;
    case 0x00280102: take_short(t, e, &h->high_bit); return;
    case 0x00280103: take_short(t, e, &h->is_signed); return;
    case 0x00280120:
        h->has_padding = e->length >= 2;
        take_short(t, e, &h->padding);
        return;
    default: break;
    }
    if (e->tag == PATIENT_NAME)
        take_raw(t, e, t->name);
    else if (e->tag == PATIENT_ID)
        take_raw(t, e, t->id);
    else if (e->tag == PATIENT_BIRTH)
        take_raw(t, e, t->birth);
    else if (e->tag == PATIENT_SEX)
        take_raw(t, e, t->sex);
    for (int tag = 0; tag < BFL_TAGS; tag++)
        if (TEXT_TAGS[tag] == e->tag) bfl_dicom_take_text(t->in, e, h->text[tag]);
}

/* ---- who it is, as hashes only ---- */

/* A name is written "DOE^JANE " by one station and "Doe^Jane^^" by the next. */
static void plain_name(char *name) {
    size_t size = 0;
    for (const char *c = name; *c; c++) {
        const bool apart = *c == '^' || *c == ' ' || *c == '=' || *c == ',';
        if (!apart)
            name[size++] = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
        else if (size && name[size - 1] != ' ')
            name[size++] = ' ';
    }
    if (size && name[size - 1] == ' ') size--;
    name[size] = '\0';
}

/* Eight digits, or nothing: "1950.01.02" was written before 1993, and "19000101" and "00000000" stand for unknown. */
static void plain_birth(char *birth) {
    size_t digits = 0;
    for (const char *c = birth; *c; c++)
        if (*c >= '0' && *c <= '9') birth[digits++] = *c;
    birth[digits] = '\0';
    if (digits != 8 || strcmp(birth, "19000101") == 0 || strcmp(birth, "00000000") == 0) *birth = '\0';
}

static bool hash(const char *text, uint8_t out[16]) {
    return *text && crypto_generichash(out, 16, (const unsigned char *)text, strlen(text), NULL, 0) == 0;
}

static bool mentions(const char *text, const char *words) {
    bfl_text rest = bfl_text_of(words);
    while (rest.size) {
        bfl_text word = bfl_text_split(&rest, ' ');
        if (word.size >= SHORTEST_PART && bfl_text_find_nocase(bfl_text_of(text), word) != SIZE_MAX) return true;
    }
    return false;
}

static void finish_person(taking *t) {
    bfl_scan_person *p = &t->head->person;
    char *description = t->head->text[BFL_TAG_DESCRIPTION];
    plain_name(t->name);
    plain_name(t->id);
    if (mentions(description, t->id) || mentions(description, t->name)) *description = '\0';
    plain_name(t->sex);
    plain_birth(t->birth);
    if (strcmp(t->sex, "M") != 0 && strcmp(t->sex, "F") != 0) *t->sex = '\0'; /* "O" is often written for unknown */
    const char *const facts[BFL_PERSON_FACTS] = {
        [BFL_PERSON_ID] = t->id, [BFL_PERSON_NAME] = t->name, [BFL_PERSON_BIRTH] = t->birth, [BFL_PERSON_SEX] = t->sex};
    for (int f = 0; f < BFL_PERSON_FACTS; f++) p->has[f] = hash(facts[f], p->hash[f]);
}

/* ---- the file ---- */

static bool is_syntax(const bfl_dicom_head *h, const char *uid) { return strcmp(h->text[BFL_TAG_SYNTAX], uid) == 0; }

/* The file's own group, always explicit and little-endian; leaves *at behind it. */
static bool parse_meta(taking *t, size_t *at) {
    bfl_dicom_element e;
    char mark[4];
    if (!bfl_dicom_peek(t->in, PREAMBLE, sizeof mark, mark) || memcmp(mark, "DICM", sizeof mark) != 0) return false;
    for (*at = META_AT; bfl_dicom_next(t->in, *at, t->coding, &e) && e.tag >> 16 == 2; *at = e.at + e.length) {
        if (e.length > t->in->size - e.at) return false;
        if (e.tag == SYNTAX) take(t, &e);
    }
    t->coding.implicit = is_syntax(t->head, "1.2.840.10008.1.2");
    t->coding.big_endian = is_syntax(t->head, "1.2.840.10008.1.2.2");
    t->head->deflated = is_syntax(t->head, "1.2.840.10008.1.2.1.99");
    t->head->dataset_at = *at;
    t->head->implicit = t->coding.implicit;
    t->head->big_endian = t->coding.big_endian;
    return *t->head->text[BFL_TAG_SYNTAX] != '\0';
}

static void find_pixels(const taking *t, const bfl_dicom_element *e) {
    t->head->has_pixels = true;
    t->head->packed = e->length == BFL_DICOM_UNKNOWN;
    t->head->from = e->at;
    t->head->size = t->in->size - e->at;
    if (!t->head->packed && e->length < t->head->size) t->head->size = e->length;
}

/* How deep within sequences of unknown length, and since which depth their content is implicit (0: it is not). */
typedef struct nesting {
    bfl_dicom_coding coding;
    int depth, implicit_from;
} nesting;

static bool step_in(nesting *n, const bfl_dicom_element *e) {
    if (++n->depth > MOST_DEPTH) return false;
    if (!e->implicit_inside || n->implicit_from) return true;
    n->coding = (bfl_dicom_coding){.implicit = true};
    n->implicit_from = n->depth;
    return true;
}

static bool step_out(nesting *n, const bfl_dicom_coding *outside) {
    if (--n->depth < 0) return false;
    if (n->implicit_from <= n->depth) return true;
    n->coding = *outside;
    n->implicit_from = 0;
    return true;
}

/* What lies within a sequence of unknown length is walked over; of known length, skipped. */
static bool parse_elements(taking *t, size_t at) {
    bfl_dicom_element e;
    nesting n = {.coding = t->coding};
    while (at < t->in->size) {
        if (!bfl_dicom_next(t->in, at, n.coding, &e)) return false;
        at = e.at;
        if (n.depth == 0 && e.tag == PIXELS) {
            find_pixels(t, &e);
            return true;
        }
        if (e.tag == BFL_DICOM_ITEM_END || e.tag == BFL_DICOM_SEQUENCE_END) {
            if (!step_out(&n, &t->coding)) return false;
        } else if (e.length == BFL_DICOM_UNKNOWN) {
            if (!step_in(&n, &e)) return false;
        } else {
            if (e.length > t->in->size - at) return false;
            if (n.depth == 0) take(t, &e);
            at += e.length;
        }
    }
    return n.depth == 0;
}

static bool parse(const bfl_dicom_source *source, bfl_dicom_head *out, bfl_dicom_identity *identity) {
    bfl_dicom_input in;
    size_t at = 0;
    taking t = {.in = &in, .head = out, .identity = identity};
    *out = (bfl_dicom_head){.samples = 0};
    bool parsed = bfl_dicom_open(source, &in) && parse_meta(&t, &at) && (out->deflated || parse_elements(&t, at));
    bfl_dicom_close(&in);
    if (parsed) finish_person(&t);
    return parsed;
}

bool bfl_dicom_parse(const bfl_dicom_source *source, bfl_dicom_head *out) { return parse(source, out, NULL); }

bool bfl_dicom_parse_identity(const bfl_dicom_source *source, bfl_dicom_identity *out) {
    bfl_dicom_head head;
    *out = (bfl_dicom_identity){.name = ""};
    return parse(source, &head, out);
}
