// The page's layout: header, picture, timeline, transport; and what must be said over the picture.

import { useEffect, useRef } from "preact/hooks";
import { activeAt, lanesOf } from "../lanes.js";
import { signalText, text } from "../texts.js";
import { Stage } from "../scene/stage.js";
import { ConnectionBanner } from "./connection/connection.jsx";
import { Legend } from "./legend/legend.jsx";
import { Header } from "./header.jsx";
import { Button } from "./icons.jsx";
import { Timeline } from "./timeline.jsx";
import { Transport } from "./transport.jsx";

export function App({ player }) {
  const { store } = player;
  return (
    <div class={`swaptwin ${store.theme.value}`} lang={store.language.value === "zh" ? "zh-CN" : "en"} tabIndex={-1} onKeyDown={(event) => onKey(event, player)}>
      <Header player={player} />
      <main class="picture">
        <Picture player={player} />
        <Views player={player} />
        <Legend player={player} />
        <Alarms store={store} />
        <Messages store={store} />
        <ConnectionBanner store={store} />
      </main>
      <footer class="footer">
        <Timeline player={player} />
        <Transport player={player} />
      </footer>
    </div>
  );
}

function Picture({ player }) {
  const place = useRef(null);
  useEffect(() => {
    if (Stage.supported()) player.attach(new Stage(place.current));
    else player.store.webgl.value = false;
    player.start();
    let request = 0;
    const frame = () => {
      request = requestAnimationFrame(frame);
      player.frame();
    };
    request = requestAnimationFrame(frame);
    return () => {
      cancelAnimationFrame(request);
      player.close();
    };
  }, []);
  return <div class="canvas" ref={place} />;
}

function Views({ player }) {
  const { store } = player;
  return (
    <nav class="views">
      {store.views.value.map((view) => (
        <Button key={view} className="text" label={text(`view.${view}`, store.language.value)} onClick={() => player.look(view)}>
          {text(`view.${view}`, store.language.value)}
        </Button>
      ))}
    </nav>
  );
}

/** The alarms standing at the cursor. */
function Alarms({ store }) {
  const language = store.language.value;
  const standing = activeAt(lanesOf(store.events.value).alarms, store.t.value);
  if (!standing.length) return null;
  const tables = Object.values(store.manifest.value?.tables ?? {}).flat();
  return (
    <ul class="alarms" role="status">
      {standing.map((alarm) => (
        <li key={alarm.name} class={`alarm ${alarm.class}`}>
          {alarm.class && <b>{alarm.class}</b>}
          <span>{signalText(tables.find((signal) => signal.name === alarm.name), alarm.name, language)}</span>
          <code>{alarm.name}</code>
        </li>
      ))}
    </ul>
  );
}

function Messages({ store }) {
  const language = store.language.value;
  const stage = store.stage.value;
  const manifest = store.manifest.value;
  const busy = { loading: "message.loading", waiting: "message.waiting", scene: "message.scene" }[stage];
  const said = { ended: "message.ended", no_logs: "message.no_logs" }[stage];
  const missing = stage === "ready" && [
    !manifest.frames.length && "message.no_poses",
    !manifest.models.length && "message.no_models",
  ].filter(Boolean);
  return (
    <div class="messages" role="status" aria-live="polite">
      {busy && <p class="busy">{text(busy, language)}</p>}
      {said && <p>{text(said, language)}</p>}
      {!store.webgl.value && <p>{text("message.no_webgl", language)}</p>}
      {missing && missing.map((key) => <p key={key}>{text(key, language)}</p>)}
      {store.damage.value.length > 0 && (
        <p>
          {text("message.damage", language)} {store.damage.value.join(" ")}
        </p>
      )}
      {store.error.value && (
        <p class="error">
          {text("message.failed", language)} {store.error.value}
        </p>
      )}
    </div>
  );
}

function onKey(event, player) {
  if (["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName) || event.ctrlKey || event.metaKey) return;
  const onButton = event.target.tagName === "BUTTON";
  const actions = {
    " ": onButton ? null : () => player.toggle(),
    ArrowLeft: () => player.step(-1),
    ArrowRight: () => player.step(1),
    Home: () => player.seek(player.clock.start),
    End: () => player.seek(player.clock.end),
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}
