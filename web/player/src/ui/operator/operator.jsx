// The operator's panel of a running simulation: its buttons, the mode, and what became of what was asked.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { OperatorDesk } from "../../operator.js";
import { hasText, nameText, signalText, text, timeText } from "../../texts.js";
import "./operator.css";

/** Buttons in the order of the desk, with their kind. Hand controls, which must be held, are not among them. */
const BUTTONS = [
  ["op_start", "go"],
  ["op_hold", "halt"],
  ["op_stop", "halt"],
  ["op_confirm", "plain"],
  ["op_reset", "plain"],
  ["op_clear", "plain"],
  ["op_release_truck", "plain"],
  ["op_inventory_ok", "plain"],
];
const MODE = "op_mode";
const REFUSED = "operator.panel.seq_refused_reason";

export function Operator({ player }) {
  const { store } = player;
  const language = store.language.value;
  const manifest = store.manifest.value;
  const signals = manifest?.tables.operator ?? [];
  const desk = useMemo(() => new OperatorDesk((request) => player.operate(request), store.events), [manifest]);
  const mode = signals.find(({ name }) => name.endsWith(`.${MODE}`));
  useEffect(() => player.signals.watch([...signals.map(({ name }) => name), REFUSED]), [manifest]);
  if (!store.growing.value) return <p class="operator-note">{text("operator.over", language)}</p>;
  const buttons = BUTTONS.map(([field, kind]) => [signals.find(({ name }) => name.endsWith(`.${field}`)), kind]);
  return (
    <section class="operator" aria-label={text("panel.operator", language)}>
      <p class="operator-note">{text(store.following.value ? "operator.now" : "operator.past", language)}</p>
      {mode && <Mode player={player} desk={desk} mode={mode} />}
      <div class="operator-buttons">
        {buttons
          .filter(([signal]) => signal)
          .map(([signal, kind]) => (
            <button
              key={signal.name}
              type="button"
              class={`operator-button ${kind}`}
              data-signal={signal.name}
              title={signal.name}
              onClick={() => desk.press(signal.name)}
            >
              {signalText(signal, signal.name, language)}
            </button>
          ))}
      </div>
      <Refusal player={player} />
      <ol class="operator-requests" aria-live="polite">
        {desk.requests.value.map((request) => (
          <Request key={request.number} request={request} signals={signals} store={store} />
        ))}
      </ol>
    </section>
  );
}

function Mode({ player, desk, mode }) {
  const { store } = player;
  const language = store.language.value;
  // At the edge of a run a value may still be on its way: what stood before is shown meanwhile.
  const asked = useRef("");
  asked.current = mode.labels?.[String(player.signals.value(mode.name, store.t.value))] ?? asked.current;
  return (
    <label class="operator-mode">
      <span>{signalText(mode, mode.name, language)}</span>
      <select class="select" value={asked.current} onChange={(event) => desk.set(mode.name, event.currentTarget.value)}>
        {Object.values(mode.labels ?? {}).map((label) => (
          <option key={label} value={label}>
            {nameText(label, language)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The controller's own no, at the cursor. */
function Refusal({ player }) {
  const { store } = player;
  const language = store.language.value;
  const labels = player.signals.known.get(REFUSED)?.labels;
  const label = labels?.[String(player.signals.value(REFUSED, store.t.value))];
  if (!label || label === "none") return null;
  const key = `operator.refused.${label}`;
  return (
    <p class="operator-refused" role="alert">
      {text("operator.refused", language)} {hasText(key) ? text(key, language) : label}
    </p>
  );
}

function Request({ request, signals, store }) {
  const language = store.language.value;
  const { name, value, status, t, reason } = request;
  const signal = signals.find((known) => known.name === name);
  return (
    <li class={`operator-request ${status}`}>
      <b>{signalText(signal, name, language)}</b>
      {value !== true && <span> {nameText(String(value), language)}</span>}
      <span>
        {" "}
        {text(`operator.${status}`, language)} {t === null ? reason : timeText(t - store.zero.value)}
      </span>
    </li>
  );
}
