// Top of the page: what is shown, and what kind of thing it is. The badge is never out of sight.

import { badgeOf } from "../store.js";
import { nameText, text } from "../texts.js";
import { Help } from "./help/help.jsx";
import { Button } from "./icons.jsx";

export function Header({ player }) {
  const { store } = player;
  const language = store.language.value;
  const manifest = store.manifest.value;
  return (
    <header class="header">
      <div class="brand">
        <Mark />
        <b>SwapTwin</b>
      </div>
      <Logs player={player} />
      {manifest && <Badge kind={badgeOf(manifest, store.growing.value)} language={language} />}
      {manifest?.metadata?.estimated_geometry === "true" && (
        <span class="chip" title={text("badge.estimated.title", language)}>
          {text("badge.estimated", language)}
        </span>
      )}
      {manifest?.excerpt && (
        <button type="button" class="chip excerpt" title={text("about.open", language)} onClick={() => player.dock.open("about")}>
          {text("about.chip", language)} {player.timeText(manifest.start_ns)} – {player.timeText(manifest.end_ns)}
        </button>
      )}
      <Status store={store} />
      <div class="spacer" />
      <Button className="text" label={text("action.language.title", language)} onClick={() => switchLanguage(store)}>
        {text("action.language", language)}
      </Button>
      <Button icon="sun" label={text("action.theme", language)} onClick={() => switchTheme(store)} />
      <Help player={player} />
    </header>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0f5c7a" />
      <path
        d="M7 12h13l-3-3m8 11H12l3 3"
        fill="none"
        stroke="#fff"
        stroke-width="3"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

function Logs({ player }) {
  const { store } = player;
  const logs = store.logs.value;
  if (logs.length < 2) return <span class="title">{store.manifest.value?.title ?? logs[0]?.title ?? ""}</span>;
  return (
    <select
      class="select"
      aria-label={text("action.log", store.language.value)}
      value={store.manifest.value?.id ?? player.id}
      onChange={(event) => player.open(event.currentTarget.value)}
    >
      {logs.map((log) => (
        <option key={log.id} value={log.id}>
          {log.title}
        </option>
      ))}
    </select>
  );
}

function Badge({ kind, language }) {
  return (
    <span class={`badge ${kind}`} data-kind={kind}>
      <i />
      {text(`badge.${kind}`, language)}
    </span>
  );
}

function Status({ store }) {
  const language = store.language.value;
  const shown = store.shown.value;
  const labels = labelsOf(store.manifest.value);
  const entries = [
    ["status.phase", "station.unit.seq_phase"],
    ["status.state", "station.unit.seq_state"],
    ["status.mode", "station.unit.seq_mode"],
  ].filter(([, name]) => name in shown);
  return (
    <dl class="status">
      {entries.map(([key, name]) => {
        const label = labels[name]?.[String(shown[name])];
        return (
          <div key={key}>
            <dt>{text(key, language)}</dt>
            <dd>{!label || label === "none" ? text("status.none", language) : nameText(label, language)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

function labelsOf(manifest) {
  const all = Object.values(manifest?.tables ?? {}).flat();
  return Object.fromEntries(all.filter((signal) => signal.labels).map((signal) => [signal.name, signal.labels]));
}

function switchLanguage(store) {
  store.language.value = store.language.value === "en" ? "zh" : "en";
}

function switchTheme(store) {
  store.theme.value = store.theme.value === "light" ? "dark" : "light";
}
