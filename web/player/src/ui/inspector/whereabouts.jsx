// How well it is known where the part is at the cursor: measured, inferred or unknown, since when, how far off, and why.

import { useEffect } from "preact/hooks";
import { MEASURED, reasonsOf, STATES } from "../../known.js";
import { text } from "../../texts.js";
import { entryText, lastedText } from "../alarms/words.js";
import { serialOf } from "./find.js";
import { SignalRow } from "../signals/row.jsx";

/** Of more signals than so many people choose whether to see them. */
const OPEN_AT_MOST = 3;
const MM = 1000;
const DEG = 180 / Math.PI;

export function Whereabouts({ player, manifest, catalogue, part, entries, language }) {
  const { store, signals } = player;
  const t = store.t.value;
  const found = (manifest.motion?.[part.frame] ?? []).map((name) => catalogue.signals.get(name)).filter(Boolean);
  useEffect(() => signals.watch(found.map(({ name }) => name)), [part.frame]);
  const known = player.knownOf(part.frame);
  if (!known) return null;
  const state = STATES[known.state];
  return (
    <section class="inspector-known-where" data-state={state}>
      <h3>{text("legend.known", language)}</h3>
      <p title={text(`known.${state}.means`, language)}>
        <i class={`legend-state ${state}`}>{state === "unknown" && "?"}</i>
        <b>{text(`known.${state}`, language)}</b> <span>{errorText(known, language)}</span>
      </p>
      {known.state !== MEASURED && <Why player={player} part={part} found={found} entries={entries} t={t} language={language} />}
      {found.length > 0 && (
        <details open={found.length <= OPEN_AT_MOST}>
          <summary>{text("inspector.follows_from", language)}</summary>
          <div class="inspector-signals">
            {found.map((signal) => (
              <SignalRow key={signal.name} player={player} catalogue={catalogue} signal={signal} />
            ))}
          </div>
        </details>
      )}
    </section>
  );
}

/** Since when, and what speaks for it: findings about the signals, or that there is none. */
function Why({ player, part, found, entries, t, language }) {
  const { signals } = player;
  signals.arrived.value; // told again when more is known
  const seen = found.map(({ name }) => signals.sample(name, t)?.since).filter((since) => typeof since === "number");
  const reasons = reasonsOf(found, entries, t, [part.frame, player.standOf(part.frame)?.serial || serialOf(part.frame)]);
  return (
    <>
      {found.length === 0 && <p class="inspector-said">{text("inspector.no_signal", language)}</p>}
      {found.length > 0 && seen.length === 0 && <p class="inspector-said">{text("inspector.not_yet", language)}</p>}
      {seen.length > 0 && (
        <p class="inspector-said">
          {text("inspector.last_seen", language)} {player.timeText(Math.min(...seen))}
        </p>
      )}
      {reasons.map((entry) => (
        <button key={entry.key} type="button" class="inspector-alarm now" title={text("alarms.go", language)} onClick={() => player.seek(entry.start)}>
          <time>{player.timeText(entry.start)}</time>
          <span>{entryText(entry, null, language)}</span>
          <small>{lastedText(entry, language)}</small>
        </button>
      ))}
    </>
  );
}

/** "may be off by 12 mm, 0.3°", as far as that is known and worth telling. */
function errorText({ m, rad }, language) {
  if (!Number.isFinite(m) || !Number.isFinite(rad)) return text("inspector.off_unbounded", language);
  const parts = [m > 0 && `${round(m * MM)} mm`, rad > 0 && `${round(rad * DEG)}°`].filter(Boolean);
  return parts.length ? `${text("inspector.off_by", language)} ${parts.join(", ")}` : "";
}

/** Two digits are enough for an error. */
const round = (value) => (value >= 10 ? Math.round(value) : Number(value.toPrecision(2)));
