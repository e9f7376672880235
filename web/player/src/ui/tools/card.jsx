// Beside the selected part in the picture: what it is, and what can be done with it.

import { useEffect, useRef } from "preact/hooks";
import { anchored, standing } from "../../anchor.js";
import { areaText, partText } from "../../parts.js";
import { text } from "../../texts.js";
import { Button } from "../icons.jsx";
import { PANELS } from "../panels.js";

const ASIDE_PX = 18;

export function PartCard({ player }) {
  const { store, tools, stage } = player;
  const place = useRef(null);
  const selection = store.selection.value;
  const part = store.parts.value.find(({ id }) => id === selection?.part);
  useEffect(() => (part && stage ? goAlong(place.current, stage, anchorOf(stage, selection)) : undefined), [selection, part]);
  if (!part || !stage) return null;
  const language = store.language.value;
  const hidden = store.hidden.value.has(part.id);
  const ghosted = store.ghosted.value.has(part.id);
  const details = PANELS.some(({ id }) => id === "inspector");
  return (
    <aside class="card" ref={place} aria-label={text("card.title", language)}>
      <header>
        <span>
          <b>{partText(part, language)}</b>
          <small>{areaText(part.area, language)}</small>
        </span>
        <Button label={text("card.close", language)} onClick={() => player.select(null)}>
          ×
        </Button>
      </header>
      <div class="card-tools">
        <Button icon="focus" label={`${text("parts.focus", language)} (Z)`} onClick={() => tools.focus()} />
        <Button
          icon="ghost"
          className={ghosted ? "on" : ""}
          pressed={ghosted}
          label={`${text(ghosted ? "parts.solid" : "parts.ghost", language)} (X)`}
          onClick={() => tools.flip("ghosted", [part.id])}
        />
        <Button
          icon={hidden ? "eye_off" : "eye"}
          className={hidden ? "on" : ""}
          pressed={hidden}
          label={`${text(hidden ? "parts.show" : "parts.hide", language)} (H)`}
          onClick={() => tools.flip("hidden", [part.id])}
        />
        {details && (
          <Button icon="inspector" label={text("card.more", language)} onClick={() => player.dock.open("inspector")} />
        )}
      </div>
    </aside>
  );
}

/** Where the part was clicked, else its middle. */
function anchorOf(stage, { part, point }) {
  if (point) return anchored(stage, { part, point });
  const bounds = stage.bounds(part);
  return bounds && anchored(stage, { part, point: [0, 1, 2].map((k) => (bounds[2 * k] + bounds[2 * k + 1]) / 2) });
}

/** Keep an element beside a point of a part, within the picture; returns the way to stop. */
function goAlong(element, stage, anchor) {
  let request = 0;
  const step = () => {
    request = requestAnimationFrame(step);
    const point = anchor && standing(stage, anchor);
    const seen = point && stage.project(point);
    element.style.visibility = seen ? "visible" : "hidden";
    if (!seen) return;
    const { clientWidth, clientHeight } = stage.container;
    const x = Math.min(Math.max(seen.x + ASIDE_PX, 8), clientWidth - element.offsetWidth - 8);
    const y = Math.min(Math.max(seen.y - element.offsetHeight - ASIDE_PX, 60), clientHeight - element.offsetHeight - 8);
    element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  };
  step();
  return () => cancelAnimationFrame(request);
}
