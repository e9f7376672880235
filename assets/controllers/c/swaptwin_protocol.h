/* SwapTwin's line protocol, version 1, for a controller in C (C99 or C++11): docs/controller-protocol.md.
 * Copyright the SwapTwin authors. Licensed under the Apache License, Version 2.0.
 *
 * Include it in one file of the program, before any system header. */
#ifndef SWAPTWIN_PROTOCOL_H
#define SWAPTWIN_PROTOCOL_H

#if !defined(_WIN32) && !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L /* dup, fdopen */
#endif
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#define SWAPTWIN_POSIX(name) _##name
#else
#include <unistd.h>
#define SWAPTWIN_POSIX(name) name
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A signal and the variable that holds it. */
typedef struct {
    const char *name;        /* area.device.kind_quantity[_unit] */
    char type;               /* 'b' bool, 'i' int32_t, 'e' int32_t with labels, 'r' double */
    void *value;
    const char *alarm_class; /* of an alarm of the controller's own: A1, A2, B, C or D; else NULL */
    const char *more;        /* of a signal of the controller's own: unit, text, labels as JSON, or NULL */
} swaptwin_signal;

/* A controller. What is not needed is left 0. */
typedef struct {
    const swaptwin_signal *inputs;  /* the images, as the stub declares them */
    size_t input_count;
    const swaptwin_signal *outputs;
    size_t output_count;
    const swaptwin_signal *own;     /* seq_, ilk_ and alm_ signals beyond the station's I/O list */
    size_t own_count;
    void (*begin)(int64_t scan_ns); /* once, when the settings are known; reads them with swaptwin_setting */
    void (*scan)(int64_t t_ns);     /* one scan: reads the input image, writes the output image */
    void *memory;                   /* all that the controller remembers between two scans, if it is in one place: */
    size_t memory_bytes;            /* then it can be saved and taken back, which makes checkpoints quick */
} swaptwin_controller;

/* ------------------------------------------------------------------------------------------------------- plumbing */

static FILE *swaptwin_to_;            /* the protocol; standard output goes to standard error */
static char *swaptwin_line_;
static size_t swaptwin_line_bytes_;
static char **swaptwin_settings_;
static size_t swaptwin_setting_count_;

static void *swaptwin_enough_(void *block, size_t bytes) {
    block = realloc(block, bytes);
    if (block == NULL) { fputs("out of memory\n", stderr); exit(70); }
    return block;
}

static char *swaptwin_copy_(const char *text) {
    return strcpy((char *)swaptwin_enough_(NULL, strlen(text) + 1), text);
}

/* The next line without its end; NULL when the other side is gone. */
static char *swaptwin_read_(void) {
    size_t used = 0;
    for (;;) {
        if (swaptwin_line_bytes_ - used < 4096) {
            swaptwin_line_bytes_ += 65536;
            swaptwin_line_ = (char *)swaptwin_enough_(swaptwin_line_, swaptwin_line_bytes_);
        }
        if (fgets(swaptwin_line_ + used, (int)(swaptwin_line_bytes_ - used), stdin) == NULL) return NULL;
        used += strlen(swaptwin_line_ + used);
        if (used && swaptwin_line_[used - 1] == '\n') break;
    }
    while (used && (swaptwin_line_[used - 1] == '\n' || swaptwin_line_[used - 1] == '\r')) swaptwin_line_[--used] = 0;
    return swaptwin_line_;
}

/* Splits off the first word; the rest begins at the result. */
static char *swaptwin_word_(char *text, char **word) {
    *word = text;
    while (*text && *text != ' ') text++;
    if (*text) *text++ = 0;
    return text;
}

static double swaptwin_get_(const swaptwin_signal *signal) {
    if (signal->type == 'b') return *(const bool *)signal->value ? 1.0 : 0.0;
    if (signal->type == 'r') return *(const double *)signal->value;
    return (double)*(const int32_t *)signal->value;
}

static void swaptwin_put_(const swaptwin_signal *signal, double value) {
    if (signal->type == 'b') *(bool *)signal->value = value != 0.0;
    else if (signal->type == 'r') *(double *)signal->value = value;
    else *(int32_t *)signal->value = (int32_t)value;
}

