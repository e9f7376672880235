// The page of keys, made from the table that handles them.

import { KEYS, wordOf } from "../../keys.js";
import { text } from "../../texts.js";
import { Button } from "../icons.jsx";

const CAPS = { " ": "␣", ArrowLeft: "←", ArrowRight: "→", Escape: "⎋ Esc", Home: "⇱ Home", End: "⇲ End" };

/** A key as it is printed: its sign first where named keys have one, in all languages alike. */
function caps(key) {
  const parts = key.startsWith("Shift+") ? ["⇧", key.slice(6)] : [key];
  return parts.map((part) => CAPS[part] ?? part.toUpperCase());
}

export function KeysPage({ player, dialog }) {
  const { store } = player;
  const language = store.language.value;
  return (
    <dialog class="keys" ref={dialog} aria-label={text("keys.title", language)} onClick={(event) => event.target === dialog.current && dialog.current.close()}>
      <header>
        <h2>{text("keys.title", language)}</h2>
        <p>{text("keys.hint", language)}</p>
        <Button label={text("keys.close", language)} onClick={() => dialog.current.close()}>
          ×
        </Button>
      </header>
      <div class="keys-groups">
        {KEYS.map(({ group, entries }) => (
          <section key={group}>
            <h3>{text(`keys.group.${group}`, language)}</h3>
            <dl>
              {entries
                .map((entry) => [entry, wordOf(entry, store)])
                .filter(([, word]) => word)
                .map(([entry, word]) => (
                  <div key={entry.id} data-key={entry.id}>
                    <dt>
                      {caps(entry.keys[0]).map((cap) => (
                        <kbd key={cap}>{cap}</kbd>
                      ))}
                    </dt>
                    <dd>{text(word, language)}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}
