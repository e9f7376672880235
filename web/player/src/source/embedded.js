// A source of one log that came with the page: no server, nothing grows.

/** Digits of base64 decoded at a time; a multiple of 4, so that each piece is whole bytes. */
const PIECE = 1 << 20;

export class EmbeddedSource {
  /** @param part name → Promise of the bytes of a part (docs/incident.md); each is asked for once */
  constructor(part) {
    const asked = new Map();
    this.part = (name) => {
      if (!asked.has(name)) asked.set(name, part(name));
      return asked.get(name);
    };
  }

  async logs() {
    const { id, title } = await this.open();
    return [{ id, title, live: false }];
  }

  async open() {
    return JSON.parse(await this.text("manifest"));
  }

  scene(id, piece) {
    return this.part(`scene${piece}`);
  }

  /** All poses are one chunk, all signals another: whatever is asked for is in it. */
  window() {
    return this.part("poses");
  }

  signals() {
    return this.part("signals");
  }

  /** Why the station stopped in this stretch, whatever instant is asked about; null where it did not. */
  async why() {
    return (await this.open()).extras.why ?? null;
  }

  /** Phases found from signals, where the log has none of its own. */
  async phases() {
    return (await this.open()).extras.phases ?? [];
  }

  /** A part that is words. */
  async text(name) {
    return new TextDecoder().decode(await this.part(name));
  }

  onGrowth() {
    return () => {};
  }

  onConnection() {
    return () => {};
  }
}

/** Parts that stand in the page as <script type="application/gzip" data-part="name">, base64. */
export function partsOfPage(page = document) {
  return async (name) => {
    const element = page.querySelector(`script[data-part="${name}"]`);
    if (!element) throw new Error(`this page has no part ${name}`);
    const packed = new Blob(bytesOf(element.textContent.trim()));
    // What was read need not be in memory twice.
    element.textContent = "";
    return new Uint8Array(await new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  };
}

function bytesOf(base64) {
  const pieces = [];
  for (let at = 0; at < base64.length; at += PIECE) {
    pieces.push(Uint8Array.from(atob(base64.slice(at, at + PIECE)), (letter) => letter.charCodeAt(0)));
  }
  return pieces;
}
