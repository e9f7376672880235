// Make a lesson of the stretch that is marked: what is wrong in it, and where; what came of it.

import { useState } from "preact/hooks";
import { download } from "../../download.js";
import { text } from "../../texts.js";
import "../branch/branch.css";
import "../compare/compare.css";

export function CutPanel({ player }) {
  const { store } = player;
  const language = store.language.value;
  const say = (word) => text(`cut.${word}`, language);
  const faults = store.branching.value?.faults;
  const [chosen, setChosen] = useState(0);
  const [typed, setTyped] = useState(null);
  if (!faults) return null;
  const loop = store.loop.value?.to != null ? store.loop.value : null;
  const fault = faults[chosen];
  const target = typed ?? fault.example.target ?? "";
  const made = store.cut.value;
  const working = made?.state === "working";
  const make = (submitted) => {
    submitted.preventDefault();
    player.cutLesson({ ...fault.example, ...(fault.target ? { target: target.trim() } : {}) });
  };
  return (
    <div class="compare branch cut">
      <form class="branch-form" onSubmit={make}>
        <p>{say("said")}</p>
        {loop ? (
          <output>
            {say("stretch")} <b>{player.timeText(loop.from)}–{player.timeText(loop.to)}</b>
          </output>
        ) : (
          <p>{say("mark")}</p>
        )}
        <label>
          <span>{say("fault")}</span>
          <select
            class="select"
            value={chosen}
            onChange={({ currentTarget }) => {
              setChosen(Number(currentTarget.value));
              setTyped(null);
            }}
          >
            {faults.map(({ name, title }, i) => (
              <option key={name} value={i}>{title[language]}</option>
            ))}
          </select>
        </label>
        {fault.target && (
          <label>
            <span>{say("target")}</span>
            <input value={target} autocapitalize="off" spellcheck={false} onInput={({ currentTarget }) => setTyped(currentTarget.value)} />
          </label>
        )}
        <button type="submit" class="button text main" disabled={working || !loop}>{say("make")}</button>
      </form>
      {working && <p class="compare-said" aria-live="polite">{say("working")}</p>}
      {made?.state === "failed" && (
        <p class="compare-said" role="alert">
          {say("failed")} <small>{made.error}</small>
        </p>
      )}
      {made?.state === "ready" && (made.nearest_ns ? <Nearest player={player} made={made} loop={loop} say={say} /> : <Made made={made} say={say} language={language} />)}
    </div>
  );
}

/** When it may begin instead; one of them becomes the start of the stretch. */
function Nearest({ player, made, loop, say }) {
  const begin = (from) => {
    player.loopFrom(from);
    player.store.cut.value = null;
  };
  return (
    <div class="compare-said" role="alert">
      <p>{say(made.nearest_ns.length ? "nearest" : "never")}</p>
      {made.nearest_ns
        .filter((t) => loop && t < loop.to)
        .map((t) => (
          <button key={t} type="button" class="button text" onClick={() => begin(t)}>
            {say("begin")} {player.timeText(t)}
          </button>
        ))}
    </div>
  );
}

function Made({ made, say, language }) {
  const open = Object.entries(made.open);
  return (
    <div class="compare-said" aria-live="polite">
      <p>
        {say("written")} <code>{made.file}</code>
      </p>
      {made.told.map((line, i) => (
        <p key={i}>{line[language]}</p>
      ))}
      {open.length > 0 && <p>{say("open")}</p>}
      {open.length > 0 && (
        <ul>
          {open.map(([key, what]) => (
            <li key={key}>
              <b>{key}</b>: {what}
            </li>
          ))}
        </ul>
      )}
      <p>
        {say("check")} <code>swaptwin lesson check {made.file}</code>
      </p>
      <button type="button" class="button text" onClick={() => download(new Blob([made.text], { type: "application/yaml" }), made.file.split("/").at(-1))}>
        {say("download")}
      </button>
    </div>
  );
}
