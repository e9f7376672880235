// What is under the pointer on the timeline, told beside it.

import { text } from "../../texts.js";
import { colourOf } from "./draw.js";

/** Of what is drawn as one, so much is told. */
const MOST_MEMBERS = 6;

export function HoverCard({ player, lane, span, x, width, label, members }) {
  const language = player.store.language.value;
  const lasting = ((span.end ?? player.clock.end) - span.start) / 1e9;
  const from = player.timeText(span.start);
  const instant = lane === "marks" || span.end === span.start;
  const when = instant ? from : `${from} – ${span.end === null ? "…" : player.timeText(span.end)} · ${lasting.toFixed(1)} s`;
  return (
    <div class="timeline-card" role="tooltip" style={{ left: `${Math.max(Math.min(x, width - 180), 180)}px` }}>
      <i style={{ background: colourOf(lane, span) }} />
      <b>{label}</b>
      <span>{when}</span>
      {lane === "alarms" && (
        <code>
          {span.class && `${span.class} · `}
          {span.name}
        </code>
      )}
      {members.length > 1 && (
        <ul>
          {members.slice(0, MOST_MEMBERS).map((member, i) => (
            <li key={i}>{member}</li>
          ))}
          {members.length > MOST_MEMBERS && <li>… +{members.length - MOST_MEMBERS}</li>}
        </ul>
      )}
      <small>{text(`lane.${lane}`, language)}</small>
    </div>
  );
}
