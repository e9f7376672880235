// The panels there are: `Panel` takes `{ player }` and docks at `home` ("left", "right", "bottom") first; its title is
// the word `panel.<id>`, its icon the one of that name, `key` opens it; `width` in px at first, where it is not the usual one.
// With `when(store)` it is offered only while that is true.

import { AboutPanel } from "./about/about.jsx";
import { AlarmsPanel } from "./alarms/alarms.jsx";
import { BranchPanel } from "./branch/branch.jsx";
import { ComparePanel } from "./compare/compare.jsx";
import { CutPanel } from "./cut/cut.jsx";
import { InspectorPanel } from "./inspector/inspector.jsx";
import { LessonPanel } from "./lesson/lesson.jsx";
import { Operator } from "./operator/operator.jsx";
import { Parts } from "./parts/parts.jsx";
import { PlotsPanel } from "./plots/plots.jsx";
import { NotesPanel } from "./notes/notes.jsx";
import { SearchPanel } from "./search/search.jsx";
import { SignalsPanel } from "./signals/signals.jsx";
import { ValidationPanel } from "./validation/validation.jsx";
import { WhyPanel } from "./why/why.jsx";

/** Whether everything that is in the record may be asked about. */
const isWhole = (store) => store.asks.value && !store.manifest.value?.withheld;

export const PANELS = [
  { id: "parts", key: "p", Panel: Parts, home: "right" },
  { id: "inspector", key: "i", Panel: InspectorPanel, home: "right" },
  { id: "signals", key: "v", Panel: SignalsPanel, home: "right" },
  { id: "alarms", key: "e", Panel: AlarmsPanel, home: "right" },
  { id: "search", key: "q", Panel: SearchPanel, home: "right", when: isWhole },
  { id: "why", key: "!", Panel: WhyPanel, home: "right", when: (store) => isWhole(store) || Boolean(store.manifest.value?.extras?.why) },
  { id: "validation", Panel: ValidationPanel, home: "right", when: (store) => store.judged.value.length > 0 },
  { id: "notes", key: "u", Panel: NotesPanel, home: "right", when: (store) => store.asks.value },
  { id: "compare", key: "k", Panel: ComparePanel, home: "right", when: (store) => isWhole(store) && store.logs.value.length > 1 },
  { id: "branch", key: ";", Panel: BranchPanel, home: "right", when: (store) => Boolean(store.branching.value) },
  { id: "cut", key: "'", Panel: CutPanel, home: "right", when: (store) => Boolean(store.branching.value?.faults) },
  { id: "lesson", Panel: LessonPanel, home: "left", width: 340, when: (store) => Boolean(store.lesson.value) },
  { id: "operator", key: "o", Panel: Operator, home: "right", width: 420, when: (store) => store.growing.value || Boolean(store.manifest.value?.panel) },
  { id: "about", Panel: AboutPanel, home: "right", when: (store) => Boolean(store.manifest.value?.excerpt) },
  { id: "plots", key: "d", Panel: PlotsPanel, home: "bottom" },
];
