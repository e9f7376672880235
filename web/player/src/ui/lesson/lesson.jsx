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
  const on = told.role === "operator" && ["going", "standing"].includes(told.state);
  return (
    <section class="lesson" ref={place} aria-label={told.text[language]}>
      <Head {...shared} />
      {told.score && <Score {...shared} />}
      {told.wrong && <p class="lesson-wrong" role="alert">{told.wrong}</p>}
      {["building", "closing", "broken_off"].includes(told.state) && <p class="lesson-soft" aria-live="polite">{say(told.state)}</p>}
      {!["ended", "broken_off"].includes(told.state) && told.held.map((why) => <p key={why} class="lesson-held">{say(`held.${why}`)}</p>)}
      {told.words.length > 0 && <Said {...shared} />}
      <Words title={say("goal")} words={told.goal[language]} />
      <details open={!told.score}>
        <summary>{say("briefing")}</summary>
        <p>{told.briefing[language]}</p>
      </details>
      {told.steps.length > 0 && <Steps on={on} {...shared} />}
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
      {told.role === "operator" && <Course on={on} {...shared} />}
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
      <People told={told} say={say} />
      {told.state !== "ended" && (
        <p>
          <b class="lesson-left">{clock(left)}</b> {say("left")}
          {told.done_count !== null && ` · ${told.done_count} / ${told.step_count} ${say("done")}`}
        </p>
      )}
    </header>
  );
}

/** Who does what, where they are two, or where somebody else looks on. */
function People({ told, say }) {
  const { role, trainee, guardian } = told;
  if (role === "operator" && !guardian) return null;
  return (
    <p class="lesson-role">
      {role !== "operator" && `${say(`role.${role}`)} `}
      {role !== "operator" && <b>{`${say("trainee")} ${trainee}`}</b>}
      {role !== "guardian" && guardian && <b>{` ${say("guardian")} ${guardian}`}</b>}
    </p>
  );
}

/** What the instructor said, the newest first; the picture's messages announce it. */
function Said({ player, told, say }) {
  return (
    <div class="lesson-part">
      <h3>{say("words")}</h3>
      <ul class="lesson-words">
        {[...told.words].reverse().map(({ t_ns, by, text: words }, i) => (
          <li key={told.words.length - i}>
            <button type="button" class="lesson-time" onClick={() => player.seek(t_ns)}>{player.timeText(t_ns)}</button>
            <span><b>{by}</b> {words}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const Words = ({ title, words }) => (
  <div class="lesson-part">
    <h3>{title}</h3>
    <p>{words}</p>
  </div>
);

function Steps({ player, told, say, language, desk, on }) {
  // Of a step that is not told there is only the way to ask for its hint.
  const shown = told.steps.filter((step) => on || step.text);
  if (!shown.length) return null;
  return (
    <div class="lesson-part">
      <h3>{say("steps")}</h3>
      <ol class="lesson-steps">
        {shown.map((step) => (
          <li key={step.name} class={step.done_ns !== null ? (step.late ? "late" : "done") : step.turn ? "turn" : ""} data-step={step.name}>
            {step.text && <span>{step.text[language]}</span>}
            {step.done_ns !== null && (
              <button type="button" class="lesson-time" onClick={() => player.seek(step.done_ns)}>
                {player.timeText(step.done_ns)} {step.late && say("late")}
              </button>
            )}
            {step.turn && step.due_ns !== null && <small>≤ {player.timeText(step.due_ns)}</small>}
            {step.hint && <p class="lesson-hint">{step.hint[language]}</p>}
            {on && told.mode === "practice" && step.turn && !step.hint && (
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
  // Nobody who is held can go on by himself, and an exam goes on until it is over.
  const turns = on && !told.held.length && (standing || told.mode !== "exam");
  return (
    <footer class="lesson-course">
      {turns && (
        <button type="button" class={`button text lesson-freeze ${standing ? "main" : ""}`} onClick={() => desk.freeze(!standing)}>
          {say(!standing ? "freeze" : told.t_ns > told.begin_ns ? "go" : "begin")}
        </button>
      )}
      {told.mode !== "exam" && told.state !== "building" && (
        <button type="button" class="button text lesson-back" disabled={asked} title={say("back.said")} onClick={back}>
          {say("back")} {player.timeText(store.t.value)}
        </button>
      )}
      {on && !told.held.includes("over") && (
        <button type="button" class={`button text lesson-finish ${told.won ? "main" : ""}`} onClick={() => desk.finish()}>
          {say("finish")}
        </button>
      )}
      {told.won && !told.score && <p class="lesson-won" aria-live="polite">{say("won")}</p>}
    </footer>
  );
}

const clock = (ns) => `${Math.floor(ns / 60e9)}:${String(Math.floor(ns / 1e9) % 60).padStart(2, "0")}`;
