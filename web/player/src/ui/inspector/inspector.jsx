// The part that was clicked: what it is, its devices with signals and parameters, its alarms.

import { useEffect, useMemo } from "preact/hooks";
import { catalogueOf } from "../../catalogue.js";
import { entriesOf } from "../../events.js";
import { partText } from "../../parts.js";
import { hasText, text } from "../../texts.js";
import { SignalRow } from "../signals/row.jsx";
import { PartAlarms } from "./alarms.jsx";
import { alarmsOf, belongingsOf, parametersOf, readersOf, serialOf } from "./find.js";
import { Parameters } from "./parameters.jsx";
import { Whereabouts } from "./whereabouts.jsx";
import "./inspector.css";

/** A part of so many devices shows them opened; of more, people choose. */
const OPEN_AT_MOST = 2;

export function InspectorPanel({ player }) {
  const { store } = player;
  const manifest = store.manifest.value;
  const language = store.language.value;
  const id = store.selection.value?.part;
  const part = store.parts.value.find((one) => one.id === id);
  if (!manifest || !part) return <p class="inspector inspector-none">{text("inspector.none", language)}</p>;
  return <Inspected key={part.id} player={player} manifest={manifest} part={part} language={language} />;
}

function Inspected({ player, manifest, part, language }) {
  const { store, signals } = player;
  const catalogue = catalogueOf(manifest);
  const { asset, devices } = belongingsOf(part, manifest.assets, catalogue);
  const stand = player.standOf(part.frame);
  // The body of a pack that is followed through a log bears the serial that was read where it stood.
  const serial = stand ? stand.serial || null : serialOf(part.frame);
  const places = usePlaces(player, catalogue, serial);
  const shown = [...devices, ...places];
  const names = shown.flatMap((device) => catalogue.devices.get(device).signals.map(({ name }) => name));
  useEffect(() => signals.watch(names), [names.join()]);
  const entries = useMemo(() => entriesOf(store.events.value), [store.events.value]);
  return (
    <div class="inspector">
      <header>
        <h2>{stand?.serial || partText(part, language)}</h2>
        <code>{part.id}</code>
      </header>
      {asset ? <Asset asset={asset} language={language} /> : <p class="inspector-said">{text("inspector.not_recorded", language)}</p>}
      {stand && <Stand stand={stand} catalogue={catalogue} language={language} />}
      <Whereabouts player={player} manifest={manifest} catalogue={catalogue} part={part} entries={entries} language={language} />
      {serial !== null && <p class="inspector-said">{places.length ? `${text("inspector.at", language)}:` : text("inspector.nowhere", language)}</p>}
      {serial === null && devices.length === 0 && !manifest.motion && <p class="inspector-said">{text("inspector.no_device", language)}</p>}
      {shown.map((device) => (
        <Device key={device} player={player} catalogue={catalogue} assets={manifest.assets} name={device} open={shown.length <= OPEN_AT_MOST} language={language} />
      ))}
      {shown.length > 0 && <PartAlarms player={player} catalogue={catalogue} alarms={alarmsOf(shown, entries)} language={language} />}
      {asset && (
        <details>
          <summary>{text("inspector.all_parameters", language)}</summary>
          <Parameters list={Object.entries(asset.parameters).map(([key, one]) => ({ key, ...one }))} language={language} phrases={manifest.assets.phrases} />
        </details>
      )}
    </div>
  );
}

/** Where a pack that is followed stands, as what, and what speaks against it. */
function Stand({ stand: { place, serial, doubt }, catalogue, language }) {
  const device = catalogue.devices.get(place);
  return (
    <section class="inspector-stand">
      <p>
        {text("inspector.place", language)} <b>{place ? (device?.text?.[language] ?? place) : text("inspector.gone", language)}</b>{" "}
        {device?.text && <code>{place}</code>}
      </p>
      {place && !serial && <p>{text("inspector.serial_unread", language)}</p>}
      {place && serial && (
        <p>
          {text("inspector.serial", language)} <b>{serial}</b>
        </p>
      )}
      {doubt && (
        <p>
          {text("inspector.doubt", language)} <b>{hasText(`doubt.${doubt}`) ? text(`doubt.${doubt}`, language) : doubt}</b>
        </p>
      )}
    </section>
  );
}

/** Devices that read a pack's serial at the cursor. */
function usePlaces(player, catalogue, serial) {
  const { store, signals } = player;
  const readers = useMemo(() => (serial === null ? [] : readersOf(serial, catalogue)), [serial, catalogue]);
  useEffect(() => signals.watch(readers.map(({ signal }) => signal.name)), [readers]);
  signals.arrived.value;
  const t = store.t.value;
  return readers.filter(({ signal, value }) => signals.value(signal.name, t) === value).map(({ signal }) => signal.device);
}

function Asset({ asset, language }) {
  const estimated = asset.grade.startsWith("estimated geometry");
  return (
    <p class="inspector-asset">
      <span>{text("inspector.asset", language)}</span> {asset.text[language]} <code>{asset.id}</code>
      {estimated && (
        <em title={text("badge.estimated.title", language)}>{text("badge.estimated", language)}</em>
      )}
    </p>
  );
}

/** Parameters are told below, with all that is known of them. */
const isSignal = ({ kind }) => kind !== "par";

function Device({ player, catalogue, assets, name, open, language }) {
  const device = catalogue.devices.get(name);
  const parameters = parametersOf(name, assets);
  return (
    <details class="inspector-device" data-device={name} open={open}>
      <summary>
        <b>{device.text?.[language] ?? name}</b> {device.text && <code>{name}</code>}
      </summary>
      <div class="inspector-signals">
        {device.signals.filter(isSignal).map((signal) => (
          <SignalRow key={signal.name} player={player} catalogue={catalogue} signal={signal} />
        ))}
      </div>
      <h3>{text("inspector.parameters", language)}</h3>
      {parameters.length > 0 && <Parameters list={parameters} language={language} phrases={assets.phrases} />}
      {parameters.length === 0 && (
        <p class="inspector-said">{text(assets ? "inspector.no_parameters" : "inspector.not_recorded", language)}</p>
      )}
    </details>
  );
}
