// The alarm list: code, words, since when; what to do about it; and one button that says they were seen.

import { useState } from "preact/hooks";
import { catalogueOf } from "../../catalogue.js";
import { text } from "../../texts.js";
import { alarmText } from "../alarms/words.js";

export function AlarmList({ player, panel, desk, can, language, alarms }) {
  const [open, setOpen] = useState("");
  const waiting = alarms.some(({ acknowledged }) => !acknowledged);
  const { signal, text: words } = panel.acknowledge;
  return (
    <>
      <button
        type="button"
        class="operator-button go operator-acknowledge"
        data-signal={signal}
        disabled={!can(signal) || !waiting}
        onClick={() => desk.press(signal)}
      >
        {words[language]}
      </button>
      {alarms.length === 0 && <p class="operator-note">{text("operator.alarms.none", language)}</p>}
      <ol class="operator-alarms" aria-live="polite">
        {alarms.map((alarm) => (
          <Alarm
            key={alarm.key}
            {...{ player, panel, language, alarm }}
            open={open === alarm.name}
            turn={() => setOpen(open === alarm.name ? "" : alarm.name)}
          />
        ))}
      </ol>
    </>
  );
}

function Alarm({ player, panel, language, alarm, open, turn }) {
  const said = panel.alarms[alarm.name];
  const words = said?.text?.[language] ?? alarmText(alarm, catalogueOf(player.store.manifest.value), language);
  const procedure = panel.procedures[said?.procedure];
  const how = alarm.acknowledged ? "acknowledged" : alarm.standing ? "new" : "gone";
  return (
    <li class={`operator-alarm ${how}`} data-class={alarm.class} data-alarm={alarm.name}>
      <button type="button" aria-expanded={open} disabled={!procedure} onClick={turn}>
        <code>{said?.code ?? "–"}</code>
        <span>
          <b>{words}</b>
          <small>
            {player.timeText(alarm.start)} · {text(`operator.alarm.${how}`, language)}
          </small>
        </span>
        <i data-class={alarm.class}>{alarm.class}</i>
      </button>
      {open && procedure && (
        <div class="operator-procedure">
          <b>{procedure.text[language]}</b>
          <ol>
            {procedure.steps.map((step) => (
              <li key={step.en}>{step[language]}</li>
            ))}
          </ol>
        </div>
      )}
    </li>
  );
}
