// Notes on this log, at an instant or over the loop; and the link to what is looked at.

import { useState } from "preact/hooks";
import { text } from "../../texts.js";
import { Button } from "../icons.jsx";
import { LongList } from "../list.jsx";
import "../compare/compare.css";
import "../search/search.css";
import "./notes.css";

const ROW_PX = 52;

export function NotesPanel({ player }) {
  const { store } = player;
  const language = store.language.value;
  const [typed, setTyped] = useState("");
  const [copied, setCopied] = useState(false);
  const loop = store.loop.value?.to != null ? store.loop.value : null;
  const rows = store.notes.value.map((note) => ({ key: note.id, ...note }));
  const add = async () => {
    if (!typed.trim()) return;
    const t = Math.round(store.t.value);
    await player.putNote({ text: typed.trim(), start_ns: Math.round(loop?.from ?? t), end_ns: Math.round(loop?.to ?? t) });
    if (!store.notesError.value) setTyped("");
  };
  const copy = async () => {
    await navigator.clipboard?.writeText(player.link());
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <div class="search-panel">
      <div class="search-bar notes-bar">
        <textarea
          rows={2}
          value={typed}
          placeholder={text("notes.text", language)}
          aria-label={text("notes.text", language)}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <div class="notes-do">
          <small>{loop ? `${text("notes.over", language)} ${player.timeText(loop.from)}–${player.timeText(loop.to)}` : `${text("notes.at", language)} ${player.timeText(store.t.value)}`}</small>
          <span class="spacer" />
          <Button icon="link" label={copied ? text("notes.copied", language) : text("notes.link", language)} pressed={copied} onClick={copy} />
          <Button icon="plus" label={text("notes.add", language)} onClick={add} />
        </div>
      </div>
      {store.notesError.value && <p class="compare-said search-wrong" role="alert">{store.notesError.value}</p>}
      {!rows.length && !store.notesError.value && <p class="compare-said">{text("notes.none", language)}</p>}
      <LongList rows={rows} height={ROW_PX} label={text("panel.notes", language)}>
        {(note) => (
          <div class="notes-row">
            <button type="button" class="search-line" title={note.text} onClick={() => player.seek(note.start_ns)}>
              <time>
                {player.timeText(note.start_ns)}
                {note.end_ns > note.start_ns && <small>–{player.timeText(note.end_ns)}</small>}
              </time>
              <span class="notes-text">{note.text}</span>
            </button>
            <Button icon="close" label={text("notes.remove", language)} onClick={() => player.removeNote(note.id)} />
          </div>
        )}
      </LongList>
    </div>
  );
}
