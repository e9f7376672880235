// The parts of the picture as lists and names; what is hidden, see-through or selected is a choice in the store.

import { PARTS } from "./words/parts.js";
import { LANGUAGES } from "./texts.js";

const NUMBERED = /^(.*?)(\d+)$/;

/** A word of a record's short names; one that nobody translated is shown as it is. */
function word(name, language) {
  const pair = PARTS[name];
  if (pair) return pair[Math.max(LANGUAGES.indexOf(language), 0)];
  const [, stem, number] = name.match(NUMBERED) ?? [];
  return PARTS[stem] ? `${word(stem, language)} ${number}` : name;
}

/** What an area ("shuttle", "truck0") is called. */
export function areaText(area, language) {
  return word(area, language);
}

/** What a part is called among those of its area. A pack is called by its serial. */
export function partText(part, language) {
  const own = part.name.startsWith(`${part.area}.`) ? part.name.slice(part.area.length + 1) : part.name || part.frame;
  return word(own, language);
}

/** Parts of each area, areas and parts as the record has them: [{area, parts}]. */
export function byArea(parts) {
  const areas = new Map();
  for (const part of parts) {
    if (!areas.has(part.area)) areas.set(part.area, []);
    areas.get(part.area).push(part);
  }
  return [...areas].map(([area, list]) => ({ area, parts: list }));
}
