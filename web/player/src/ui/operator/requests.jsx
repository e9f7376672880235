// What became of what was asked: the controller's own no, and the last requests.

import { nameText, signalText, text, timeText } from "../../texts.js";
import { useValues } from "./use_values.js";

const REFUSED = "operator.panel.seq_refused_reason";

/** The controller's own no, at the cursor. */
export function Refusal({ player, panel, language }) {
  const value = useValues(player, [REFUSED])(REFUSED);
  const label = player.signals.known.get(REFUSED)?.labels?.[String(value)];
  if (!label || label === "none") return null;
  return (
    <p class="operator-refused" role="alert">
      {text("operator.refused", language)} {panel.refusals[label]?.[language] ?? label}
    </p>
  );
}

export function Requests({ player, desk, language }) {
  return (
    <ol class="operator-requests" aria-live="polite">
      {desk.requests.value.map((request) => (
        <Request key={request.number} request={request} player={player} language={language} />
      ))}
    </ol>
  );
}

function Request({ request, player, language }) {
  const { panel } = player.store.manifest.value;
  const { name, value, status, t, reason } = request;
  const signal = player.signals.known.get(name);
  const device = panel.lockout.isolators.find((one) => name.startsWith(`${one.device}.`));
  const words = panel.jog.axes.find(({ axis }) => axis === value)?.text ?? panel.modes.labels[value];
  const shown = words?.[language] ?? (typeof value === "boolean" ? text(value ? "value.yes" : "value.no", language) : nameText(String(value), language));
  return (
    <li class={`operator-request ${status}`}>
      <b>
        {device && `${device.text[language]}: `}
        {signalText(signal, name, language)}
      </b>
      {value !== true && <span> {shown}</span>}
      <span>
        {" "}
        {text(`operator.${status}`, language)} {t === null ? reason : timeText(t - player.store.zero.value)}
      </span>
    </li>
  );
}
