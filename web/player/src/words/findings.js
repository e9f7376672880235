// What a finding about a log's data is called, and what it means: as the import and its report say it.

import kinds from "../../../../assets/findings.json" with { type: "json" };

export default Object.fromEntries(
  Object.entries(kinds).flatMap(([kind, { name, means }]) => [
    [`data.${kind}`, name],
    [`data.${kind}.means`, means],
  ]),
);
