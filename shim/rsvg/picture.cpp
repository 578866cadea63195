/* SPDX-License-Identifier: Apache-2.0 */
#include "rsvg/picture.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <librsvg/rsvg.h>

#include <cairo-pdf.h>

namespace {

/* The functions used, by the names and types of their headers. */
struct library {
    decltype(&rsvg_handle_new_from_data) handle_new = nullptr;
    decltype(&rsvg_handle_get_intrinsic_size_in_pixels) handle_size = nullptr;
    decltype(&rsvg_handle_render_document) render = nullptr;
    decltype(&g_object_unref) object_free = nullptr;
    decltype(&g_clear_error) clear_error = nullptr;
    decltype(&cairo_image_surface_create) image_new = nullptr;
    decltype(&cairo_pdf_surface_create_for_stream) pdf_new = nullptr;
    decltype(&cairo_pdf_surface_set_metadata) pdf_metadata = nullptr;
    decltype(&cairo_surface_write_to_png_stream) write_png = nullptr;
    decltype(&cairo_surface_finish) surface_finish = nullptr;
    decltype(&cairo_surface_show_page) show_page = nullptr;
    decltype(&cairo_surface_status) surface_status = nullptr;
    decltype(&cairo_surface_destroy) surface_free = nullptr;
    decltype(&cairo_create) context_new = nullptr;
    decltype(&cairo_set_source_rgb) context_colour = nullptr;
    decltype(&cairo_paint) context_paint = nullptr;
    decltype(&cairo_scale) context_scale = nullptr;
    decltype(&cairo_status) context_status = nullptr;
    decltype(&cairo_destroy) context_free = nullptr;
};

template <typename Function> bool find(void *from, const char *name, Function &out) {
    out = reinterpret_cast<Function>(dlsym(from, name));
    return out != nullptr;
}

/* Never closed again: GLib registers types that must stay. */
bool open_library(library &lib) {
    void *rsvg = dlopen("librsvg-2.so.2", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    void *cairo = dlopen("libcairo.so.2", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    void *glib = dlopen("libglib-2.0.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    void *object = dlopen("libgobject-2.0.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!rsvg || !cairo || !glib || !object) return false;
    return find(rsvg, "rsvg_handle_new_from_data", lib.handle_new) &&
           find(rsvg, "rsvg_handle_get_intrinsic_size_in_pixels", lib.handle_size) &&
           find(rsvg, "rsvg_handle_render_document", lib.render) && find(object, "g_object_unref", lib.object_free) &&
           find(glib, "g_clear_error", lib.clear_error) && find(cairo, "cairo_image_surface_create", lib.image_new) &&
           find(cairo, "cairo_pdf_surface_create_for_stream", lib.pdf_new) &&
           find(cairo, "cairo_pdf_surface_set_metadata", lib.pdf_metadata) &&
           find(cairo, "cairo_surface_write_to_png_stream", lib.write_png) &&
           find(cairo, "cairo_surface_finish", lib.surface_finish) &&
           find(cairo, "cairo_surface_show_page", lib.show_page) &&
           find(cairo, "cairo_surface_status", lib.surface_status) &&
           find(cairo, "cairo_surface_destroy", lib.surface_free) && find(cairo, "cairo_create", lib.context_new) &&
           find(cairo, "cairo_set_source_rgb", lib.context_colour) && find(cairo, "cairo_paint", lib.context_paint) &&
           find(cairo, "cairo_scale", lib.context_scale) && find(cairo, "cairo_status", lib.context_status) &&
           find(cairo, "cairo_destroy", lib.context_free);
}

struct bytes {
    unsigned char *data = nullptr;
    size_t size = 0, capacity = 0;
};

cairo_status_t collect(void *closure, const unsigned char *data, unsigned int length) {
    bytes *out = static_cast<bytes *>(closure);
    if (out->size + length > out->capacity) {
        size_t capacity = (out->size + length) * 2;
        void *grown = std::realloc(out->data, capacity);
        if (!grown) return CAIRO_STATUS_NO_MEMORY;
        out->data = static_cast<unsigned char *>(grown);
        out->capacity = capacity;
    }
    std::memcpy(out->data + out->size, data, length);
    out->size += length;
    return CAIRO_STATUS_SUCCESS;
}

bfl_picture_state state_of(cairo_status_t status) {
    return status == CAIRO_STATUS_SUCCESS ? BFL_PICTURE_DRAWN : BFL_PICTURE_NO_MEMORY;
}

/* Renders into a surface of the drawing's size. */
bfl_picture_state render(const library &lib, RsvgHandle *handle, cairo_surface_t *surface, double scale, double width,
                         double height) {
    cairo_t *context = lib.context_new(surface);
    GError *error = nullptr;
    RsvgRectangle viewport = {0, 0, width, height};
    lib.context_colour(context, 1, 1, 1); /* white paper where the drawing ends within a pixel */
    lib.context_paint(context);
    lib.context_scale(context, scale, scale);
    bool good = lib.render(handle, context, &viewport, &error);
    lib.clear_error(&error);
    cairo_status_t status = lib.context_status(context);
    lib.context_free(context);
    return good ? state_of(status) : BFL_PICTURE_NOT_SVG;
}

/* The same drawing is the same file: no date in it. */
void forget_clock(const library &lib, cairo_surface_t *surface) {
    lib.pdf_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, nullptr);
}

RsvgHandle *open_svg(const library &lib, const char *svg, size_t size) {
    GError *error = nullptr;
    RsvgHandle *handle = lib.handle_new(reinterpret_cast<const guint8 *>(svg), size, &error);
    lib.clear_error(&error);
    return handle;
}

bfl_picture_state draw(const library &lib, RsvgHandle *handle, bfl_picture_kind kind, double scale, bytes &out) {
    double width = 0, height = 0;
    if (!lib.handle_size(handle, &width, &height) || !(width >= 1) || !(height >= 1)) return BFL_PICTURE_NOT_SVG;
    bool pdf = kind == BFL_PICTURE_PDF;
    double by = pdf ? 0.75 : scale; /* 96 units to the inch, 72 points */
    cairo_surface_t *surface = pdf ? lib.pdf_new(collect, &out, width * by, height * by)
                                   : lib.image_new(CAIRO_FORMAT_RGB24, static_cast<int>(std::ceil(width * by)),
                                                   static_cast<int>(std::ceil(height * by)));
    if (pdf) forget_clock(lib, surface);
    bfl_picture_state state = render(lib, handle, surface, by, width, height);
    if (state == BFL_PICTURE_DRAWN && !pdf) state = state_of(lib.write_png(surface, collect, &out));
    lib.surface_finish(surface);
    if (state == BFL_PICTURE_DRAWN) state = state_of(lib.surface_status(surface));
    lib.surface_free(surface);
    return state;
}

/* One page of a book; the first decides how large all are. */
bfl_picture_state draw_page(const library &lib, const char *svg, const char *title, cairo_surface_t **surface,
                            bytes &out) {
    const double points = 0.75; /* 96 units to the inch */
    RsvgHandle *handle = open_svg(lib, svg, std::strlen(svg));
    if (!handle) return BFL_PICTURE_NOT_SVG;
    double width = 0, height = 0;
    bfl_picture_state state = BFL_PICTURE_NOT_SVG;
    if (lib.handle_size(handle, &width, &height) && width >= 1 && height >= 1) {
        if (!*surface) {
            *surface = lib.pdf_new(collect, &out, width * points, height * points);
            forget_clock(lib, *surface);
            lib.pdf_metadata(*surface, CAIRO_PDF_METADATA_TITLE, title);
        }
        state = render(lib, handle, *surface, points, width, height);
        if (state == BFL_PICTURE_DRAWN) lib.show_page(*surface);
    }
    lib.object_free(handle);
    return state;
}

bfl_picture_state hand_over(bfl_picture_state state, bytes &drawn, bfl_picture *out) {
    if (state == BFL_PICTURE_DRAWN)
        *out = {drawn.data, drawn.size};
    else
        std::free(drawn.data);
    return state;
}

} // namespace

bfl_picture_state bfl_picture_book(const char *const *svgs, size_t count, const char *title, bfl_picture *out) {
    library lib;
    if (!open_library(lib)) return BFL_PICTURE_NO_LIBRARY;
    bytes drawn;
    cairo_surface_t *surface = nullptr;
    bfl_picture_state state = BFL_PICTURE_NOT_SVG;
    for (size_t i = 0; i < count && (i == 0 || state == BFL_PICTURE_DRAWN); i++)
        state = draw_page(lib, svgs[i], title, &surface, drawn);
    if (surface) {
        lib.surface_finish(surface);
        if (state == BFL_PICTURE_DRAWN) state = state_of(lib.surface_status(surface));
        lib.surface_free(surface);
    }
    return hand_over(state, drawn, out);
}

bfl_picture_state bfl_picture_draw(const char *svg, size_t size, bfl_picture_kind kind, double scale,
                                   bfl_picture *out) {
    library lib;
    if (!open_library(lib)) return BFL_PICTURE_NO_LIBRARY;
    RsvgHandle *handle = open_svg(lib, svg, size);
    if (!handle) return BFL_PICTURE_NOT_SVG;
    bytes drawn;
    bfl_picture_state state = draw(lib, handle, kind, scale, drawn);
    lib.object_free(handle);
    return hand_over(state, drawn, out);
}

void bfl_picture_free(bfl_picture *picture) {
    std::free(picture->data);
    *picture = {nullptr, 0};
}
