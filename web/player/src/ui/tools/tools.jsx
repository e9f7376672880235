// The tools over the picture: cameras, follow, measure, section, save.

import { text } from "../../texts.js";
import { Button } from "../icons.jsx";
import { MeasureBox } from "./measure.jsx";
import { SectionBox } from "./section.jsx";
import "./tools.css";

export function ToolBar({ player }) {
  const { store, tools } = player;
  const language = store.language.value;
  if (store.stage.value !== "ready" || !store.webgl.value) return null;
  const views = store.views.value;
  const tool = (id) => (
    <Button
      icon={id}
      label={`${text(`tool.${id}`, language)} (${id === "measure" ? "M" : "C"})`}
      pressed={store.tool.value === id}
      className={store.tool.value === id ? "on" : ""}
      onClick={() => tools.toggle(id)}
    />
  );
  return (
    <div class="tools">
      <nav class="views" aria-label={text("keys.group.camera", language)}>
        {views.map((view, i) => (
          <Button key={view} className="text" label={`${text(`view.${view}`, language)} (${i + 1})`} onClick={() => player.look(view)}>
            {text(`view.${view}`, language)}
          </Button>
        ))}
      </nav>
      <div class="views" role="toolbar" aria-label={text("tools", language)}>
        <Button
          icon="follow"
          label={`${text("tool.follow", language)} (F)`}
          pressed={store.followed.value !== null}
          className={store.followed.value !== null ? "on" : ""}
          onClick={() => tools.follow()}
        />
        {tool("measure")}
        {tool("section")}
        <Button icon="save" label={`${text("tool.save", language)} (S)`} onClick={() => tools.savePicture()} />
      </div>
      {store.tool.value === "measure" && <MeasureBox player={player} />}
      {store.section.value && <SectionBox player={player} />}
    </div>
  );
}
