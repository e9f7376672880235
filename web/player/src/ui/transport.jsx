// Play, pause, step, speed, time; of a live run also its edge and its own speed.

import { MAX_SPEED, MIN_SPEED, SPEEDS } from "../clock.js";
import { lanesOf, neighbour } from "../lanes.js";
import { text, timeText } from "../texts.js";
import { Button } from "./icons.jsx";

const PACES = [0.5, 1, 2, 5, 10, 20];

export function Transport({ player }) {
  const { store } = player;
  const language = store.language.value;
  const playing = store.playing.value;
  const jump = (direction) => {
    const t = neighbour(lanesOf(store.events.value), player.clock.t, direction);
    if (t !== null) player.seek(t);
  };
  return (
    <div class="transport">
      <Button icon="previous" label={text("action.previous", language)} onClick={() => jump(-1)} />
      <Button icon="back" label={text("action.back", language)} onClick={() => player.step(-1)} />
      <Button
        className="main"
        icon={playing ? "pause" : "play"}
        label={text(playing ? "action.pause" : "action.play", language)}
        onClick={() => player.toggle()}
      />
      <Button icon="forward" label={text("action.forward", language)} onClick={() => player.step(1)} />
      <Button icon="next" label={text("action.next", language)} onClick={() => jump(1)} />
      <Time store={store} />
      {store.growing.value && <Live player={player} />}
      <div class="spacer" />
      <Speed player={player} />
    </div>
  );
}

function Time({ store }) {
  return (
    <span class="time">
      <b>{timeText(store.t.value - store.start.value)}</b> / {timeText(store.end.value - store.start.value)}
    </span>
  );
}

/** A slider on a logarithmic scale: each doubling takes the same way. */
function Speed({ player }) {
  const { store } = player;
  const label = text("action.speed", store.language.value);
  const speed = store.speed.value;
  const set = (value) => player.setSpeed(snap(value));
  return (
    <label class="speed">
      <span>{label}</span>
      <input
        type="range"
        min={Math.log(MIN_SPEED)}
        max={Math.log(MAX_SPEED)}
        step="0.01"
        value={Math.log(speed)}
        aria-label={label}
        aria-valuetext={`${speed}×`}
        disabled={store.following.value}
        onInput={(event) => set(Math.exp(Number(event.currentTarget.value)))}
        onDblClick={() => player.setSpeed(1)}
      />
      <output>{speedText(speed)}×</output>
    </label>
  );
}

function Live({ player }) {
  const { store } = player;
  const language = store.language.value;
  return (
    <>
      <Button
        className={`text live ${store.following.value ? "on" : ""}`}
        label={text("action.live.title", language)}
        pressed={store.following.value}
        onClick={() => player.follow()}
      >
        {text("action.live", language)}
      </Button>
      <label class="pace">
        <span>{text("action.pace", language)}</span>
        <select
          class="select"
          value={store.pace.value === null ? "free" : String(store.pace.value)}
          onChange={(event) => player.pace(event.currentTarget.value === "free" ? null : Number(event.currentTarget.value))}
        >
          {PACES.map((pace) => (
            <option key={pace} value={String(pace)}>
              {pace}×
            </option>
          ))}
          <option value="free">{text("action.pace.free", language)}</option>
        </select>
      </label>
    </>
  );
}

function snap(speed) {
  const near = SPEEDS.find((value) => Math.abs(Math.log(speed / value)) < 0.06);
  return near ?? Math.round(speed * 100) / 100;
}

function speedText(speed) {
  return speed < 1 ? speed.toFixed(2).replace(/0$/, "") : speed.toFixed(speed < 10 ? 1 : 0).replace(/\.0$/, "");
}
