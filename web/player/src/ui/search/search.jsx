// A condition, where it holds, and the way from hit to hit; names of signals are offered while one types.

import { useMemo, useRef, useState } from "preact/hooks";
import { catalogueOf } from "../../catalogue.js";
import { signalText, tagOf, text } from "../../texts.js";
import { Button } from "../icons.jsx";
import { LongList } from "../list.jsx";
import { completed, offered } from "./complete.js";
import "../compare/compare.css";
import "./search.css";

const ROW_PX = 36;

export function SearchPanel({ player }) {
  const { store } = player;
  const manifest = store.manifest.value;
  const language = store.language.value;
  const searched = store.searched.value;
  const field = useRef(null);
  const [typed, setTyped] = useState({ value: searched?.condition ?? "", at: 0 });
  const [chosen, setChosen] = useState(0);
  const catalogue = manifest && catalogueOf(manifest);
  const offers = useMemo(() => (catalogue ? offered(typed.value, typed.at, [...catalogue.signals.values()]) : []), [typed, catalogue]);
  const type = (element) => {
    setTyped({ value: element.value, at: element.selectionStart });
    setChosen(0);
  };
  const take = (signal) => {
    const { value, at } = completed(typed.value, typed.at, signal.name);
    setTyped({ value, at: -1 });
    field.current.value = value;
    field.current.focus();
    field.current.setSelectionRange(at, at);
  };
  const ask = () => {
    setTyped({ ...typed, at: -1 });
    player.search(typed.value);
  };
  const onKeyDown = (event) => {
    if (event.key === "Enter") ask();
    else if (offers.length && event.key === "Tab") take(offers[chosen]);
    else if (offers.length && event.key === "ArrowDown") setChosen((chosen + 1) % offers.length);
    else if (offers.length && event.key === "ArrowUp") setChosen((chosen + offers.length - 1) % offers.length);
    else if (offers.length && event.key === "Escape") setTyped({ ...typed, at: -1 });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="search-panel">
      <div class="search-bar">
        <input
          ref={field}
          type="search"
          spellcheck={false}
          autocomplete="off"
          value={typed.value}
          placeholder={text("search.example", language)}
          aria-label={text("search.label", language)}
          onInput={(event) => type(event.currentTarget)}
          onKeyDown={onKeyDown}
        />
        <Button icon="search" label={text("search.go", language)} onClick={ask} />
        {offers.length > 0 && (
          <div class="search-offers" role="listbox" aria-label={text("search.signals", language)}>
            {offers.map((signal, i) => (
              <button key={signal.name} type="button" role="option" aria-selected={i === chosen} class="search-offer" onClick={() => take(signal)}>
                <code>{signal.name}</code>
                <small>{[signalText(signal, "", language), tagOf(signal)].filter(Boolean).join(" · ")}</small>
              </button>
            ))}
          </div>
        )}
      </div>
      {!searched && <p class="compare-said">{text("search.help", language)}</p>}
      {searched && <Found player={player} searched={searched} language={language} />}
    </div>
  );
}

function Found({ player, searched, language }) {
  const t = player.store.t.value;
  if (searched.state === "working") return <p class="compare-said" aria-live="polite">{text("search.working", language)}</p>;
  if (searched.state === "failed") return <p class="compare-said search-wrong" role="alert">{searched.error}</p>;
  const { hits, count, unknown_s: unknown } = searched;
  const now = hits.findLastIndex(({ start }) => start <= t);
  return (
    <>
      <div class="search-count" aria-live="polite">
        <b>{count ? `${now + 1}/${count} ${text("search.hits", language)}` : text("search.none", language)}</b>
        {unknown > 0 && <small>{`${text("search.unknown", language)} ${unknown.toFixed(1)} s`}</small>}
        <span class="spacer" />
        <Button icon="previous" label={text("search.previous", language)} onClick={() => player.jumpHit(-1)} />
        <Button icon="next" label={text("search.next", language)} onClick={() => player.jumpHit(1)} />
        <Button icon="close" label={text("search.clear", language)} onClick={() => player.search("")} />
      </div>
      <LongList rows={hits} height={ROW_PX} label={text("search.hits", language)} reveal={now < 0 ? null : now}>
        {(hit) => (
          <button type="button" class={`search-line ${hit === hits[now] ? "now" : ""}`} onClick={() => player.seek(hit.start)}>
            <time>{player.timeText(hit.start)}</time>
            <span>{hit.end - hit.start <= 1 ? text("search.instant", language) : `${((hit.end - hit.start) / 1e9).toFixed(2)} s`}</span>
          </button>
        )}
      </LongList>
    </>
  );
}
