// What must be said over the picture: what it waits for, what the record lacks, what went wrong.

import { useState } from "preact/hooks";
import { spoken } from "../../lesson.js";
import { missingOf } from "../../missing.js";
import { text } from "../../texts.js";
import "./messages.css";

const BUSY = { loading: "message.loading", waiting: "message.waiting", scene: "message.scene" };
const SAID = { ended: "message.ended", no_logs: "message.no_logs" };

export function Messages({ store }) {
  const language = store.language.value;
  const lesson = store.lesson.value;
  const stage = store.stage.value;
  const unreadable = store.unreadable.value;
  return (
    <div class="messages" role="status" aria-live="polite">
      {BUSY[stage] && (
        <p class="busy">
          {text(BUSY[stage], language)}
          {stage === "scene" && <Progress progress={store.progress.value} />}
        </p>
      )}
      {SAID[stage] && <p>{text(SAID[stage], language)}</p>}
      {!store.webgl.value && <p>{text("message.no_webgl", language)}</p>}
      {unreadable && <p class="error">{text(`unreadable.${unreadable}`, language)}</p>}
      {stage === "ready" && <Missing key={store.manifest.value.id} store={store} />}
      {lesson && <Spoken lesson={lesson} language={language} />}
      {store.error.value && (
        <p class="error">
          {text("message.failed", language)} {store.error.value}
        </p>
      )}
    </div>
  );
}

/** How much of the scene is here. */
function Progress({ progress }) {
  if (!progress?.total) return null;
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  return (
    <>
      <progress max={progress.total} value={progress.done} />
      {`${megabytes(progress.done)} / ${megabytes(progress.total)} MB`}
    </>
  );
}

/** What the instructor said last, until it is read, and why a lesson stands still: also where no panel of it is in front. */
function Spoken({ lesson, language }) {
  const [read, setRead] = useState(0);
  const { word, held } = spoken(lesson);
  const count = lesson.words.length;
  return (
    <>
      {held.map((why) => (
        <p key={why} class="messages-held">{text(`lesson.held.${why}`, language)}</p>
      ))}
      {word && read < count && (
        <section class="messages-missing messages-word" key={count}>
          <button type="button" class="messages-close" aria-label={text("missing.close", language)} onClick={() => setRead(count)}>
            ×
          </button>
          <p>
            <b>{word.by}</b> {word.text}
          </p>
        </section>
      )}
    </>
  );
}

/** Said until somebody has read it. */
function Missing({ store }) {
  const [closed, setClosed] = useState(false);
  const language = store.language.value;
  const damage = store.damage.value;
  const missing = missingOf(store.manifest.value);
  if (closed || (!missing.length && !damage.length)) return null;
  return (
    <section class="messages-missing">
      <button type="button" class="messages-close" aria-label={text("missing.close", language)} onClick={() => setClosed(true)}>
        ×
      </button>
      {missing.map((key) => (
        <p key={key}>{text(key, language)}</p>
      ))}
      {damage.length > 0 && (
        <>
          <p>{text("missing.damage", language)}</p>
          <details>
            <summary>{text("missing.details", language)}</summary>
            <ul lang="en">
              {damage.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </details>
        </>
      )}
    </section>
  );
}