/* An image of the station's: its signals by their number. What the program does not declare is NULL. */
typedef struct {
    const swaptwin_signal **signals;
    double *told;
    size_t count;
} swaptwin_image_;

static void swaptwin_add_(swaptwin_image_ *image, const swaptwin_signal *signal, double value) {
    size_t size = image->count + 1;
    image->signals = (const swaptwin_signal **)swaptwin_enough_((void *)image->signals, size * sizeof *image->signals);
    image->told = (double *)swaptwin_enough_(image->told, size * sizeof *image->told);
    image->signals[image->count] = signal;
    image->told[image->count++] = value;
    if (signal != NULL) swaptwin_put_(signal, value);
}

static const swaptwin_signal *swaptwin_find_(const swaptwin_signal *signals, size_t count, const char *name) {
    size_t n;
    for (n = 0; n < count; n++)
        if (strcmp(signals[n].name, name) == 0) return &signals[n];
    return NULL;
}

/* Writes pairs of number and value into an image; 0 when they are none. */
static int swaptwin_take_(swaptwin_image_ *image, const char *text) {
    for (;;) {
        char *end;
        unsigned long number;
        double value;
        while (*text == ' ') text++;
        if (*text == 0) return 1;
        number = strtoul(text, &end, 10);
        if (end == text || *end != ' ' || number >= image->count) return 0;
        text = end + 1;
        value = strtod(text, &end);
        if (end == text) return 0;
        text = end;
        image->told[number] = value;
        if (image->signals[number] != NULL) swaptwin_put_(image->signals[number], value);
    }
}

/* Tells what the program has changed, to the last bit. */
static void swaptwin_tell_(swaptwin_image_ *image) {
    size_t n;
    for (n = 0; n < image->count; n++) {
        double value;
        if (image->signals[n] == NULL) continue;
        value = swaptwin_get_(image->signals[n]);
        if (memcmp(&value, &image->told[n], sizeof value) == 0) continue;
        image->told[n] = value;
        fprintf(swaptwin_to_, " %lu %.17g", (unsigned long)n, value);
    }
}

static const char *swaptwin_type_(char type) {
    return type == 'b' ? "bool" : type == 'i' ? "int" : type == 'e' ? "enum" : "real";
}

static int swaptwin_fail_(const char *text, const char *name) {
    fprintf(swaptwin_to_, "fail %s%s\n", text, name);
    fflush(swaptwin_to_);
    return 1;
}

/* --------------------------------------------------------------------------------------------- for the controller */

/* A number of the station's settings by its dotted path (shuttle.take_load_n); true is 1, false 0. */
static double swaptwin_setting(const char *path, double otherwise) {
    size_t n;
    for (n = 0; n < swaptwin_setting_count_; n++) {
        const char *text = swaptwin_settings_[n];
        size_t length = strlen(path);
        if (strncmp(text, path, length) != 0 || text[length] != ' ') continue;
        text += length + 1;
        if (strcmp(text, "true") == 0) return 1.0;
        if (strcmp(text, "false") == 0) return 0.0;
        return strtod(text, NULL);
    }
    return otherwise;
}

