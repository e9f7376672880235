// The lesson: what it is about, what is to be done next, hints, questions, what is done at the station, the score.

import { useEffect, useRef, useState } from "preact/hooks";
import { text } from "../../texts.js";
import { Station } from "./station.jsx";
import { Question } from "./question.jsx";
import { Score } from "./score.jsx";
import "./lesson.css";

export function LessonPanel({ player }) {
  const { store } = player;
  const language = store.language.value;
  const say = (word) => text(`lesson.${word}`, language);
  const told = store.lesson.value;
  const place = useRef(null);
  // The score is what one wants to see then.
  useEffect(() => place.current?.scrollTo(0, 0), [Boolean(told?.score)]);
  if (!told) return <p class="compare-said">{say("none")}</p>;
  const shared = { player, told, say, language, desk: player.lesson };
  const on = ["going", "standing"].includes(told.state);
  return (
    <section class="lesson" ref={place} aria-label={told.text[language]}>
      <Head {...shared} />
      {told.score && <Score {...shared} />}
      {told.wrong && <p class="lesson-wrong" role="alert">{told.wrong}</p>}
      {["building", "closing"].includes(told.state) && <p class="lesson-soft" aria-live="polite">{say(told.state)}</p>}
      <Words title={say("goal")} words={told.goal[language]} />
      <details open={!told.score}>
        <summary>{say("briefing")}</summary>
        <p>{told.briefing[language]}</p>
      </details>
      {told.steps.length > 0 && <Steps {...shared} />}
      {told.notices.length > 0 && <Notices {...shared} />}
      {told.questions.length > 0 && (
        <div class="lesson-part">
          <h3>{say("questions")}</h3>
          {told.questions.map((question) => (
            <Question key={`${told.attempts.length}${question.name}`} question={question} on={on} {...shared} />
          ))}
        </div>
      )}
      {on && <Station {...shared} />}
      {store.lessonError.value && <p class="lesson-wrong" role="alert">{store.lessonError.value}</p>}
      <Course on={on} {...shared} />
    </section>
  );
}

function Head({ player, told, say, language }) {
  const attempt = told.attempts.at(-1);
  const left = Math.max(told.limit_ns - told.t_ns, 0);
  return (
    <header class="lesson-head">
      <h2>{told.text[language]}</h2>
      <p>
        {say(`mode.${told.mode}`)} · {say("attempt")} {attempt.number}, {say(attempt.counts ? "counts" : "counts_not")}
      </p>
      {told.state !== "ended" && (
        <p>
          <b class="lesson-left">{clock(left)}</b> {say("left")}
          {told.done_count !== null && ` · ${told.done_count} / ${told.step_count} ${say("done")}`}
        </p>
      )}
    </header>
  );
}

const Words = ({ title, words }) => (
  <div class="lesson-part">
    <h3>{title}</h3>
    <p>{words}</p>
  </div>
);

function Steps({ player, told, say, language, desk }) {
  return (
    <div class="lesson-part">
      <h3>{say("steps")}</h3>
      <ol class="lesson-steps">
        {told.steps.map((step) => (
          <li key={step.name} class={step.done_ns !== null ? (step.late ? "late" : "done") : step.turn ? "turn" : ""} data-step={step.name}>
            {step.text && <span>{step.text[language]}</span>}
            {step.done_ns !== null && (
              <button type="button" class="lesson-time" onClick={() => player.seek(step.done_ns)}>
                {player.timeText(step.done_ns)} {step.late && say("late")}
              </button>
            )}
            {step.turn && step.due_ns !== null && <small>≤ {player.timeText(step.due_ns)}</small>}
            {step.hint && <p class="lesson-hint">{step.hint[language]}</p>}
            {told.mode === "practice" && step.turn && !step.hint && !told.score && (
              <button type="button" class="button text" title={say("hint.cost")} onClick={() => desk.ask({ take_hint: { step: step.name } })}>
                {say("hint")}
              </button>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Notices({ player, told, say, language }) {
  return (
    <div class="lesson-part">
      <h3>{say("notices")}</h3>
      <ul class="lesson-notices" aria-live="polite">
        {told.notices.map(({ kind, t_ns, text: words }, i) => (
          <li key={i} class={kind}>
            <button type="button" class="lesson-time" onClick={() => player.seek(t_ns)}>{player.timeText(t_ns)}</button>
            <span><b>{say(kind)}:</b> {words[language]}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Freeze, go on, back up, finish. */
function Course({ player, told, say, desk, on }) {
  const { store } = player;
  const [asked, setAsked] = useState(false);
  const back = async () => {
    setAsked(true);
    await desk.back(store.t.value);
    setAsked(false);
  };
  const standing = told.state === "standing";
  return (
    <footer class="lesson-course">
      {on && (
        <button type="button" class={`button text lesson-freeze ${standing ? "main" : ""}`} onClick={() => desk.freeze(!standing)}>
          {say(!standing ? "freeze" : told.t_ns ? "go" : "begin")}
        </button>
      )}
      {told.mode !== "exam" && told.state !== "building" && (
        <button type="button" class="button text lesson-back" disabled={asked} title={say("back.said")} onClick={back}>
          {say("back")} {player.timeText(store.t.value)}
        </button>
      )}
      {on && (
        <button type="button" class={`button text lesson-finish ${told.won ? "main" : ""}`} onClick={() => desk.finish()}>
          {say("finish")}
        </button>
      )}
      {told.won && !told.score && <p class="lesson-won" aria-live="polite">{say("won")}</p>}
    </footer>
  );
}

const clock = (ns) => `${Math.floor(ns / 60e9)}:${String(Math.floor(ns / 1e9) % 60).padStart(2, "0")}`;
