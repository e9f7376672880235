/* Ties code that was translated from Structured Text to the images; beacon_st.c is linked as it came.
 *
 *     cc beacon.c beacon_st.c -lm -o beacon */
#define SWAPTWIN_MAIN
#include "swaptwin_controller.h"
#include "beacon_st.h"

static BEACON program;

static void scan(int64_t t_ns) {
    __CURRENT_TIME_NS = t_ns;
    program.DRIVES_ON = swaptwin_in.station.safety.st_drives_on;
    BEACON_body__(&program);
    swaptwin_out.bay.entry_light.cmd_amber = program.AMBER;
    swaptwin_out.bay.entry_light.cmd_red = program.RED;
}

int main(void) {
    swaptwin_controller controller = swaptwin_controller_of(scan);
    BEACON_init__(&program);
    controller.memory = &program;
    controller.memory_bytes = sizeof program;
    return swaptwin_serve(&controller);
}
