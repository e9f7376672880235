// Every signal of the record as a tree that can be searched.

import { useEffect, useMemo, useState } from "preact/hooks";
import { catalogueOf, rowsOf } from "../../catalogue.js";
import { areaText } from "../../parts.js";
import { text } from "../../texts.js";
import { Button } from "../icons.jsx";
import { LongList } from "../list.jsx";
import { SignalRow } from "./row.jsx";
import "./signals.css";

const ROW_PX = 50;

export function SignalsPanel({ player }) {
  const { store } = player;
  const manifest = store.manifest.value;
  const language = store.language.value;
  if (!manifest) return <div class="signals" />;
  const catalogue = catalogueOf(manifest);
  if (!catalogue.signals.size) return <p class="signals-said">{text("signals.empty", language)}</p>;
  return <Tree key={manifest.id} player={player} catalogue={catalogue} language={language} />;
}

function Tree({ player, catalogue, language }) {
  const { store, signals } = player;
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(() => new Set(catalogue.areas.keys()));
  const [onlyPlotted, setOnlyPlotted] = useState(false);
  const only = onlyPlotted ? new Set(store.plotted.value) : null;
  const rows = useMemo(() => rowsOf(catalogue, { query, open, only }), [catalogue, query, open, onlyPlotted && store.plotted.value]);
  const [shown, setShown] = useState([]);
  const names = shown.filter((row) => row.kind === "signal").flatMap(({ key }) => [key, catalogue.truths.get(key) ?? []].flat());
  useEffect(() => signals.watch(names), [names.join()]);
  const turn = (key) => setOpen((before) => (before.has(key) ? new Set([...before].filter((one) => one !== key)) : new Set([...before, key])));
  const found = rows.reduce((sum, row) => sum + (row.kind === "area" ? row.count : 0), 0);
  return (
    <div class="signals">
      <div class="signals-bar">
        <input
          type="search"
          value={query}
          placeholder={text("signals.search", language)}
          aria-label={text("signals.search", language)}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <Button icon="plots" label={text("signals.only", language)} pressed={onlyPlotted} onClick={() => setOnlyPlotted(!onlyPlotted)} />
        <Button icon="fold" label={text("signals.close", language)} onClick={() => setOpen(new Set())} />
      </div>
      {query && found > 0 && (
        <p class="signals-found" role="status">
          {found} {text("signals.found", language)}
        </p>
      )}
      {rows.length === 0 && <p class="signals-said">{text("signals.none", language)}</p>}
      <LongList rows={rows} height={ROW_PX} label={text("panel.signals", language)} onShown={setShown}>
        {(row) =>
          row.kind === "signal" ? (
            <SignalRow player={player} catalogue={catalogue} signal={row.signal} />
          ) : (
            <Heading row={row} language={language} onClick={() => turn(row.key)} />
          )
        }
      </LongList>
    </div>
  );
}

function Heading({ row, language, onClick }) {
  const { device } = row;
  const words = device ? device.text?.[language] : areaText(row.key, language);
  return (
    <button type="button" class={`signals-heading ${row.kind}`} aria-expanded={row.open} onClick={onClick}>
      <span class="signals-arrow" aria-hidden="true" />
      <span class="signals-text">{words ?? row.key}</span>
      {words !== undefined && words !== row.key && <code>{row.key}</code>}
      <small>{row.count}</small>
    </button>
  );
}
