// The time at the cursor, which is also where a time is typed; and whether it is the wall clock.

import { useRef, useState } from "preact/hooks";
import { badgeOf } from "../../store.js";
import { text } from "../../texts.js";
import { dateText, readTime, zoneText } from "../../time.js";

export function TimeField({ player }) {
  const { store } = player;
  const language = store.language.value;
  const field = useRef(null);
  const [typed, setTyped] = useState(null);
  const [error, setError] = useState("");
  player.page.askTime = () => {
    field.current.focus();
    field.current.select();
  };
  const leave = () => {
    setTyped(null);
    setError("");
  };
  const go = () => {
    const { zero, start, end } = player.clock;
    const reach = { from: start - zero, to: end - zero };
    const read = readTime(typed ?? "", { zero_ms: player.wallZero, ...reach, wall: store.wall.value });
    if (read.error) return setError(read.error);
    player.seek(zero + read.t);
    field.current.blur();
  };
  const onKeyDown = (event) => {
    if (event.key === "Enter" && typed !== null) go();
    if (event.key === "Escape") field.current.blur();
  };
  const now = player.timeText(store.t.value);
  return (
    <span class="time">
      <input
        ref={field}
        class="time-field"
        style={{ width: typed === null ? `${now.length + 3}ch` : undefined }}
        value={typed ?? now}
        title={text("time.field", language)}
        aria-label={text("time.field", language)}
        aria-invalid={Boolean(error)}
        autocomplete="off"
        spellcheck={false}
        onFocus={(event) => setTyped(event.currentTarget.value)}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setError("");
        }}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      <span class="time-end">/ {player.timeText(store.end.value)}</span>
      <Basis player={player} />
      {error && <Hint player={player} error={error} />}
    </span>
  );
}

/** Which of the two times is shown; of a wall clock also the day, the zone and whose clock it is. */
function Basis({ player }) {
  const { store } = player;
  const language = store.language.value;
  const zero = player.wallZero;
  const wall = store.wall.value && zero !== null;
  const whose = ["real", "synthetic"].includes(badgeOf(store.manifest.value, store.growing.value)) ? "real" : "simulated";
  const now = zero + (store.t.value - store.zero.value) / 1e6;
  const note = zero === null ? text("time.wall.missing", language) : `${dateText(now)} ${zoneText(now)}, ${text(`time.wall.${whose}`, language)}`;
  return (
    <button
      type="button"
      class="button text time-basis"
      aria-pressed={wall}
      disabled={zero === null}
      aria-label={text("time.basis", language)}
      title={`${text("time.basis", language)} (W). ${note}`}
      onClick={() => (store.wall.value = !store.wall.value)}
    >
      <span>{text(wall ? "time.wall" : "time.elapsed", language)}</span>
      {wall && <small>{`${dateText(now)} ${zoneText(now)}`}</small>}
      {wall && <small class="time-whose">{text(`time.wall.${whose}`, language)}</small>}
    </button>
  );
}

function Hint({ player, error }) {
  const { start, end } = player.clock;
  return (
    <span class="time-hint" role="alert">
      {text(`time.error.${error}`, player.store.language.value)}
      {error === "outside" && ` ${player.timeText(start)} – ${player.timeText(end)}`}
    </span>
  );
}
