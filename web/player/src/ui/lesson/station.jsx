// What somebody does who goes to a machine: he puts something right, if something is wrong there.

import { useMemo, useState } from "preact/hooks";
import { placesOf } from "../../lesson.js";

export function Station({ player, told, say, language, desk }) {
  const [what, setWhat] = useState("");
  const [where, setWhere] = useState("");
  const [done, setDone] = useState(null);
  const remedy = told.remedies.find(({ name }) => name === what);
  const known = player.signals.known;
  const places = useMemo(() => (remedy?.pattern ? placesOf(remedy.pattern, known.keys()) : []), [what, known.size]);
  const send = async (submitted) => {
    submitted.preventDefault();
    setDone(await desk.ask({ clear: { name: what, target: where.trim() } }));
  };
  return (
    <form class="lesson-part lesson-station" onSubmit={send}>
      <h3>{say("station")}</h3>
      <p class="lesson-soft">{say("station.said")}</p>
      <label>
        <span>{say("station.what")}</span>
        <select class="select" name="what" value={what} onChange={({ currentTarget }) => setWhat(currentTarget.value)}>
          <option value="" />
          {told.remedies.map(({ name, text: words }) => (
            <option key={name} value={name}>{words[language]}</option>
          ))}
        </select>
      </label>
      <label>
        <span>{say("station.where")}</span>
        <input class="lesson-field" name="where" list="lesson-places" autocapitalize="off" spellcheck={false} value={where} onInput={({ currentTarget }) => setWhere(currentTarget.value)} />
      </label>
      <datalist id="lesson-places">
        {places.map((place) => (
          <option key={place} value={place} />
        ))}
      </datalist>
      <button type="submit" class="button text" disabled={!what}>{say("station.do")}</button>
      {done && (
        <p class="lesson-soft lesson-did" aria-live="polite">
          {done.t_ns === null ? say("station.stands") : `${say("station.did")} ${player.timeText(done.t_ns)}`}
        </p>
      )}
    </form>
  );
}
