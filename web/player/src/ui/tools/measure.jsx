// What has been measured, and what to click next.

import { text } from "../../texts.js";
import { Button } from "../icons.jsx";

const millimetres = (metres) => `${(metres * 1000).toFixed(0)} mm`;

export function MeasureBox({ player }) {
  const { measure } = player.tools;
  const language = player.store.language.value;
  const points = measure.points.value;
  const between = measure.between.value;
  const shortest = measure.shortest.value;
  return (
    <section class="tool-box" aria-label={text("tool.measure", language)} aria-live="polite">
      <header>
        <b>{text("tool.measure", language)}</b>
        <Button label={text("tool.close", language)} onClick={() => player.tools.putAway()}>
          ×
        </Button>
      </header>
      {points.length < 2 && <p>{text(points.length ? "measure.second" : "measure.first", language)}</p>}
      {points.length === 2 && (
        <dl>
          <dt>{text("measure.points", language)}</dt>
          <dd class="measure-points">{between ? millimetres(between.metres) : text("measure.gone", language)}</dd>
          <dt>{text("measure.parts", language)}</dt>
          <dd class="measure-parts">
            {measure.sameParts.value ? text("measure.same", language) : shortest ? millimetres(shortest.metres) : shortest === null ? text("measure.gone", language) : "…"}
          </dd>
        </dl>
      )}
      {points.length === 2 && (
        <button type="button" class="button text" onClick={() => measure.clear()}>
          {text("measure.again", language)}
        </button>
      )}
      <small>{text("measure.note", language)}</small>
    </section>
  );
}
