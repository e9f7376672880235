// The WebSocket to the server, kept up: lost, it is tried again until it answers, or until it answers with a refusal.

/** Waits between two tries, s; the last one again and again. */
const WAITS_S = [0.25, 0.5, 1, 2, 4];
/** A server that has not answered for this long is lost, whatever the socket says: a cable, a machine asleep. */
const BEAT_S = 3;
const SILENCE_S = 6;
const REFUSED = -32000;
const TIMER = { set: (action, ms) => setTimeout(action, ms), clear: (timer) => clearTimeout(timer) };

/** A call that had no answer because the server was lost. */
export class LostError extends Error {}

export class Connection {
  /**
   * @param link wslink's WebsocketConnection, open
   * @param beat what is called to see whether the server still answers
   */
  constructor(link, beat, timer = TIMER) {
    this.link = link;
    this.beat = beat;
    this.clock = timer;
    // open, lost, refused: the server has been started anew and asks for another secret
    this.state = "open";
    this.tries = 0;
    this.listeners = new Set();
    this.topics = new Map();
    this.waiting = new Set();
    link.onConnectionReady(() => this.#opened());
    link.onConnectionClose(() => this.#lost());
    link.onConnectionError((_, error) => error?.code === REFUSED && this.#refused());
    // Where the browser knows that the network is back, nobody waits for the next try.
    globalThis.addEventListener?.("online", () => this.#again());
    this.#watch();
  }

  /** `callback` hears each new state. */
  onState(callback) {
    this.listeners.add(callback);
    return () => this.listeners.delete(callback);
  }

  call(method, args = []) {
    if (this.state !== "open") return Promise.reject(new LostError(method));
    return new Promise((resolve, reject) => {
      this.waiting.add(reject);
      const settle = (how) => (value) => {
        this.waiting.delete(reject);
        how(value);
      };
      this.link.getSession().call(method, args).then(settle(resolve), settle(reject));
    });
  }

  /** `callback` hears a topic, also after the connection was lost and came back. */
  subscribe(topic, callback) {
    this.topics.set(callback, topic);
    this.link.getSession().subscribe(topic, callback);
    return () => {
      this.topics.delete(callback);
      this.link.getSession()?.unsubscribe({ topic, callback });
    };
  }

  #opened() {
    this.tries = 0;
    for (const [callback, topic] of this.topics) this.link.getSession().subscribe(topic, callback);
    this.#become("open");
    this.#watch();
  }

  #lost() {
    if (this.state === "refused") return;
    this.#rest();
    this.#become("lost");
    for (const reject of this.waiting) reject(new LostError());
    this.waiting.clear();
    const wait = WAITS_S[Math.min(this.tries, WAITS_S.length - 1)];
    this.tries += 1;
    this.timer = this.clock.set(() => this.#again(), wait * 1000);
  }

  #refused() {
    this.#rest();
    this.#become("refused");
    this.link.getSession()?.close();
  }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.listeners.forEach((callback) => callback(state));
  }

  /** Ask now and then; a server that does not answer in time is as good as gone. */
  #watch() {
    this.#rest();
    this.timer = this.clock.set(() => {
      this.timer = this.clock.set(() => {
        this.#become("lost");
        this.link.getSession()?.close();
      }, SILENCE_S * 1000);
      this.call(this.beat).then(
        () => this.#watch(),
        () => {},
      );
    }, BEAT_S * 1000);
  }

  #rest() {
    this.clock.clear(this.timer);
  }

  #again() {
    if (this.state !== "lost") return;
    this.#rest();
    this.link.connect();
  }
}
