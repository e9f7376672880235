// The operator's panel, drawn from what the record says of its station's: it acts on a run, and replays with a record.

import { useMemo, useState } from "preact/hooks";
import { mayAsk } from "../../lesson.js";
import { alarmList, OperatorDesk } from "../../operator.js";
import { nameText, text } from "../../texts.js";
import { AlarmList } from "./alarm_list.jsx";
import { Board } from "./board.jsx";
import { Cameras } from "./cameras.jsx";
import { EmergencyStop } from "./estop.jsx";
import { Hand } from "./hand.jsx";
import { Lockout } from "./lockout.jsx";
import { Refusal, Requests } from "./requests.jsx";
import { RunPage } from "./run_page.jsx";
import { useValues } from "./use_values.js";
import "./operator.css";

const UNIT = ["seq_state", "seq_mode", "seq_phase"].map((field) => `station.unit.${field}`);
/** The tower light: colour to the states that it stands for. */
const LIGHTS = {
  green: ["Starting", "Execute", "Completing"],
  red: ["Aborting", "Aborted", "Stopping", "Stopped"],
  blue: ["Idle", "Complete", "Resetting", "Clearing"],
};
const PAGES = ["run", "hand", "lockout", "places", "alarms"];

export function Operator({ player }) {
  const { store } = player;
  const language = store.language.value;
  const manifest = store.manifest.value;
  const panel = manifest?.panel;
  const desk = useMemo(() => new OperatorDesk((request) => player.operate(request), store.events), [manifest]);
  const [page, setPage] = useState("run");
  const events = store.events.value;
  const t = store.t.value;
  // Drawn with every picture; another list only where an event came or went.
  const past = events.findLastIndex(({ t_ns }) => t_ns <= t);
  const alarms = useMemo(() => (panel ? alarmList(events, t, panel.acknowledge.signal) : []), [events, past, panel]);
  if (!panel) return <p class="operator-note">{text("operator.none", language)}</p>;
  const live = store.growing.value;
  const lesson = store.lesson.value;
  const can = (name) => live && mayAsk(lesson, name);
  const shared = { player, panel, desk, live, can, language };
  const waiting = alarms.filter(({ acknowledged }) => !acknowledged).length;
  return (
    <section class="operator" aria-label={panel.text[language]}>
      <header class="operator-head">
        <State player={player} panel={panel} language={language} />
        {manifest.metadata?.source === "simulated" && <EmergencyStop {...shared} />}
      </header>
      <Pages page={page} setPage={setPage} waiting={waiting} language={language} />
      <div class="operator-page" role="tabpanel" id="operator-page" aria-labelledby={`operator-tab-${page}`}>
        {!(live && store.following.value) && <p class="operator-note">{text(live ? "operator.past" : "operator.over", language)}</p>}
        {live && lesson && lesson.role !== "operator" && <p class="operator-note">{text(`lesson.role.${lesson.role}`, language)}</p>}
        {page === "run" && <RunPage {...shared} />}
        {page === "hand" && <Hand {...shared} />}
        {page === "lockout" && <Lockout {...shared} />}
        {page === "places" && (
          <>
            <Board {...shared} />
            <Cameras {...shared} />
          </>
        )}
        {page === "alarms" && <AlarmList {...shared} alarms={alarms} />}
        <Refusal {...shared} />
        <Requests player={player} desk={desk} language={language} />
      </div>
    </section>
  );
}

function State({ player, panel, language }) {
  const value = useValues(player, UNIT);
  const [state, mode, phase] = UNIT.map((name) => player.signals.known.get(name)?.labels?.[String(value(name))]);
  const light = Object.keys(LIGHTS).find((colour) => LIGHTS[colour].includes(state)) ?? (state ? "amber" : "dark");
  return (
    <div class="operator-state" role="status">
      <i class={`operator-light ${light}`} aria-hidden="true" />
      <div>
        <b>{state ? nameText(state, language) : "…"}</b>
        <span>{panel.modes.labels[mode]?.[language] ?? ""}</span>
        {phase && phase !== "none" && <span>{nameText(phase, language)}</span>}
      </div>
    </div>
  );
}

/** Tabs as the keyboard expects them: arrows go from one to the next, Tab into the page. */
function Pages({ page, setPage, waiting, language }) {
  const onKeyDown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = PAGES[(PAGES.indexOf(page) + step + PAGES.length) % PAGES.length];
    setPage(next);
    document.getElementById(`operator-tab-${next}`)?.focus();
  };
  return (
    <div class="operator-tabs" role="tablist" onKeyDown={onKeyDown}>
      {PAGES.map((id) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`operator-tab-${id}`}
          aria-controls="operator-page"
          aria-selected={id === page}
          tabIndex={id === page ? 0 : -1}
          onClick={() => setPage(id)}
        >
          {text(`operator.page.${id}`, language)}
          {id === "alarms" && waiting > 0 && <b class="operator-count">{waiting}</b>}
        </button>
      ))}
    </div>
  );
}
