// A source of one log that came with the page: no server, nothing grows.

export class EmbeddedSource {
  /** @param log {manifest, scene, poses, signals}: the manifest's JSON, and three chunks as Uint8Array. */
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
