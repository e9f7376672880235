// A source of one log that came with the page: no server, nothing grows.

export class EmbeddedSource {
  /** @param log {manifest, scene, chunk}: the manifest's JSON, and two chunks as Uint8Array. */
  constructor(log) {
    this.log = log;
  }

  async logs() {
    const { id, title } = this.log.manifest;
    return [{ id, title, live: false }];
  }

  async open() {
    return this.log.manifest;
  }

  async scene() {
    return this.log.scene;
  }

  /** The whole record is one chunk: whatever is asked for is in it. */
  async window() {
    return this.log.chunk;
  }

  onGrowth() {
    return () => {};
  }
}
