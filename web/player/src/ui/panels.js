// The panels there are: `Panel` takes `{ player }` and docks at `home` ("left", "right", "bottom") first; its title is
// the word `panel.<id>`, its icon the one of that name. With `when(store)` it is offered only while that is true.

import { Operator } from "./operator/operator.jsx";
import { Parts } from "./parts/parts.jsx";

export const PANELS = [
  { id: "parts", Panel: Parts, home: "right" },
  { id: "operator", Panel: Operator, home: "right", when: (store) => store.growing.value },
];
