/* A small controller: it holds the lift where it is, and raises an alarm of its own when the plate creeps down.
 *
 *     swaptwin controller stub --lang c --out swaptwin_controller.h
 *     cc lift_guard.c -lm -o lift_guard
 *     swaptwin run nominal_swap --controller process:./lift_guard */
#define SWAPTWIN_MAIN
#include "swaptwin_controller.h"

/* All that it remembers between two scans. */
static struct {
    bool holding;
    double held_m;
} memory;

static bool alm_creeps;
static double limit_m;

static const swaptwin_signal own[] = {
    {"shuttle.lift.alm_creeps", 'b', &alm_creeps, "A2", "{\"text\":{\"en\":\"the held lift creeps\"}}"},
};

static void begin(int64_t scan_ns) {
    (void)scan_ns;
    limit_m = 5.0 * swaptwin_setting("shuttle.lift.tolerance_m", 0.001);
}

static void scan(int64_t t_ns) {
    const double lift_m = swaptwin_in.shuttle.lift.pv_position_m;

    (void)t_ns;
    swaptwin_out.station.unit.seq_state = SWAPTWIN_STATION_UNIT_SEQ_STATE_EXECUTE;
    swaptwin_out.station.safety.cmd_drives_on = true;
    swaptwin_out.shuttle.lift.cmd_enable = swaptwin_in.station.safety.st_drives_on;
    if (!memory.holding && swaptwin_in.station.safety.st_drives_on) {
        memory.holding = true;
        memory.held_m = lift_m;
    }
    swaptwin_out.shuttle.lift.sp_position_m = memory.held_m;
    swaptwin_out.shuttle.lift.sp_speed_m_s = 0.01;
    swaptwin_out.shuttle.lift.cmd_move = memory.holding;
    alm_creeps = memory.holding && lift_m < memory.held_m - limit_m;
}

int main(void) {
    swaptwin_controller controller = swaptwin_controller_of(scan);
    controller.own = own;
    controller.own_count = sizeof own / sizeof *own;
    controller.begin = begin;
    controller.memory = &memory;
    controller.memory_bytes = sizeof memory;
    return swaptwin_serve(&controller);
}
