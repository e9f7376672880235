// Where panels are: a dockview around the picture. What is open and how it lies is remembered in the store.

import { createDockview } from "dockview-core/dist/dockview-core.min.js";
import { createElement, render } from "preact";
import { PANELS } from "../panels.js";
import "./dock.css";
import { Tab } from "./tab.jsx";

const PICTURE = "picture";
const THEME = { name: "swaptwin", className: "swaptwin-dock", dndTabIndicator: "line" };
const PLACES = {
  left: { direction: "left", initialWidth: 320 },
  right: { direction: "right", initialWidth: 360 },
  bottom: { direction: "below", initialHeight: 240 },
};
/** On a page as narrow as a phone (style.css says the same) all panels are tabs below the picture. */
const NARROW = "(max-width: 700px)";
const BELOW = 0.45;
const SMALLEST_PICTURE = { minimumWidth: 280, minimumHeight: 160 };

export class Dock {
  /** @param Picture the component in the middle, which is always there */
  constructor(player, Picture) {
    this.player = player;
    this.Picture = Picture;
    this.api = null;
    this.narrow = globalThis.matchMedia?.(NARROW) ?? { matches: false };
  }

  attach(element) {
    this.element = element;
    this.api = createDockview(element, {
      theme: THEME,
      disableFloatingGroups: true,
      announcements: false,
      createComponent: ({ name }) => this.#content(name),
      createTabComponent: ({ id }) => new Rendered("tab", () => (id === PICTURE ? null : createElement(Tab, { dock: this, id }))),
      defaultTabComponent: "tab",
    });
    this.#open();
    this.#note();
    const listener = this.api.onDidLayoutChange(() => this.#note());
    const turned = () => this.#placeAnew(this.player.store.panels.peek());
    this.narrow.addEventListener("change", turned);
    return () => {
      this.narrow.removeEventListener("change", turned);
      listener.dispose();
      this.api.dispose();
      this.api = null;
    };
  }

  /** Whether there is such a panel for what is shown. */
  offers(id) {
    const panel = PANELS.find((one) => one.id === id);
    return Boolean(panel && (!panel.when || panel.when(this.player.store)));
  }

  isOpen(id) {
    return Boolean(this.api.getPanel(id));
  }

  /** Open a panel, or bring it to the front. */
  open(id) {
    const open = this.api.getPanel(id);
    if (open) open.api.setActive();
    else this.api.addPanel({ id, component: id, tabComponent: "tab", ...this.#place(id) });
  }

  close(id) {
    this.api.getPanel(id)?.api.close();
  }

  /** As its button does: closed and covered panels come to the front, the one in front closes. */
  toggle(id) {
    if (this.api.getPanel(id)?.api.isVisible) this.close(id);
    else this.open(id);
  }

  reset() {
    PANELS.forEach(({ id }) => this.close(id));
  }

  #content(name) {
    if (name === PICTURE) return new Rendered("picture-place", () => createElement(this.Picture, { player: this.player }));
    const { Panel } = PANELS.find(({ id }) => id === name);
    return new Rendered(`panel panel-${name}`, () => createElement(Panel, { player: this.player }));
  }

  /** The layout of last time, where this program still has all of its panels; else the picture alone. */
  #open() {
    const layout = this.player.store.layout.peek();
    const known = new Set([PICTURE, ...PANELS.map(({ id }) => id)]);
    const ids = Object.keys(layout?.panels ?? {});
    const alone = () => {
      this.api.clear();
      this.api.addPanel({ id: PICTURE, component: PICTURE, ...SMALLEST_PICTURE });
    };
    try {
      if (!ids.includes(PICTURE) || !ids.every((id) => known.has(id))) throw new Error("of another program");
      if (Boolean(layout.narrow) === this.narrow.matches) this.api.fromJSON(layout);
      else {
        alone();
        this.#placeAnew(ids.filter((id) => id !== PICTURE));
      }
    } catch {
      alone();
    }
    const { group } = this.api.getPanel(PICTURE);
    group.header.hidden = true;
    group.locked = "no-drop-target";
  }

  #note() {
    const { store } = this.player;
    store.panels.value = this.api.panels.map(({ id }) => id).filter((id) => id !== PICTURE);
    store.layout.value = { ...this.api.toJSON(), narrow: this.narrow.matches };
  }

  /** The page has become as narrow as a phone, or wide again: these panels go where they then belong. */
  #placeAnew(ids) {
    this.reset();
    ids.forEach((id) => this.open(id));
  }

  /** Beside another panel of the same home, else at that side of the picture. */
  #place(id) {
    const { matches: narrow } = this.narrow;
    const { home, width } = PANELS.find((panel) => panel.id === id);
    const neighbour = PANELS.find((panel) => (narrow || panel.home === home) && panel.id !== id && this.isOpen(panel.id));
    if (neighbour) return { position: { referencePanel: neighbour.id, direction: "within" } };
    const { direction, ...size } = narrow ? { direction: "below", initialHeight: BELOW * this.element.clientHeight } : PLACES[home];
    if (width && size.initialWidth) size.initialWidth = width;
    return { position: { referencePanel: PICTURE, direction }, ...size };
  }
}

/** A Preact component where dockview wants an element. */
class Rendered {
  constructor(className, component) {
    this.element = document.createElement("div");
    this.element.className = className;
    this.component = component;
  }

  init() {
    render(this.component(), this.element);
  }

  dispose() {
    render(null, this.element);
  }
}
