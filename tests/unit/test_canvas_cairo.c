/*
 * What a canvas does to be quick. Numbers are put together from their numerals, which must take the
 * same room as when pango lays out the whole; a PDF holds a stamp once, and a hatch of any height
 * is as short.
 */
#include "tests/unit/harness.h"

#include <stdio.h>

#include "reports/canvas_cairo.h"

/* All numerals. What is longer than 24 characters is laid out as any other text. */
#define NUMERALS "./0123456789:"

static const struct canvas_font fonts[] = {
    {7, false, false}, {8, false, false}, {8, true, false}, {9, true, false}, {6.5, false, true},
};

struct drawing {
    struct output *output;
    struct canvas *canvas;
};

static struct drawing drawing_begin(enum canvas_kind kind)
{
    struct output *output = output_open("/dev/null");
    return (struct drawing){output, canvas_cairo_new(kind, output)};
}

/* Returns the bytes written. */
static uint64_t drawing_end(const struct drawing *drawing)
{
    assert_true(canvas_cairo_close(drawing->canvas));
    uint64_t size = output_size(drawing->output);
    assert_true(output_close(drawing->output, true, (char[80]){0}, 80));
    return size;
}

static double width_of(struct canvas *canvas, const char *text, struct canvas_font font)
{
    return canvas->text_width(canvas, slice_of(text), font);
}

static void assert_near(double value, double expected)
{
    if (value < expected - 0.001 || value > expected + 0.001) {
        fail_msg("%.4f is not %.4f", value, expected);
    }
}

static void numbers_are_as_wide_as_text(void **state)
{
    static const char *const pieces[] = {"09:30:00", ".374", "84229", "2/17", "0", ""};
    struct drawing drawing = drawing_begin(CANVAS_PDF);
    struct canvas *canvas = drawing.canvas;
    (void)state;
    for (size_t i = 0; i < sizeof fonts / sizeof fonts[0]; i++) {
        double whole = width_of(canvas, NUMERALS NUMERALS NUMERALS, fonts[i]);
        assert_true(whole > 0);
        assert_near(width_of(canvas, NUMERALS, fonts[i]), whole / 3);
        for (size_t j = 0; j < sizeof pieces / sizeof pieces[0]; j++) {
            char text[64]; /* a letter before and behind it: no number */
            snprintf(text, sizeof text, "|%s|", pieces[j]);
            double letters = width_of(canvas, "||", fonts[i]);
            assert_near(width_of(canvas, pieces[j], fonts[i]),
                        width_of(canvas, text, fonts[i]) - letters);
        }
    }
    canvas->page_begin(canvas, 100, 100, 1);
    canvas->page_end(canvas);
    assert_true(drawing_end(&drawing) > 0);
}

static uint64_t stamped_size(unsigned pages)
{
    const struct canvas_box box = {0, 10, 800, 500};
    struct drawing drawing = drawing_begin(CANVAS_PDF);
    struct canvas *canvas = drawing.canvas;
    unsigned drawn = 0;
    for (unsigned page = 0; page < pages; page++) {
        canvas->page_begin(canvas, 800, 600, 0.7);
        if (canvas->stamp_begin(canvas, 0, &box)) {
            drawn++;
            for (int i = 0; i < 900; i++) {
                char number[16];
                snprintf(number, sizeof number, "%d", i * 7919);
                canvas->text(canvas, i % 20 * 40, 10 + i / 20 * 10.0, slice_of(number), fonts[0],
                             CANVAS_LEFT, 0x123456);
            }
            canvas->stamp_end(canvas);
        }
        canvas->page_end(canvas);
    }
    assert_int_equal(drawn, 1);
    return drawing_end(&drawing);
}

static void a_stamp_is_held_once(void **state)
{
    (void)state;
    uint64_t one = stamped_size(1);
    uint64_t many = stamped_size(21);
    assert_true(one > 10000);
    assert_in_range(many, one, one + (uint64_t)20 * 1000);
}

static uint64_t hatched_size(double height, int slope)
{
    const struct canvas_pen pen = {0x8f8a10, 0.6, 0};
    struct drawing drawing = drawing_begin(CANVAS_SVG);
    drawing.canvas->page_begin(drawing.canvas, 100, 5000, 1);
    drawing.canvas->hatch(drawing.canvas, 33, 20, 7, height, 5, slope, pen);
    drawing.canvas->page_end(drawing.canvas);
    return drawing_end(&drawing);
}

static void a_tall_hatch_is_short(void **state)
{
    (void)state;
    for (int slope = -1; slope <= 1; slope++) {
        uint64_t small = hatched_size(100, slope);
        assert_true(small > hatched_size(3, slope));
        assert_in_range(hatched_size(4900, slope), small, small + 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_as_wide_as_text),
        cmocka_unit_test(a_stamp_is_held_once),
        cmocka_unit_test(a_tall_hatch_is_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
