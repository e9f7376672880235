// A source of one log that came with the page: no server, nothing grows.

export class EmbeddedSource {
  /** @param log {manifest, scene, poses, signals}: the manifest's JSON, and chunks as Uint8Array; of the scene a list. */
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

  async scene(id, piece) {
    return this.log.scene[piece];
  }

  /** All poses are one chunk, all signals another: whatever is asked for is in it. */
  async window() {
    return this.log.poses;
  }

  async signals() {
    return this.log.signals;
  }

  onGrowth() {
    return () => {};
  }

  onConnection() {
    return () => {};
  }
}
