/* As a translator from Structured Text declares a function block: plain data, an init and a body. */
#ifndef BEACON_ST_H
#define BEACON_ST_H
#include <stdint.h>

typedef struct { uint8_t IN; int64_t PT; uint8_t Q; int64_t ET; int64_t START; uint8_t RUNS; } TON;
typedef struct { uint8_t DRIVES_ON; uint8_t AMBER; uint8_t RED; TON BLINK; TON OFF; } BEACON;

/* Time of this scan in ns: what a translator's timers ask. Virtual time is put in before each scan. */
extern int64_t __CURRENT_TIME_NS;

void BEACON_init__(BEACON *data__);
void BEACON_body__(BEACON *data__);
#endif
