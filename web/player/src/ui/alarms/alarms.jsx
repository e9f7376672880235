// Everything that happened, as a list: filtered by kind and words, what holds at the cursor marked, a click goes there.

import { useMemo, useState } from "preact/hooks";
import { catalogueOf } from "../../catalogue.js";
import { entriesOf, holdsAt, KINDS, lastBegun } from "../../events.js";
import { FAMILIES, familyOf } from "../../findings.js";
import { LANGUAGES, text } from "../../texts.js";
import { LongList } from "../list.jsx";
import { entryText, lastedText, placeOf } from "./words.js";
import "./alarms.css";

const ROW_PX = 44;

export function AlarmsPanel({ player }) {
  const { store } = player;
  const manifest = store.manifest.value;
  const language = store.language.value;
  const entries = useMemo(() => entriesOf(store.events.value), [store.events.value]);
  const [hidden, setHidden] = useState(new Set());
  const muted = store.muted.value;
  const [query, setQuery] = useState("");
  const [pointed, setPointed] = useState(false);
  const catalogue = manifest && catalogueOf(manifest);
  const kinds = useMemo(() => [...KINDS, "other"].filter((kind) => entries.some((entry) => entry.kind === kind)), [entries]);
  const rows = useMemo(
    () => (catalogue ? entries.filter((entry) => !hidden.has(entry.kind) && !muted.has(entry.data.finding) && fits(entry, query, catalogue)) : []),
    [entries, hidden, muted, query, catalogue],
  );
  if (!entries.length) return <p class="alarms-said">{text("alarms.empty", language)}</p>;
  const t = store.t.value;
  const last = lastBegun(rows, t);
  const turn = (kind) => setHidden((before) => (before.has(kind) ? new Set([...before].filter((one) => one !== kind)) : new Set([...before, kind])));
  return (
    <div class="alarms-panel" onPointerEnter={() => setPointed(true)} onPointerLeave={() => setPointed(false)}>
      <div class="alarms-bar">
        <input
          type="search"
          value={query}
          placeholder={text("alarms.search", language)}
          aria-label={text("alarms.search", language)}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <div class="alarms-kinds">
          {kinds.map((kind) => (
            <button key={kind} type="button" class="alarms-kind" data-kind={kind} aria-pressed={!hidden.has(kind)} onClick={() => turn(kind)}>
              <i />
              {text(`alarms.kind.${kind}`, language)}
            </button>
          ))}
        </div>
        {!hidden.has("data") && <Findings store={store} entries={entries} language={language} />}
      </div>
      {rows.length === 0 && <p class="alarms-said">{text("alarms.none", language)}</p>}
      <LongList rows={rows} height={ROW_PX} label={text("panel.alarms", language)} reveal={pointed || last < 0 ? null : last}>
        {(entry) => <Line player={player} entry={entry} catalogue={catalogue} now={holdsAt(entry, t)} past={entry.start <= t} language={language} />}
      </LongList>
    </div>
  );
}

/** The kinds of findings, each with how many there are; one that is not wanted is gone from the timeline too. */
function Findings({ store, entries, language }) {
  const counts = useMemo(() => {
    const found = new Map();
    for (const { kind, data } of entries) if (kind === "data") found.set(data.finding, (found.get(data.finding) ?? 0) + 1);
    return [...found];
  }, [entries]);
  if (!counts.length) return null;
  const muted = store.muted.value;
  const turn = (kind) => (store.muted.value = new Set(muted.has(kind) ? [...muted].filter((one) => one !== kind) : [...muted, kind]));
  return (
    <div class="alarms-kinds" role="group" aria-label={text("alarms.findings", language)}>
      {counts.map(([kind, count]) => (
        <button
          key={kind}
          type="button"
          class="alarms-kind"
          data-kind="data"
          data-family={FAMILIES[familyOf(kind)].name}
          aria-pressed={!muted.has(kind)}
          title={text(`data.${kind}.means`, language)}
          onClick={() => turn(kind)}
        >
          <i />
          {text(`data.${kind}`, language)} <b>{count}</b>
        </button>
      ))}
    </div>
  );
}

function Line({ player, entry, catalogue, now, past, language }) {
  return (
    <button
      type="button"
      class={`alarms-line ${past ? "past" : ""} ${now ? "now" : ""}`}
      aria-current={now ? "true" : undefined}
      title={text("alarms.go", language)}
      onClick={() => player.seek(entry.start)}
    >
      <time>{player.timeText(entry.start)}</time>
      <i class="alarms-mark" data-kind={entry.kind} data-class={entry.class} data-family={entry.kind === "data" ? FAMILIES[familyOf(entry.data.finding)].name : undefined} />
      <span class="alarms-what">
        <span>
          {entry.class && <b class="alarms-class" data-class={entry.class}>{entry.class}</b>}
          {entryText(entry, catalogue, language)}
        </span>
        {placeOf(entry) && <code>{placeOf(entry)}</code>}
      </span>
      <small>{lastedText(entry, language)}</small>
    </button>
  );
}

function fits(entry, query, catalogue) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  const texts = LANGUAGES.flatMap((language) => [entryText(entry, catalogue, language), text(`alarms.kind.${entry.kind}`, language)]);
  const { subject, tags = [] } = entry.data;
  const named = [subject, ...tags.map((tag) => `${subject}/${tag}`)].flatMap((source) => Object.values(catalogue.sources.get(source)?.text ?? {}));
  const all = [entry.name, placeOf(entry), entry.class, entry.message, ...texts, ...named].join(" ").toLowerCase();
  return words.every((word) => all.includes(word));
}
