// Play, pause, step, jump, loop, speed, time; of a live run also its edge and its own speed.

import { MAX_SPEED, MIN_SPEED, SPEEDS } from "../../clock.js";
import { text } from "../../texts.js";
import { Button, Icon } from "../icons.jsx";
import { TimeField } from "./time_field.jsx";
import "./transport.css";

const PACES = [0.5, 1, 2, 5, 10, 20];

export function Transport({ player }) {
  const { store } = player;
  const language = store.language.value;
  const playing = store.playing.value;
  return (
    <div class="transport">
      <Button icon="previous" label={text("action.previous", language)} onClick={() => player.jump(-1)} />
      <Button icon="back" label={text("action.back", language)} onClick={() => player.step(-1)} />
      <Button
        className="main"
        icon={playing ? "pause" : "play"}
        label={text(playing ? "action.pause" : "action.play", language)}
        onClick={() => player.toggle()}
      />
      <Button icon="forward" label={text("action.forward", language)} onClick={() => player.step(1)} />
      <Button icon="next" label={text("action.next", language)} onClick={() => player.jump(1)} />
      <Button
        icon="bell"
        className={store.alarmsOnly.value ? "on" : ""}
        pressed={store.alarmsOnly.value}
        label={text("action.alarms_only", language)}
        onClick={() => (store.alarmsOnly.value = !store.alarmsOnly.value)}
      />
      <Loop player={player} />
      {player.dock.offers("cut") && store.loop.value?.to != null && (
        <Button icon="cut" label={text("panel.cut", language)} onClick={() => player.dock.open("cut")} />
      )}
      {player.source.page && !store.manifest.value?.withheld && <SavePage player={player} />}
      <TimeField player={player} />
      {store.growing.value && <Live player={player} />}
      <div class="spacer" />
      <Speed player={player} />
      <Zoom player={player} />
    </div>
  );
}

/** Its one button marks the start, then the end, then ends the loop. */
function Loop({ player }) {
  const { store } = player;
  const loop = store.loop.value;
  const next = !loop ? "set_a" : loop.to === null ? "set_b" : "clear";
  return (
    <Button
      className={`loop ${loop ? "on" : ""}`}
      pressed={Boolean(loop)}
      label={text(`loop.${next}`, store.language.value)}
      onClick={() => player.loop()}
    >
      {loop?.to === null ? <b>A…</b> : <Icon name="loop" />}
    </Button>
  );
}

/** The loop, or the stretch that the timeline shows, as a page of one file. */
function SavePage({ player }) {
  const { store } = player;
  const saving = store.saving.value;
  const label = text(saving ? "page.saving" : "page.save", store.language.value);
  return <Button icon="page" className={`save-page ${saving ? "on" : ""}`} label={label} onClick={() => saving || player.savePage()} />;
}

function Zoom({ player }) {
  const { range, clock } = player;
  const language = player.store.language.value;
  return (
    <>
      <Button icon="zoom_out" className="zoom" label={text("key.zoom_out", language)} onClick={() => range.zoom(2, clock.t)} />
      <Button icon="zoom_in" className="zoom" label={text("key.zoom_in", language)} onClick={() => range.zoom(0.5, clock.t)} />
      <Button icon="fit" className="zoom" label={text("key.fit", language)} onClick={() => range.fit()} />
    </>
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
  const lesson = store.lesson.value;
  // In an exam time goes as fast as the clock, and who is not the trainee has no say in it.
  const paced = !lesson || (lesson.mode !== "exam" && lesson.role === "operator");
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
      {paced && (
        <label class="pace">
          <span>{text("action.pace", language)}</span>
          <select
            class="select"
            aria-label={text("action.pace", language)}
            value={store.pace.value === null ? "free" : String(store.pace.value)}
            onChange={(event) => player.pace(event.currentTarget.value === "free" ? null : Number(event.currentTarget.value))}
          >
            {store.pace.value === 0 && <option value="0">{text("action.pace.stands", language)}</option>}
            {PACES.map((pace) => (
              <option key={pace} value={String(pace)}>
                {pace}×
              </option>
            ))}
            <option value="free">{text("action.pace.free", language)}</option>
          </select>
        </label>
      )}
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
