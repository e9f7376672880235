// What a validation found in this stretch: each with its instant, its values, and what the rule looks at.

import { signalText, text } from "../../texts.js";
import "../compare/compare.css";
import "./validation.css";

/** The cursor stands on the picture's grid, an instant of a finding need not. */
const SAME_NS = 1e7;

export function ValidationPanel({ player }) {
  const { store } = player;
  const language = store.language.value;
  const judged = store.judged.value;
  const told = store.manifest.value?.extras?.validation;
  if (!told) return null;
  const now = judged.findLast(({ start }) => start <= store.t.value + SAME_NS) ?? judged[0];
  return (
    <div class="judged" aria-live="polite">
      <p>{`${text("validation.program", language)}: ${told.program}`}</p>
      {told.baseline && <p>{`${text("validation.baseline", language)}: ${told.baseline}`}</p>}
      <p>{text(`validation.${told.mode}`, language)}</p>
      {judged.map((finding) => (
        <Finding key={finding.key + finding.start} player={player} finding={finding} now={finding === now} language={language} />
      ))}
    </div>
  );
}

function Finding({ player, finding, now, language }) {
  const { kind, start, values = [], reasons = [] } = finding;
  return (
    <div class={`judged-one ${kind} ${now ? "now" : ""}`}>
      <button type="button" class="compare-line" onClick={() => player.seek(start)}>
        <time>{player.timeText(start)}</time>
        <span class="compare-what">
          <b>{text(`validation.${kind}`, language)}</b>
          {finding.text[language] ?? finding.text.en}
        </span>
      </button>
      {now && (values.length > 0 || reasons.length > 0) && (
        <div class="judged-more">
          {values.length > 0 && <h3>{text("validation.values", language)}</h3>}
          {values.map(({ name, value }) => (
            <p key={name}>
              {`${signalText(player.signals.known.get(name), name, language)}: `}
              <strong>{value[language]}</strong>
            </p>
          ))}
          {reasons.length > 0 && <h3>{text("validation.reasons", language)}</h3>}
          {reasons.map((reason) => (
            <p key={reason.text}>
              <code>{reason.text}</code>
              {` ${text(`validation.${reason.held === null ? "unknown" : reason.held}`, language)}`}
            </p>
          ))}
        </div>
      )}
    </div>
  );
}
