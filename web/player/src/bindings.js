// What the picture shows of signals: colours of lamps, charge of packs. The record says what follows what.

const UNKNOWN = { frac: null, source: "unknown" };

/** sRGB 0..1 of "#rrggbb". */
export function rgbOf(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
}

/** Colour of a charge 0..1 on a scale of [charge, "#rrggbb"], rising. */
export function chargeColour(scale, frac) {
  const after = scale.findIndex(([stop]) => stop >= frac);
  if (after === 0) return rgbOf(scale[0][1]);
  if (after < 0) return rgbOf(scale.at(-1)[1]);
  const [[low, from], [high, to]] = [scale[after - 1], scale[after]];
  const [a, b] = [rgbOf(from), rgbOf(to)];
  return a.map((c, k) => c + ((b[k] - c) * (frac - low)) / (high - low));
}

export class Bindings {
  /**
   * @param data the manifest's `bindings`; null of a record that says nothing: nothing is recoloured then
   * @param known whether the record holds a signal of this name
   */
  constructor(data, known = () => true) {
    this.lamps = (data?.lamps ?? []).map((lamp) => ({ ...lamp, shown: undefined }));
    this.charge = data?.charge ?? null;
    this.packs = (data?.packs ?? []).map((pack) => ({ ...pack, charge: readable(pack.charge, known), shown: undefined }));
    /** What is written beside the parts: names, and the packs by their serials. */
    this.labels = [...(data?.labels ?? []), ...this.packs.filter(({ serial }) => serial).map(labelOf)];
  }

  /** Every signal that is looked at. */
  get names() {
    const conditions = [...this.lamps.flatMap((lamp) => lamp.lines), ...this.packs.flatMap((pack) => pack.charge)];
    const names = conditions.flatMap(({ is, above, signal }) => [...Object.keys(is), ...Object.keys(above), signal]);
    return [...new Set(names.filter(Boolean))];
  }

  /** Everything is to be shown anew: the picture was made anew. */
  forget() {
    for (const one of [...this.lamps, ...this.packs]) one.shown = undefined;
  }

  /**
   * What looks otherwise than at the last call.
   * @param value name → number; NaN where it is missing, undefined while it is not known yet: then nothing changes
   * @param stand frame of a pack → {place, doubt} where it is followed, null where it is not, undefined while not known
   * @returns [{frame, part, material, rgb, lit}], rgb null for its own colour; of packs with {serial, charge}
   */
  changes(value, stand = () => null) {
    const changed = [];
    for (const lamp of this.lamps) {
      const line = firstThatHolds(lamp.lines, value);
      if (line === undefined) continue;
      const colour = line ? line.colour : lamp.otherwise;
      if (colour === lamp.shown) continue;
      lamp.shown = colour;
      const { frame, part, material } = lamp;
      changed.push({ frame, part, material, rgb: colour && rgbOf(colour), lit: Boolean(line) && isBright(colour) });
    }
    for (const pack of this.packs) {
      const charge = this.#chargeOf(pack, value, stand);
      if (!charge || JSON.stringify(charge) === pack.shown) continue;
      pack.shown = JSON.stringify(charge);
      const { frame, part, serial, material } = pack;
      const rgb = charge.frac === null ? rgbOf(this.charge.unknown) : chargeColour(this.charge.scale, charge.frac);
      changed.push({ frame, part, material, rgb, lit: charge.frac !== null, serial, charge });
    }
    return changed;
  }

  /** Charge of a pack in whole per cent, and where that is known from; undefined while it is not known yet. */
  #chargeOf(pack, value, stand) {
    const at = stand(pack.frame);
    if (at === undefined) return undefined;
    // What is doubted stands nowhere for sure.
    const place = at && !at.doubt ? at.place : null;
    const line = firstThatHolds(pack.charge.filter((one) => !one.place || one.place === place), value);
    if (line === undefined) return undefined;
    const frac = line ? value(line.signal) : NaN;
    if (frac === undefined) return undefined;
    return Number.isNaN(frac) ? UNKNOWN : { frac: Math.round(frac * 100) / 100, source: line.source };
  }
}

function labelOf({ frame, serial }) {
  return { kind: "pack", frame, at: null, text: { en: serial } };
}

/** Sources of a pack's charge that the record holds; after one that always holds no other is asked. */
function readable(sources, known) {
  const held = sources.filter(({ signal }) => known(signal));
  const always = held.findIndex(({ place, is, above }) => !place && !Object.keys(is).length && !Object.keys(above).length);
  return always < 0 ? held : held.slice(0, always + 1);
}

/** The first line all of whose conditions hold; null of none, undefined while one of them is not known yet. */
function firstThatHolds(lines, value) {
  for (const line of lines) {
    let holds = true;
    for (const [name, wanted] of Object.entries(line.is)) {
      const now = value(name);
      if (now === undefined) return undefined;
      holds &&= wanted.includes(now);
    }
    for (const [name, limit] of Object.entries(line.above)) {
      const now = value(name);
      if (now === undefined) return undefined;
      holds &&= now > limit;
    }
    if (holds) return line;
  }
  return null;
}

const isBright = (hex) => Math.max(...rgbOf(hex)) > 0.5;
