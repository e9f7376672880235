// What a page that holds its own data was cut from, and what is not in it.

import { useState } from "preact/hooks";
import { badgeOf } from "../../store.js";
import { text } from "../../texts.js";
import "./about.css";

export function AboutPanel({ player }) {
  const { store } = player;
  const language = store.language.value;
  const manifest = store.manifest.value;
  if (!manifest?.excerpt) return null;
  const say = (key) => text(`about.${key}`, language);
  return (
    <div class="about">
      <h2>{manifest.title}</h2>
      <p>{say("what")}</p>
      <dl>
        {rowsOf(player, manifest, say, language).map(([key, value]) => (
          <div key={key}>
            <dt>{say(key)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Licences player={player} title={say("licences")} />
    </div>
  );
}

function rowsOf(player, manifest, say, language) {
  const { excerpt, metadata } = manifest;
  const at = (t) => player.timeText(t);
  const badge = text(`badge.${badgeOf(manifest, false)}`, language);
  return [
    ["log", `${excerpt.log} · ${badge}`],
    ["stretch", `${at(manifest.start_ns)} – ${at(manifest.end_ns)} ${say("of")} ${at(excerpt.log_start_ns)} – ${at(excerpt.log_end_ns)}`],
    metadata.station && ["station", metadata.station],
    ["geometry", geometryOf(manifest, say, language)],
    ["signals", `${excerpt.signals} / ${excerpt.signals_of_log}, ${say(`signals.${excerpt.signals + excerpt.private < excerpt.signals_of_log ? "some" : "all"}`)}`],
    manifest.counts.poses > 0 && ["poses", say("poses.text").replace("{ms}", excerpt.pose_step_ns / 1e6)],
    ["private", excerpt.private ? say("private.some").replace("{n}", excerpt.private) : say("private.none")],
    ["digest", excerpt.sha256 ? <code>{excerpt.sha256}</code> : say("digest.none")],
    ["version", `SwapTwin ${excerpt.version}`],
  ].filter(Boolean);
}

function geometryOf({ metadata, models }, say, language) {
  if (!models.length) return say("geometry.none");
  if (metadata.estimated_geometry === "true") return text("badge.estimated.title", language);
  return say("geometry.unsaid");
}

/** Long and seldom read: unpacked when somebody asks. */
function Licences({ player, title }) {
  const [words, setWords] = useState("");
  const show = (event) => event.currentTarget.open && player.source.text("notices").then(setWords, (error) => player.fail(error));
  return (
    <details onToggle={show}>
      <summary>{title}</summary>
      <pre lang="en">{words}</pre>
    </details>
  );
}
