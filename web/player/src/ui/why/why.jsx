// Why it stopped: the cause and what shows it, the safe way out, what it waited for, and what the log cannot tell.

import { useEffect } from "preact/hooks";
import { nameText, text } from "../../texts.js";
import { Button } from "../icons.jsx";
import "../compare/compare.css";
import "../search/search.css";
import "./why.css";

export function WhyPanel({ player }) {
  const { store } = player;
  const language = store.language.value;
  const asked = store.explained.value;
  const id = store.manifest.value?.id;
  useEffect(() => {
    if (id && !store.explained.peek()) player.explain(null);
  }, [id]);
  return (
    <div class="search-panel">
      <div class="search-bar">
        <Button icon="previous" label={text("why.first", language)} onClick={() => player.explain(null)} />
        <Button icon="why" label={text("why.here", language)} onClick={() => player.explain(store.t.value)} />
      </div>
      {asked?.state === "working" && <p class="compare-said" aria-live="polite">{text("why.working", language)}</p>}
      {asked?.state === "failed" && <p class="compare-said search-wrong" role="alert">{asked.error}</p>}
      {asked?.state === "ready" && !asked.told && <p class="compare-said" aria-live="polite">{text("why.none", language)}</p>}
      {asked?.told && <Told player={player} told={asked.told} language={language} />}
    </div>
  );
}

function Told({ player, told, language }) {
  const say = (word) => text(word, language);
  const { stop, causes } = told;
  const [first, ...others] = causes;
  const time = (s) => player.timeText(s * 1e9);
  const since = (s) => (s === null ? "" : ` ${say("why.since")} ${time(s)}`);
  const Line = ({ s, children }) => (
    <button type="button" class="compare-line" onClick={() => player.seek(s * 1e9)}>
      <time>{time(s)}</time>
      <span class="compare-what">{children}</span>
    </button>
  );
  const named = (cause) => `${cause.text[language] ?? cause.text.en}${cause.device ? ` (${cause.device})` : ""}`;
  const alarm = told.alarms[0];
  const good = told.good_swap;
  return (
    <div class="why-told" aria-live="polite">
      <div class={`why-cause ${first ? "" : "unknown"}`}>
        <b>{first ? named(first) : say("why.unknown")}</b>
        <Line s={stop.at_s}>
          {`${say("why.stopped")}: ${stop.state ? nameText(stop.state, language) : say("why.standstill")}, ${stop.until_s === null ? say("why.open") : `${say("why.until")} ${time(stop.until_s)}`}`}
        </Line>
      </div>
      {first && (
        <>
          <h3>{say("why.way")}</h3>
          <p class="why-way">{first.way_out[language] ?? first.way_out.en}</p>
          <h3>{say("why.seen")}</h3>
          {first.signs.map((sign) => (
            <p key={sign.text}>
              <code>{sign.text}</code>
              {` ${say(sign.held ? "why.true" : "why.false")}${since(sign.since_s)}`}
            </p>
          ))}
        </>
      )}
      {others.length > 0 && <h3>{say("why.also")}</h3>}
      {others.map((cause) => (
        <Line key={cause.name + cause.device} s={cause.since_s}>{named(cause)}</Line>
      ))}
      {alarm && (
        <>
          <h3>{say("why.alarm")}</h3>
          <Line s={alarm.at_s}>{alarm.text || <code>{alarm.name}</code>}</Line>
        </>
      )}
      {told.phase && (
        <>
          <h3>{say("why.phase")}</h3>
          <p>{`${nameText(told.phase.name, language)}${since(told.phase.since_s)}`}</p>
        </>
      )}
      {told.step && (
        <>
          <h3>{say("why.step")}</h3>
          <p>
            <code>{told.step.name}</code>
            {since(told.step.since_s)}
          </p>
          {told.step.guards.map((guard) => (
            <p key={guard.name + guard.next}>{`${say("why.waits")}: ${guard.conditions.map((one) => nameText(one, language)).join(", ")}`}</p>
          ))}
          {told.step.waits_for && <p>{`${say("why.false_condition")}: ${nameText(told.step.waits_for, language)}${since(told.step.waits_since_s)}`}</p>}
        </>
      )}
      {told.unanswered.length > 0 && <h3>{say("why.commanded")}</h3>}
      {told.unanswered.map((one) => (
        <Line key={one.command} s={one.since_s}>{one.text[language] ?? one.text.en}</Line>
      ))}
      {good && (
        <>
          <h3>{say("why.good")}</h3>
          <Line s={good.phase_start_s ?? good.start_s ?? stop.at_s}>
            {`${good.number}${good.phase_duration_s === null || !told.phase ? "" : `: ${nameText(told.phase.name, language)} ${say("why.good_phase")} ${good.phase_duration_s.toFixed(1)} s`}`}
          </Line>
        </>
      )}
      {told.cannot_tell.length > 0 && <h3>{say("why.cannot")}</h3>}
      {told.cannot_tell.map((one) => (
        <p key={one.name}>
          {`${one.text[language] ?? one.text.en}: ${say("why.lacks")} `}
          <code>{one.signals.join(", ")}</code>
        </p>
      ))}
      {told.other_stops.length > 0 && <h3>{say("why.others")}</h3>}
      {told.other_stops.slice(0, 50).map((one) => (
        <button key={one.at_s} type="button" class="compare-line" onClick={() => player.explain(one.at_s * 1e9).then(() => player.seek(one.at_s * 1e9))}>
          <time>{time(one.at_s)}</time>
          <span class="compare-what">{one.state ? nameText(one.state, language) : say("why.standstill")}</span>
        </button>
      ))}
    </div>
  );
}
