// The slim bar beside the picture: a button for each panel.

import { text } from "../../texts.js";
import { Icon } from "../icons.jsx";
import { PANELS } from "../panels.js";

export function Bar({ player }) {
  const { store, dock } = player;
  const language = store.language.value;
  return (
    <nav class="bar" aria-label={text("panels.bar", language)}>
      {PANELS.filter(({ when }) => !when || when(store)).map(({ id }) => (
        <button
          key={id}
          type="button"
          class="bar-button"
          aria-pressed={store.panels.value.includes(id)}
          onClick={() => dock.toggle(id)}
        >
          <Icon name={id} />
          <span>{text(`panel.${id}`, language)}</span>
        </button>
      ))}
      <div class="spacer" />
      {store.panels.value.length > 0 && (
        <button type="button" class="bar-button" onClick={() => dock.reset()}>
          <Icon name="reset" />
          <span>{text("panels.reset", language)}</span>
        </button>
      )}
    </nav>
  );
}
