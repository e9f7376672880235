// Lock-out: each source of energy with its isolator, the personal locks on it, and what proves that it is away.

import { isGuardians } from "../../lesson.js";
import { signalText, text } from "../../texts.js";
import { valueText } from "../../values.js";
import { Groups } from "./run_page.jsx";
import { useValues } from "./use_values.js";

export function Lockout(shared) {
  const { player, panel, language, live, can } = shared;
  const { isolators } = panel.lockout;
  const { person, lesson } = player.store;
  const locks = named(panel.lockout, lesson.value);
  // In a lesson each of two people has locks of his own; who only looks is shown all of them.
  const own = Object.keys(locks).filter((lock) => !live || can(`${isolators[0]?.device}.${lock}`));
  const mine = own.includes(person.value) ? person.value : own[0];
  return (
    <>
      {own.length > 0 && (
        <div class="operator-modes" role="group" aria-label={text("operator.lock.mine", language)}>
          <span>{text("operator.lock.mine", language)}</span>
          {own.map((lock) => (
            <button key={lock} type="button" class="operator-button" aria-pressed={lock === mine} onClick={() => (person.value = lock)}>
              <Padlock n={Object.keys(locks).indexOf(lock)} />
              {locks[lock][language]}
            </button>
          ))}
        </div>
      )}
      {isolators.map((isolator) => (
        <Isolator key={isolator.device} {...shared} isolator={isolator} locks={locks} mine={mine} />
      ))}
      <p class="operator-note">{text("operator.lock.proof", language)}</p>
      <Groups {...shared} page="lockout" />
    </>
  );
}

/** The locks' words, with the name of whose they are where a lesson says it. */
function named({ locks, isolators }, told) {
  const nameOf = (lock) => told?.[isGuardians(told, `${isolators[0]?.device}.${lock}`) ? "guardian" : "trainee"];
  const withName = (words, name) => (name ? { en: `${words.en} · ${name}`, zh: `${words.zh} · ${name}` } : words);
  return Object.fromEntries(Object.entries(locks).map(([lock, words]) => [lock, withName(words, nameOf(lock))]));
}

function Isolator({ player, desk, can, language, isolator, locks, mine }) {
  const { device, proof } = isolator;
  const of = (field) => `${device}.${field}`;
  const names = Object.keys(locks);
  // What hangs is told beside what was asked: a lock that was asked for while its source was on does not hang.
  const hung = (lock) => of(lock.replace("op_", "st_"));
  const value = useValues(player, [of("st_isolated"), of("st_locked"), of("op_off"), proof, ...names.map(of), ...names.map(hung)]);
  const isolated = value(of("st_isolated")) === 1;
  const locked = value(of("st_locked")) === 1;
  const hangs = (lock) => value(hung(lock)) === 1;
  const known = player.signals.known.get(proof);
  return (
    <div class={`operator-isolator ${isolated ? "off" : ""}`} data-device={device}>
      <div>
        <b>{isolator.text[language]}</b>
        <small>{isolator.keeps_away[language]}</small>
      </div>
      <button
        type="button"
        class="operator-button handle"
        data-signal={of("op_off")}
        aria-pressed={isolated}
        disabled={!can(of("op_off"))}
        onClick={() => desk.turn(of("op_off"), !isolated, value(of("op_off")) === 1)}
      >
        {isolator[isolated ? "off" : "on"][language]}
      </button>
      <div class="operator-locks">
        {names.map((lock, n) => (
          <button
            key={lock}
            type="button"
            class={`operator-lock ${hangs(lock) ? "hangs" : ""}`}
            data-signal={of(lock)}
            aria-pressed={hangs(lock)}
            aria-label={`${isolator.text[language]}: ${locks[lock][language]}`}
            title={`${locks[lock][language]}: ${text(lock === mine ? "operator.lock.own" : "operator.lock.others", language)}`}
            disabled={!can(of(lock)) || lock !== mine || (!isolated && !hangs(lock))}
            onClick={() => desk.turn(of(lock), !hangs(lock), value(of(lock)) === 1)}
          >
            <Padlock n={n} closed={hangs(lock)} />
          </button>
        ))}
      </div>
      <small class="operator-proof">
        {known && `${signalText(known, proof, language)}: ${valueText(known, value(proof), language)} ${known.unit ?? ""}`}
        {isolated && locked && <b> · {text("operator.lock.locked", language)}</b>}
      </small>
    </div>
  );
}

const COLOURS = ["#c62f37", "#2f6fb8", "#1f8a4f"];

function Padlock({ n, closed = true }) {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" style={{ color: COLOURS[n % COLOURS.length] }}>
      <path d={closed ? "M8 11V8a4 4 0 0 1 8 0v3" : "M8 11V6a4 4 0 0 1 8 0"} fill="none" stroke="currentColor" stroke-width="2.4" />
      <rect x="5" y="11" width="14" height="10" rx="2" fill="currentColor" />
    </svg>
  );
}
