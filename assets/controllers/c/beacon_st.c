/* beacon.st as a translator from Structured Text writes it; it knows nothing of the twin. */
#include "beacon_st.h"

#include <string.h>

int64_t __CURRENT_TIME_NS;

static void TON_body__(TON *data__) {
    if (!data__->IN) {
        data__->RUNS = data__->Q = 0;
        data__->ET = 0;
        return;
    }
    if (!data__->RUNS) {
        data__->RUNS = 1;
        data__->START = __CURRENT_TIME_NS;
    }
    data__->ET = __CURRENT_TIME_NS - data__->START;
    data__->Q = data__->ET >= data__->PT;
}

void BEACON_init__(BEACON *data__) { memset(data__, 0, sizeof *data__); }

void BEACON_body__(BEACON *data__) {
    data__->BLINK.IN = !data__->DRIVES_ON && !data__->BLINK.Q;
    data__->BLINK.PT = 500000000;
    TON_body__(&data__->BLINK);
    if (data__->BLINK.Q) data__->AMBER = !data__->AMBER;
    if (data__->DRIVES_ON) data__->AMBER = 0;
    data__->OFF.IN = !data__->DRIVES_ON;
    data__->OFF.PT = 2000000000;
    TON_body__(&data__->OFF);
    data__->RED = data__->OFF.Q;
}
