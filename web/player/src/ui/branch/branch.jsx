// Go on from the cursor with another controller, setting or fault, and see both futures over each other.

import { useState } from "preact/hooks";
import { nameText, text } from "../../texts.js";
import "../compare/compare.css";
import "./branch.css";

export function BranchPanel({ player }) {
  const { store } = player;
  const language = store.language.value;
  const say = (word) => text(`branch.${word}`, language);
  const offered = store.branching.value;
  const branched = store.branched.value;
  const [controller, setController] = useState(0);
  const [setting, setSetting] = useState("");
  const [value, setValue] = useState("");
  const [event, setEvent] = useState("");
  if (!offered) return null;
  const working = branched?.state === "working";
  const run = (submitted) => {
    submitted.preventDefault();
    const settings = setting.trim() ? { [setting.trim()]: value.trim() } : {};
    player.branch({ controller, settings, event: event === "" ? null : offered.events[event].do });
  };
  return (
    <div class="compare branch">
      <form class="branch-form" onSubmit={run}>
        <p>{say("said")}</p>
        <output>
          {say("from")} <b>{player.timeText(store.t.value)}</b>
        </output>
        <label>
          <span>{say("controller")}</span>
          <select class="select" value={controller} onChange={({ currentTarget }) => setController(Number(currentTarget.value))}>
            {offered.controllers.map((name, i) => (
              <option key={i} value={i}>{name || say("own")}</option>
            ))}
          </select>
        </label>
        <label>
          <span>{say("setting")}</span>
          <input list="branch-settings" value={setting} placeholder="shuttle.lift.slow_m_s" autocapitalize="off" spellcheck={false} onInput={({ currentTarget }) => setSetting(currentTarget.value)} />
        </label>
        <datalist id="branch-settings">
          {Object.keys(offered.settings).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <label>
          <span>{say("value")}</span>
          <input value={value} onInput={({ currentTarget }) => setValue(currentTarget.value)} />
          {setting in offered.settings && <small>{`${say("now")} ${offered.settings[setting]}`}</small>}
        </label>
        <label>
          <span>{say("event")}</span>
          <select class="select" value={event} onChange={({ currentTarget }) => setEvent(currentTarget.value)}>
            <option value="">{say("nothing")}</option>
            {offered.events.map(({ name, target }, i) => (
              <option key={i} value={i}>{`${nameText(name, language)}${target ? ` · ${target}` : ""}`}</option>
            ))}
          </select>
        </label>
        <button type="submit" class="button text main" disabled={working}>{say("run")}</button>
      </form>
      {working && <p class="compare-said" aria-live="polite">{say("working")}</p>}
      {branched?.state === "failed" && (
        <p class="compare-said" role="alert">
          {say("failed")} <small>{branched.error}</small>
        </p>
      )}
      {branched?.state === "ready" && <Futures player={player} branched={branched} say={say} language={language} />}
    </div>
  );
}

function Futures({ player, branched, say, language }) {
  const { told } = branched;
  const yes = (one) => (one == null ? "–" : say(one ? "yes" : "no"));
  const seconds = (one) => (one == null ? "–" : `${one.toFixed(1)} s`);
  const named = (alarms) => alarms.map(({ tag }) => tag).join(", ") || "–";
  const rows = [
    ["completed", (one) => yes(one.completed)],
    ["state", (one) => nameText(one.final_state ?? "–", language)],
    ["swap_time_s", (one) => seconds(one.swap_time_s)],
    ["alarms", (one) => named(one.alarms ?? [])],
  ];
  return (
    <div class="branch-futures" aria-live="polite">
      <button type="button" class="compare-line" onClick={() => player.seek(told.at_ns)}>
        <time>{player.timeText(told.at_ns)}</time>
        <span class="compare-what">{say(told.exact ? "exact" : told.rebuilt ? "estimated" : "inexact")}</span>
      </button>
      {!told.exact && told.error.length > 0 && (
        <ul class="branch-error">
          {told.error.map(({ name, text: words, apart, unit }) => (
            <li key={name}>{`${words[language] ?? words.en ?? name}: ${apart.toPrecision(2)} ${unit} ${say("off")}`}</li>
          ))}
        </ul>
      )}
      {told.disagrees_ns != null && <p class="compare-said">{`${say("disagrees")} ${player.timeText(told.disagrees_ns)}.`}</p>}
      <table class="compare-phases">
        <thead>
          <tr>
            <th />
            <th>{say(told.rebuilt ? "rebuilt" : "here")}</th>
            <th>{say("there")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, of]) => (
            <tr key={name}>
              <td>{say(name)}</td>
              <td>{of(told.origin)}</td>
              <td class={of(told.origin) === of(told.branch) ? "" : "longer"}>{of(told.branch)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="compare-said">{say("orange")}</p>
      <button type="button" class="button text branch-open" onClick={() => player.open(branched.id)}>{say("open")}</button>
    </div>
  );
}
