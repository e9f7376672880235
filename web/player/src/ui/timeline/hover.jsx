// What is under the pointer on the timeline, told beside it.

import { text } from "../../texts.js";
import { colourOf } from "./draw.js";

export function HoverCard({ player, lane, span, x, width, label }) {
  const language = player.store.language.value;
  const lasting = ((span.end ?? player.clock.end) - span.start) / 1e9;
  const from = player.timeText(span.start);
  const when = lane === "marks" ? from : `${from} – ${span.end === null ? "…" : player.timeText(span.end)} · ${lasting.toFixed(1)} s`;
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
      <small>{text(`lane.${lane}`, language)}</small>
    </div>
  );
}
