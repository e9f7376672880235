// The parts of the picture by area: hide, see through, look at, select.

import { areaText, byArea, partText } from "../../parts.js";
import { text } from "../../texts.js";
import { Button } from "../icons.jsx";
import "./parts.css";

export function Parts({ player }) {
  const { store } = player;
  const language = store.language.value;
  const areas = byArea(store.parts.value);
  if (!areas.length) return <p class="parts-none">{text("parts.none", language)}</p>;
  const changed = store.hidden.value.size + store.ghosted.value.size > 0;
  return (
    <div class="parts">
      <div class="parts-tools">
        <button type="button" class="button text" disabled={!changed} onClick={() => player.tools.showAll()}>
          {text("parts.all", language)}
        </button>
      </div>
      <ul class="parts-tree" aria-label={text("parts.tree", language)}>
        {areas.map(({ area, parts }) => (
          <Area key={area} player={player} area={area} parts={parts} />
        ))}
      </ul>
    </div>
  );
}

function Area({ player, area, parts }) {
  const language = player.store.language.value;
  const name = areaText(area, language);
  return (
    <li>
      <details open>
        <summary>
          <span class="parts-name">{name}</span>
          <Switches player={player} ids={parts.map(({ id }) => id)} name={name} />
        </summary>
        <ul>
          {parts.map((part) => (
            <Row key={part.id} player={player} part={part} />
          ))}
        </ul>
      </details>
    </li>
  );
}

function Row({ player, part }) {
  const { store } = player;
  const language = store.language.value;
  const name = partText(part, language);
  const selected = store.selection.value?.part === part.id;
  return (
    <li class={`parts-row ${selected ? "selected" : ""}`}>
      <button
        type="button"
        class="parts-name"
        aria-pressed={selected}
        title={part.id}
        onClick={() => player.select(selected ? null : part)}
        onDblClick={() => player.focus(part.id)}
      >
        {name}
      </button>
      <Button icon="focus" label={`${text("parts.focus", language)}: ${name}`} onClick={() => player.focus(part.id)} />
      <Switches player={player} ids={[part.id]} name={name} />
    </li>
  );
}

/** Whether parts are drawn, and whether see-through. */
function Switches({ player, ids, name }) {
  const { store } = player;
  const language = store.language.value;
  const hidden = ids.every((id) => store.hidden.value.has(id));
  const ghosted = ids.every((id) => store.ghosted.value.has(id));
  const flip = (choice) => (event) => {
    event.preventDefault(); // within a summary: it stays open
    player.tools.flip(choice, ids);
  };
  return (
    <span class="parts-switches">
      <Button
        icon="ghost"
        className={ghosted ? "on" : ""}
        pressed={ghosted}
        label={`${text(ghosted ? "parts.solid" : "parts.ghost", language)}: ${name}`}
        onClick={flip("ghosted")}
      />
      <Button
        icon={hidden ? "eye_off" : "eye"}
        className={hidden ? "off" : ""}
        pressed={hidden}
        label={`${text(hidden ? "parts.show" : "parts.hide", language)}: ${name}`}
        onClick={flip("hidden")}
      />
    </span>
  );
}
