// The tools over the picture: cameras, follow, measure, section, save.

import { text } from "../../texts.js";
import { isFollowing } from "../../tools.js";
import { Button, Icon } from "../icons.jsx";
import { MeasureBox } from "./measure.jsx";
import { SectionBox } from "./section.jsx";
import "./tools.css";

export function ToolBar({ player }) {
  const { store, tools } = player;
  const language = store.language.value;
  if (store.stage.value !== "ready" || !store.webgl.value) return null;
  return (
    <div class="tools">
      <Views player={player} />
      <div class="views" role="toolbar" aria-label={text("tools", language)}>
        <Follow player={player} />
        <ToolButton player={player} id="measure" cap="M" />
        <ToolButton player={player} id="section" cap="C" />
        <Button icon="save" label={`${text("tool.save", language)} (S)`} onClick={() => tools.savePicture()} />
      </div>
      {store.tool.value === "measure" && <MeasureBox player={player} />}
      {store.section.value && <SectionBox player={player} />}
    </div>
  );
}

/** The cameras: buttons, or one list where the picture is narrow (tools.css). */
function Views({ player }) {
  const { store } = player;
  const language = store.language.value;
  const views = store.views.value.filter((view) => !isFollowing(view));
  const label = text("keys.group.camera", language);
  if (!views.length) return null;
  return (
    <nav class="views" aria-label={label}>
      {views.map((view, i) => (
        <Button key={view} className="text views-wide" label={`${text(`view.${view}`, language)} (${i + 1})`} onClick={() => player.look(view)}>
          {text(`view.${view}`, language)}
        </Button>
      ))}
      <select class="views-narrow" aria-label={label} value="" onChange={(event) => player.look(event.currentTarget.value)}>
        <option value="" disabled>
          {label}
        </option>
        {views.map((view) => (
          <option key={view} value={view}>
            {text(`view.${view}`, language)}
          </option>
        ))}
      </select>
    </nav>
  );
}

/** What the camera goes along with. */
function Follow({ player }) {
  const { store } = player;
  const language = store.language.value;
  const followed = store.followed.value;
  return (
    <label class={`views-follow ${followed ? "on" : ""}`} title={`${text("tool.follow", language)} (F)`}>
      <Icon name="follow" />
      <select
        aria-label={text("tool.follow", language)}
        value={followed ?? ""}
        onChange={(event) => player.tools.follow(event.currentTarget.value || null)}
      >
        <option value="">{text("follow.nothing", language)}</option>
        {store.views.value.filter(isFollowing).map((view) => (
          <option key={view} value={view}>
            {text(`view.${view}`, language)}
          </option>
        ))}
        {(store.selection.value || followed === "selected") && <option value="selected">{text("follow.selected", language)}</option>}
      </select>
    </label>
  );
}

function ToolButton({ player, id, cap }) {
  const { store, tools } = player;
  const on = store.tool.value === id;
  return (
    <Button
      icon={id}
      label={`${text(`tool.${id}`, store.language.value)} (${cap})`}
      pressed={on}
      className={on ? "on" : ""}
      onClick={() => tools.toggle(id)}
    />
  );
}
