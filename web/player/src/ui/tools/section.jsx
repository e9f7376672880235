// The plane that cuts the picture open: across which axis, and where.

import { text } from "../../texts.js";
import { Button } from "../icons.jsx";

export function SectionBox({ player }) {
  const { store, tools } = player;
  const language = store.language.value;
  const { axis, at } = store.section.value;
  const k = "xyz".indexOf(axis);
  const bounds = player.stage.bounds() ?? [-1, 1, -1, 1, -1, 1];
  return (
    <section class="tool-box" aria-label={text("tool.section", language)}>
      <header>
        <b>{text("tool.section", language)}</b>
        <Button label={text("tool.close", language)} onClick={() => tools.putAway()}>
          ×
        </Button>
      </header>
      <div class="section-axes" role="group" aria-label={text("section.axis", language)}>
        {["x", "y", "z"].map((one) => (
          <Button key={one} className={`text ${one === axis ? "on" : ""}`} pressed={one === axis} label={text(`section.${one}`, language)} onClick={() => tools.cut(one)}>
            {text(`section.${one}`, language)}
          </Button>
        ))}
      </div>
      <label class="section-at">
        <input
          type="range"
          min={bounds[2 * k]}
          max={bounds[2 * k + 1]}
          step="0.01"
          value={at}
          aria-label={text("section.at", language)}
          onInput={(event) => (store.section.value = { axis, at: Number(event.currentTarget.value) })}
        />
        <output>{at.toFixed(2)} m</output>
      </label>
    </section>
  );
}
