// Parameters of an asset: each with its unit, and how much is known of it.

import { parameterText, text } from "../../texts.js";

/** @param phrases what sources and notes are called in other languages: language → phrase → words */
export function Parameters({ list, language, phrases }) {
  const words = (phrase) => phrases?.[language]?.[phrase] ?? phrase;
  return (
    <ul class="inspector-parameters">
      {list.map((parameter) => (
        <li key={parameter.key} data-parameter={parameter.key}>
          <Parameter parameter={parameter} language={language} words={words} />
        </li>
      ))}
    </ul>
  );
}

function Parameter({ parameter, language, words }) {
  const { key, value, unit, source, confidence, range, note } = parameter;
  const [low, high] = range;
  return (
    <>
      <span class="inspector-name">
        {parameterText(key, language)} <code>{key}</code>
      </span>
      <b>
        {plain(value)} {unit}
      </b>
      <span class="inspector-known">
        <em class={`inspector-confidence ${confidence}`} title={text("inspector.confidence", language)}>
          {text(`confidence.${confidence}`, language)}
        </em>
        <span title={text("inspector.range", language)}>
          {plain(low)} … {plain(high)} {unit}
        </span>
        <cite title={text("inspector.source", language)}>{words(source)}</cite>
        {note && (
          <cite title={text("inspector.note", language)}>{words(note)}</cite>
        )}
      </span>
    </>
  );
}

/** A number as somebody wrote it in a file. */
const plain = (value) => (Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential().replace("e+", "e") : String(value)).replace(/-/g, "−");
