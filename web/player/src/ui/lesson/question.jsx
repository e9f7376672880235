// A check of understanding: one of some choices, or a signal's name. Only the first answer counts.

import { useState } from "preact/hooks";

export function Question({ player, question, say, language, desk, on }) {
  const { name, text: words, choices, given, right, why } = question;
  const [answer, setAnswer] = useState("");
  const send = (submitted) => {
    submitted.preventDefault();
    if (answer.trim()) desk.ask({ give_answer: { question: name, answer: answer.trim() } });
  };
  const said = choices[given]?.[language] ?? given;
  return (
    <form class="lesson-question" data-question={name} onSubmit={send}>
      <p>{words[language]}</p>
      {given ? (
        <p class={right === null ? "" : right ? "right" : "wrong"}>
          {say("answered")} <b>{said}</b> {right !== null && say(right ? "right" : "wrong")}
        </p>
      ) : (
        on && (
          <div class="lesson-answers">
            {Object.entries(choices).map(([key, choice]) => (
              <label key={key}>
                <input type="radio" name={`lesson-${name}`} value={key} checked={answer === key} onChange={() => setAnswer(key)} />
                <span>{choice[language]}</span>
              </label>
            ))}
            {!Object.keys(choices).length && (
              <>
                <input
                  class="lesson-field"
                  list="lesson-signals"
                  aria-label={say("signal")}
                  placeholder={say("signal")}
                  autocapitalize="off"
                  spellcheck={false}
                  value={answer}
                  onInput={({ currentTarget }) => setAnswer(currentTarget.value)}
                />
                <datalist id="lesson-signals">
                  {[...player.signals.known.keys()].filter((one) => !one.includes(".gt_") && !one.includes(".par_")).map((one) => (
                    <option key={one} value={one} />
                  ))}
                </datalist>
              </>
            )}
            <button type="submit" class="button text" disabled={!answer.trim()}>{say("answer")}</button>
          </div>
        )
      )}
      {why && <p class="lesson-soft">{why[language]}</p>}
    </form>
  );
}
