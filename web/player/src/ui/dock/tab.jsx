// A panel's tab: its title, and a way to close it.

import { text } from "../../texts.js";

export function Tab({ dock, id }) {
  const language = dock.player.store.language.value;
  const title = text(`panel.${id}`, language);
  const close = `${text("panels.close", language)}: ${title}`;
  return (
    <div class="dock-tab">
      <span>{title}</span>
      <button
        type="button"
        class="dock-close"
        title={close}
        aria-label={close}
        onPointerDown={(event) => event.stopPropagation()}
        onClick={() => dock.close(id)}
      >
        ×
      </button>
    </div>
  );
}
