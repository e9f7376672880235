// Alarms of the part that is inspected: those that stand and those that stood.

import { holdsAt } from "../../events.js";
import { text } from "../../texts.js";
import { alarmText, lastedText } from "../alarms/words.js";

export function PartAlarms({ player, catalogue, alarms, language }) {
  const { store } = player;
  return (
    <section class="inspector-alarms">
      <h3>{text("inspector.alarms", language)}</h3>
      {alarms.length === 0 && <p class="inspector-said">{text("inspector.no_alarms", language)}</p>}
      {alarms.map((alarm) => (
        <button
          key={alarm.key}
          type="button"
          class={`inspector-alarm ${holdsAt(alarm, store.t.value) ? "now" : ""}`}
          title={text("alarms.go", language)}
          onClick={() => player.seek(alarm.start)}
        >
          <time>{player.timeText(alarm.start)}</time>
          {alarm.class && <b class="alarms-class" data-class={alarm.class}>{alarm.class}</b>}
          <span>
            {alarmText(alarm, catalogue, language)} <code>{alarm.name}</code>
          </span>
          <small>{lastedText(alarm, language)}</small>
        </button>
      ))}
    </section>
  );
}
