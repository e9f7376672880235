// The score of an attempt that has ended, each point with its instant and reason; what the other attempts came to.

export function Score({ player, told, say, language, desk }) {
  const { score, attempts } = told;
  const { number } = attempts.at(-1);
  const title = (one) => `${say("attempt")} ${one.number}, ${say(one.counts ? "counts" : "counts_not")}`;
  return (
    <div class="lesson-part lesson-score">
      <h3>{say("score")}</h3>
      <p class={score.passed ? "passed" : "failed"}>
        <b class="lesson-total">{score.total}</b> {say(score.passed ? "passed" : "failed")}
        <small>{` ${score.quality} × ${score.factor}, ${say("pass_mark")} ${score.pass_mark}`}</small>
      </p>
      <ol class="lesson-points">
        {score.items.map((item, i) => (
          <li key={i} class={isLost(item) ? "lost" : ""}>
            {item.t_ns === null ? (
              <span class="lesson-time">–</span>
            ) : (
              <button type="button" class="lesson-time" onClick={() => player.seek(item.t_ns)}>{player.timeText(item.t_ns)}</button>
            )}
            <span>
              {item.text[language]}
              <small>{item.reason[language]}</small>
            </span>
            <b>{item.kind === "never" ? `× ${item.leaves_percent} %` : item.points}</b>
          </li>
        ))}
      </ol>
      <button type="button" class="button text lesson-debrief" onClick={() => desk.debrief(number)}>{say("debrief")}</button>
      {["playing", "failed"].includes(told.best) && <p class="lesson-soft" aria-live="polite">{say(`best.${told.best}`)}</p>}
      {told.best_log && (
        <button type="button" class="button text lesson-best" onClick={() => desk.showBest()}>{say("best")}</button>
      )}
      {attempts.length > 1 && (
        <>
          <h3>{say("attempts")}</h3>
          <ul class="lesson-attempts">
            {attempts.map((one, i) => (
              <li key={one.number}>
                <button type="button" class="lesson-time" onClick={() => player.open(told.logs[i])}>{title(one)}</button>
                <b>{one.total ?? "–"}</b>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

const isLost = ({ kind, points, of }) => ["never", "mistake", "early", "hint"].includes(kind) || points !== of;