/* Speaks with the twin until it has no more questions; the program's exit code. */
static int swaptwin_serve(const swaptwin_controller *controller) {
    swaptwin_image_ inputs = {NULL, NULL, 0}, outputs = {NULL, NULL, 0};
    unsigned char *memory = (unsigned char *)controller->memory;
    int64_t scan_ns = 0;
    char *line, *rest, *word, *name, *type, *safe;
    size_t n;

    swaptwin_to_ = SWAPTWIN_POSIX(fdopen)(SWAPTWIN_POSIX(dup)(1), "w");
    if (swaptwin_to_ == NULL || SWAPTWIN_POSIX(dup2)(2, 1) < 0) return 71;
    (void)swaptwin_setting;
    line = swaptwin_read_();
    if (line == NULL || strcmp(line, "swaptwin 1") != 0) return swaptwin_fail_("expected swaptwin 1, got ", line ? line : "");
    while ((line = swaptwin_read_()) != NULL && strcmp(line, "begin") != 0) {
        rest = swaptwin_word_(line, &word);
        if (strcmp(word, "scan_ns") == 0) {
            scan_ns = strtoll(rest, NULL, 10);
        } else if (strcmp(word, "setting") == 0) {
            swaptwin_settings_ = (char **)swaptwin_enough_(
                swaptwin_settings_, (swaptwin_setting_count_ + 1) * sizeof *swaptwin_settings_);
            swaptwin_settings_[swaptwin_setting_count_++] = swaptwin_copy_(rest);
        } else if (strcmp(word, "input") == 0 || strcmp(word, "output") == 0) {
            int in = word[0] == 'i';
            const swaptwin_signal *signal;
            rest = swaptwin_word_(swaptwin_word_(swaptwin_word_(rest, &name), &type), &safe);
            signal = in ? swaptwin_find_(controller->inputs, controller->input_count, name)
                        : swaptwin_find_(controller->outputs, controller->output_count, name);
            if (signal != NULL && strcmp(swaptwin_type_(signal->type), type) != 0)
                return swaptwin_fail_("the station has another type of ", name);
            swaptwin_add_(in ? &inputs : &outputs, signal, strtod(safe, NULL));
        }
    }
    if (line == NULL) return 0;
    for (n = 0; n < controller->output_count; n++) {
        size_t k = 0;
        while (k < outputs.count && outputs.signals[k] != &controller->outputs[n]) k++;
        if (k == outputs.count) return swaptwin_fail_("the station has no output ", controller->outputs[n].name);
    }
    fputs("swaptwin 1\n", swaptwin_to_);
    for (n = 0; n < controller->own_count; n++) {
        const swaptwin_signal *own = &controller->own[n];
        fprintf(swaptwin_to_, "signal %s %s 0%s%s\n", own->name, swaptwin_type_(own->type), own->more ? " " : "",
                own->more ? own->more : "");
        if (own->alarm_class != NULL) fprintf(swaptwin_to_, "alarm_class %s %s\n", own->name, own->alarm_class);
        swaptwin_add_(&outputs, own, 0.0);
    }
    if (memory != NULL) fputs("can state\n", swaptwin_to_);
    if (controller->begin != NULL) controller->begin(scan_ns);
    fputs("ready\n", swaptwin_to_);
    fflush(swaptwin_to_);

    while ((line = swaptwin_read_()) != NULL) {
        rest = swaptwin_word_(line, &word);
        if (strcmp(word, "scan") == 0) {
            char *t_ns;
            rest = swaptwin_word_(rest, &t_ns);
            if (!swaptwin_take_(&inputs, rest)) return swaptwin_fail_("cannot read the inputs", "");
            controller->scan(strtoll(t_ns, NULL, 10));
            fprintf(swaptwin_to_, "done %s", t_ns);
            swaptwin_tell_(&outputs);
            fputc('\n', swaptwin_to_);
        } else if (strcmp(word, "outputs") == 0) {
            if (!swaptwin_take_(&outputs, rest)) return swaptwin_fail_("cannot read the outputs", "");
            continue;
        } else if (strcmp(word, "state") == 0 && memory != NULL) {
            fputs("state ", swaptwin_to_);
            for (n = 0; n < controller->memory_bytes; n++) fprintf(swaptwin_to_, "%02x", memory[n]);
            fputc('\n', swaptwin_to_);
        } else if (strcmp(word, "restore") == 0 && memory != NULL && strlen(rest) == 2 * controller->memory_bytes) {
            for (n = 0; n < controller->memory_bytes; n++) {
                char digits[3];
                digits[0] = rest[2 * n]; digits[1] = rest[2 * n + 1]; digits[2] = 0;
                memory[n] = (unsigned char)strtoul(digits, NULL, 16);
            }
            fputs("ok\n", swaptwin_to_);
        } else if (strcmp(word, "end") == 0) {
            return 0;
        } else {
            return swaptwin_fail_("does not know the word ", word);
        }
        fflush(swaptwin_to_);
    }
    return 0;
}

#ifdef __cplusplus
}
#endif
#endif
