// Another log beside this one: which, where they first go apart, what differs, which phases take longer.

import { nameText, text } from "../../texts.js";
import { LongList } from "../list.jsx";
import "./compare.css";

const ROW_PX = 46;

export function ComparePanel({ player }) {
  const { store } = player;
  const language = store.language.value;
  const compared = store.compared.value;
  const others = store.logs.value.filter((log) => log.id !== store.manifest.value?.id);
  return (
    <div class="compare">
      <label class="compare-with">
        {text("compare.with", language)}
        <select class="select" value={compared?.id ?? ""} onChange={(event) => player.compareWith(event.currentTarget.value || null)}>
          <option value="">{text("compare.none", language)}</option>
          {others.map(({ id, title }) => (
            <option key={id} value={id}>{title}</option>
          ))}
        </select>
      </label>
      {compared?.state === "working" && <p class="compare-said" aria-live="polite">{text("compare.working", language)}</p>}
      {compared?.state === "failed" && (
        <p class="compare-said" role="alert">
          {text("compare.failed", language)} <small>{compared.error}</small>
        </p>
      )}
      {compared?.state === "ready" && <Found player={player} found={compared.found} language={language} />}
    </div>
  );
}

function Found({ player, found, language }) {
  const [first, ...others] = found.divergences;
  const rows = found.differences.map((one, i) => ({ key: i, ...one }));
  return (
    <>
      <div class="compare-found">
        <p class="compare-said">{text("compare.legend", language)}</p>
        <h3>{text("compare.first", language)}</h3>
        {!first && <p class="compare-said">{text(found.ended ? "compare.ended" : "compare.same", language)}</p>}
        {first && <Divergence player={player} one={first} language={language} main />}
        {others.length > 0 && <h3>{text("compare.others", language)}</h3>}
        {others.map((one) => (
          <Divergence key={one.group} player={player} one={one} language={language} />
        ))}
        {found.phases.length > 0 && <Phases player={player} phases={found.phases} language={language} />}
        {rows.length > 0 && (
          <h3>
            {text("compare.differences", language)} <small>{found.difference_count}</small>
          </h3>
        )}
      </div>
      {rows.length > 0 && (
        <LongList rows={rows} height={ROW_PX} label={text("compare.differences", language)}>
          {(one) => (
            <button type="button" class="compare-line" onClick={() => player.seek(one.start_ns)}>
              <time>{player.timeText(one.start_ns)}</time>
              <Values one={one} language={language} />
            </button>
          )}
        </LongList>
      )}
    </>
  );
}

function Divergence({ player, one, language, main = false }) {
  const shown = one.signals.filter(({ a_text: a, b_text: b }) => a !== b).slice(0, main ? 4 : 1);
  const all = shown.length ? shown : one.signals.slice(0, 1);
  return (
    <div class={`compare-divergence ${main ? "main" : ""}`}>
      <button type="button" class="compare-line" title={text("compare.go", language)} onClick={() => player.seek(one.a_ns)}>
        <time>{player.timeText(one.a_ns)}</time>
        <span class="compare-what">{all.map((signal) => <Values key={signal.name} one={signal} language={language} />)}</span>
      </button>
      {main && <small>{text(`compare.by.${one.by}`, language)}</small>}
    </div>
  );
}

function Values({ one, language }) {
  return (
    <span class="compare-values">
      <span>{one.text?.[language] ?? one.text?.en ?? one.source ?? one.name}</span>
      <code>{one.name}</code>
      <b>
        {one.a_text} <i>{one.b_text}</i>
      </b>
    </span>
  );
}

function Phases({ player, phases, language }) {
  const seconds = (side) => (side?.took_s == null ? "–" : side.took_s.toFixed(1));
  return (
    <table class="compare-phases">
      <thead>
        <tr>
          <th>{text("compare.phase", language)}</th>
          <th>{text("compare.here", language)} s</th>
          <th>{text("compare.there", language)} s</th>
          <th>{text("compare.longer", language)}</th>
        </tr>
      </thead>
      <tbody>
        {phases.map(({ name, a, b, longer_s: longer }, i) => (
          <tr key={i} onClick={() => a?.start_ns != null && player.seek(a.start_ns)}>
            <td>{nameText(name, language)}</td>
            <td>{seconds(a)}</td>
            <td>{seconds(b)}</td>
            <td class={Math.abs(longer ?? 0) >= 0.5 ? "longer" : ""}>{longer == null ? "–" : `${longer > 0 ? "+" : ""}${longer.toFixed(1)} s`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
