// Values of signals as people read them.

import { nameText, text } from "./texts.js";

/** A number with as many digits as help: tenths of a millimetre below one metre, none of a hundred kilonewtons. */
export function numberText(value) {
  const size = Math.abs(value);
  const digits = size >= 10_000 ? 0 : size >= 1000 ? 1 : size >= 100 ? 2 : size >= 1 ? 3 : 4;
  if (size >= 1e9 || (size > 0 && size < 0.5 * 10 ** -digits)) return value.toExponential(1).replaceAll("-", "−");
  // What rounds to zero has no sign.
  const rounded = Number(value.toFixed(digits));
  return (rounded === 0 ? 0 : rounded).toFixed(digits).replace("-", "−");
}

/** A value in words: a label, yes or no, or a number without its unit. */
export function valueText(signal, value, language) {
  if (value === undefined) return "…";
  if (Number.isNaN(value)) return text("value.missing", language);
  if (signal.type === "bool") return text(value ? "value.yes" : "value.no", language);
  if (signal.type === "enum") return labelText(signal, value, language);
  if (signal.type === "int") return String(value).replace("-", "−");
  return numberText(value);
}

/** The label of an enum's value; the bare number when it has none. */
export function labelText(signal, value, language) {
  const label = signal.labels?.[String(value)];
  if (label === "none") return text("value.none", language);
  return label === undefined ? String(value) : nameText(label, language);
}

/** How far belief and truth are apart, or null where either is missing. */
export function differenceOf(believed, truth) {
  const difference = believed - truth;
  return Number.isFinite(difference) ? difference : null;
}
