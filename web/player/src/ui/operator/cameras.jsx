// What the station's cameras see, each anew every few seconds; a touch turns the picture there.

import { useEffect, useRef } from "preact/hooks";
import { hasText, text } from "../../texts.js";

const PERIOD_MS = 500;
/** Drawing them takes no more than one part in so many of the page's time. */
const SHARE = 10;

export function Cameras({ player, panel, language }) {
  const { store } = player;
  const offered = store.views.value;
  const cameras = (panel.cameras ?? []).filter((view) => offered.includes(view) && hasText(`view.${view}`));
  const places = useRef(new Map());
  useEffect(() => {
    let turn = 0;
    let timer = null;
    const next = () => {
      const began = performance.now();
      const view = cameras[turn++ % cameras.length];
      const canvas = places.current.get(view);
      if (canvas && !document.hidden && store.stage.value === "ready") player.stage?.snapshot(view, canvas);
      const took = performance.now() - began;
      timer = setTimeout(next, Math.max(PERIOD_MS, SHARE * took));
    };
    if (cameras.length) next();
    return () => clearTimeout(timer);
  }, [cameras.join()]);
  if (!cameras.length) return null;
  return (
    <fieldset class="operator-group">
      <legend>{text("operator.cameras", language)}</legend>
      <div class="operator-cameras">
        {cameras.map((view) => (
          <button key={view} type="button" data-view={view} onClick={() => player.look(view)}>
            <canvas width="320" height="200" ref={(canvas) => canvas && places.current.set(view, canvas)} />
            <span>{text(`view.${view}`, language)}</span>
          </button>
        ))}
      </div>
    </fieldset>
  );
}
