/*
 * Numbers on a canvas: they are put together from their numerals, which must take the same room
 * as when pango lays out the whole.
 */
#include "tests/unit/harness.h"

#include <stdio.h>

#include "reports/canvas_cairo.h"

/* All numerals. What is longer than 24 characters is laid out as any other text. */
#define NUMERALS "./0123456789:"

static const struct canvas_font fonts[] = {
    {7, false, false}, {8, false, false}, {8, true, false}, {9, true, false}, {6.5, false, true},
};

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
    struct output *output = output_open("/dev/null");
    struct canvas *canvas = canvas_cairo_new(CANVAS_PDF, output);
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
    assert_true(canvas_cairo_close(canvas));
    assert_true(output_close(output, true, (char[80]){0}, 80));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_as_wide_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
